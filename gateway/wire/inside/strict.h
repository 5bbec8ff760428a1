// Whether bytes are a message of the contract to the letter. For wire/ alone.
//
// Protobuf's own parser keeps what it does not know, merges what stands twice, and takes any number
// for an enumeration. A message that is to become part of a record is refused for all of these, and
// for text that is too long or no text, and for what must be stated and is not (the tables in
// strict.cc).
//
// Thread-safety: a function without state. Failure: kMessageUnparseable or kMessageInvalid with the
// path of the field; never a value.
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string_view>

#include "base/error.h"

namespace milecastle::wire {

std::optional<base::Error> FaultIn(const google::protobuf::Descriptor& type,
                                   std::string_view bytes);

// The bytes of the first field of this number, a message or text; nothing where none is found
// before the bytes stop being a message.
std::optional<std::string_view> FirstPart(std::string_view bytes, int field);

}  // namespace milecastle::wire

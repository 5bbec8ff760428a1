// The canonical adapter: contributions that an adapter outside the process made, in any language,
// and sends over IntakeService.Submit (proto/milecastle/v1/contribution.proto).
//
// One message is the bytes of one milecastle.v1.Contribution; its format is protobuf's alone, no
// JSON. wire/contribution.h reads it to the letter; here it is held against the feed. What the
// sender could not carry it lists itself.
//
// Thread-safety: any thread. Failure: in the Reading; Errors name paths of fields, no values.
#pragma once

#include <memory>

#include "port/adapter.h"

namespace milecastle::canonical {

std::unique_ptr<port::Adapter> MakeAdapter();

}  // namespace milecastle::canonical

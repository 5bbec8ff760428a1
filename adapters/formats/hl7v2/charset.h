// Character sets of MSH-18 (HL7 table 0211), converted to UTF-8.
//
// Declared sets are believed: bytes that are not in the declared set refuse the message, because a
// wrong character in a dose or a name is worse than a message that waits for a person. ICU
// converts.
//
// Thread-safety: every function may be called from any thread. Failure: std::nullopt.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace milecastle::hl7v2 {

// A set by ICU's name. Default: UTF-8, of which ASCII is a part.
struct Charset {
  std::string_view icu_name = "UTF-8";  // a constant of this program

  bool is_utf8() const { return icu_name == "UTF-8"; }
};

// The set that a value of MSH-18 names; nullopt for one that we do not read. Empty and ASCII give
// UTF-8.
std::optional<Charset> FindCharset(std::string_view declared);

// nullopt where the bytes are not valid in the set.
std::optional<std::string> ToUtf8(std::string_view bytes, const Charset& charset);

// The offset of the first byte that is not UTF-8; npos where all are.
std::size_t FindInvalidUtf8(std::string_view bytes);

}  // namespace milecastle::hl7v2

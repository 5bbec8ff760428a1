// What the bytes of a document are, whatever their source calls them: one rule for every format.
//
// A viewer that is told a wrong type shows nothing, or runs what should be shown. What can run
// (HTML, SVG, XML, scripts) is handed on as bytes of no type.
//
// Thread-safety: functions without state. Failure: bytes that nobody knows keep the type that they
// were sent with, unless that type's own first bytes are missing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "record/entry.h"

namespace milecastle::record {

inline constexpr std::string_view kUnknownMedia = "application/octet-stream";

// `declared` as sent, in any case and with parameters; empty: the source did not say.
std::string MediaTypeOf(std::string_view declared, std::string_view bytes);
// In lower case, without parameters.
std::string PlainMediaType(std::string_view declared);

// Whether a document of that type lacks its end.
bool IsCutShort(std::string_view media_type, std::string_view bytes);

// The document that these bytes are; truncated where there are none, which leaves it of the type
// that was declared, or where their end is missing.
Document DocumentOf(std::string_view declared, std::string title, std::string bytes);
// Why a type that was declared is listed where it is not believed; nothing where it is.
std::optional<std::string> WhyOfOtherType(std::string_view declared, const Document& document);

// Base64 as documents are sent in it: with white space within, and perhaps without its padding.
std::optional<std::string> BytesOfBase64(std::string_view text);

}  // namespace milecastle::record

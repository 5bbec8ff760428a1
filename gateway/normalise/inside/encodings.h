// Bytes of a text, whatever its sender wrote them in, as UTF-8.
//
// Nobody's word is taken for it: a type that names its character set is not kept beside a document
// (record/media.h), and is wrong often enough. UTF-16 and UTF-32 are known by their byte order
// mark, UTF-16 without one by its zero bytes. In all others that are sent, the letters of English
// are those of ASCII, and a byte that is no UTF-8 is Windows-1252.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <unicode/umachine.h>

#include <string>
#include <string_view>

namespace milecastle::normalise {

// Without its byte order mark; of no wide encoding: as it is.
std::string Utf8Of(std::string_view bytes);

// The character of a byte from 0x80 on.
UChar32 OfWindows1252(unsigned char byte);

void AppendUtf8(UChar32 c, std::string& to);

}  // namespace milecastle::normalise

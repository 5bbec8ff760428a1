// The bytes of a file as UTF-8 without a byte order mark. For csv/ alone.
//
// Thread-safety: pure. Failure: kCharacterSetUnsupported, kMessageUnparseable (NUL) or
// kMessageTooLarge; a place is a line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "csv/dialect.h"

namespace milecastle::csv {

// One part of a split file (parts.h), or a file that was not split.
struct Part {
  std::size_t first_line = 0;  // of its first row in the sender's file; 0: it bears no mark
  std::string_view body;       // header and rows
};
Part PartOf(std::string_view bytes);
std::string MarkOf(std::size_t first_line);  // "#part,4001\n"

// A marked part is UTF-8 whatever the file was.
base::Result<std::string> ToUtf8(std::string_view bytes, const Dialect& dialect);

std::string PlaceOfLine(std::size_t line);  // "line 17"

}  // namespace milecastle::csv

// How a CSV file is written: its delimiter, its character set, and how large it may be.
//
// RFC 4180 is what is read. A comma and UTF-8 are what a file is taken for unless an operator says
// otherwise: a guessed character set can change a name or a dose.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstddef>
#include <cstdint>

namespace milecastle::csv {

enum class Charset : std::uint8_t {
  kUtf8 = 1,     // with or without a byte order mark
  kUtf16,        // with a byte order mark, which says which end comes first
  kWindows1252,  // a file with the byte order mark of UTF-8 is UTF-8 all the same
};

struct Limits {
  std::size_t bytes = 64U << 20U;         // of the file, as UTF-8
  std::size_t rows = 1'000'000;           // beside the header
  std::size_t columns = 512;              // of the header
  std::size_t header_bytes = 16U << 10U;  // the header line, which every part repeats
  std::size_t field_bytes = 32U << 10U;   // of one cell
};

struct Dialect {
  char delimiter = ',';
  Charset charset = Charset::kUtf8;
  Limits limits;
};

}  // namespace milecastle::csv

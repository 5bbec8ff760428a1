// A large CSV file as messages of a bounded number of rows and people, each of which can be read,
// journalled and replayed by itself.
//
// A part is UTF-8 text:
//   #part,4001      a mark: the row below the header stands on line 4001 of the sender's file
//   LA_Code,…       the file's header, as it stands there
//   E10000001,…     its rows, as they stand there, up to the next part
// so that an error found in it, even years later, names the file's own line. A file that fits into
// one part stays as it is, without a mark. What cannot be split (an unreadable character set, a
// quote that never closes, a header that is none) is one message, and its reading says why.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "csv/dialect.h"
#include "csv/scanner.h"

namespace milecastle::csv {

struct PartLimits {
  std::size_t rows = 200;
  std::size_t people = 100;
  std::size_t bytes = 1U << 20U;        // of the rows; one row may be longer
  std::size_t all_parts = 256U << 20U;  // bytes; a file whose parts hold more stays whole
};

// The columns of a header that name a person: whose a row is, is said by the first of them that
// holds something.
using PersonColumns = std::function<std::vector<std::size_t>(const std::vector<std::string>&)>;

// Never empty for a file that holds anything.
std::vector<std::string> SplitFile(std::string_view file, const Dialect& dialect,
                                   const PartLimits& limits, const PersonColumns& columns);

}  // namespace milecastle::csv

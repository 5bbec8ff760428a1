// Any bytes as a CSV file: read or refused; in parts, the same rows on the same lines as whole.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "csv/parts.h"
#include "csv/table.h"

namespace {

using milecastle::csv::Dialect;
using milecastle::csv::Table;

void Add(Table& table, std::vector<std::string>& rows) {
  std::vector<std::size_t> all;
  for (std::size_t row = 0; row < table.size(); ++row) {
    all.push_back(row);
    std::string text = std::to_string(table.LineOf(row));
    if (table.FaultOf(row)) text += "|" + milecastle::base::Describe(*table.FaultOf(row));
    for (std::size_t column = 0; column < table.header().size(); ++column) {
      text += "|" + std::string(table.Text(row, column));
    }
    rows.push_back(text);
  }
  if (!table.Unread(all).empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Dialect dialect;
  dialect.charset = static_cast<milecastle::csv::Charset>(1 + data[0] % 3);
  dialect.delimiter = (data[0] & 64U) != 0 ? ';' : ',';
  const std::string_view file(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto parts =
      milecastle::csv::SplitFile(file, dialect, {.rows = 3, .people = 2},
                                 [](const auto&) { return std::vector<std::size_t>{0}; });
  auto whole = Table::Parse(file, dialect);
  if (!whole) {
    if (parts.size() > 1) std::abort();
    return 0;
  }
  std::vector<std::string> once;
  Add(*whole, once);
  std::vector<std::string> pieces;
  for (const std::string& part : parts) {
    auto table = Table::Parse(part, dialect);
    if (!table || table->header() != whole->header()) std::abort();
    Add(*table, pieces);
  }
  if (once != pieces) std::abort();
  return 0;
}

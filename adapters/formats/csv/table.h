// A CSV file, or a part of one (parts.h), as a header and rows whose cells remember whether they
// were read.
//
// Formula-like cells (those that begin with =, +, - or @) are data and kept as text. A row that
// cannot be read (a quote out of place, too many or too few columns, a cell too long) bears its
// fault and has no cells; the others are whole. Cells have no spaces around them, LF for line ends,
// and U+FFFD for other control characters.
//
// Headers are the sender's words, and a file without a header has a person's data where they should
// stand: a place names a column by its number until Name gives it a name out of a mapping.
//
// Thread-safety: one thread per Table (reading marks). Failure: Parse returns an Error with line
// and column and never a value; a cell that is not there is empty.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "csv/dialect.h"
#include "csv/scanner.h"

namespace milecastle::csv {

class Table {
 public:
  static base::Result<Table> Parse(std::string_view bytes, const Dialect& dialect);

  const std::vector<std::string>& header() const { return header_; }
  // Where a header stands that is this name but for case, spaces, `_`, `-` and `.`.
  std::optional<std::size_t> ColumnOf(std::string_view name) const;

  std::size_t size() const { return rows_.size(); }
  std::size_t LineOf(std::size_t row) const { return rows_[row].line; }
  const std::optional<base::Error>& FaultOf(std::size_t row) const { return rows_[row].fault; }

  std::string_view Text(std::size_t row, std::size_t column);        // marks it as read
  std::string_view Peek(std::size_t row, std::size_t column) const;  // does not
  // The columns of which some cell in these rows holds something that nobody read.
  std::vector<std::size_t> Unread(const std::vector<std::size_t>& rows) const;

  void Name(std::size_t column, std::string name) { names_[column] = std::move(name); }
  std::string ColumnPlace(std::size_t column) const;             // "column Event_Type", "column 4"
  std::string Place(std::size_t row, std::size_t column) const;  // "line 17, column Event_Type"

 private:
  struct Row {
    std::size_t line = 0;
    std::optional<base::Error> fault;
    std::vector<std::string> cells;
    std::vector<bool> read;
  };

  base::Result<void> TakeHeader(ScannedRow row, const Limits& limits);
  void TakeRow(ScannedRow row);

  std::vector<std::string> header_;
  std::vector<std::string> folded_;  // header, as ColumnOf compares it
  std::vector<std::string> names_;
  std::vector<Row> rows_;
};

// Small letters and digits alone: how headers are compared.
std::string FoldedName(std::string_view text);

}  // namespace milecastle::csv

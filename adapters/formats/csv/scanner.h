// Reads the rows of a CSV text one after the other, each with the line on which it begins.
//
// A reader of our own: libcsv, which the code sets use, tells no position, takes text behind a
// closing quote for data unless it is strict about all, and cannot refuse one row and go on. An
// error has to name the sender's own line, also inside a quoted field that holds line ends.
//
//   fields   end at the delimiter; quoted ones may hold it, line ends, and quotes that are doubled
//   rows     end in LF, CRLF or CR; a line that holds nothing at all is no row
//   refused  as a file: a quote that never closes, text behind a closing quote. Where such a row
//            ends nobody can say, and what follows could be taken for somebody else's
//   refused  as a row: a quote inside a field that does not begin with one, a field that is too
//            long, too many fields
//
// Thread-safety: one thread; the text outlives the scanner. Failure: kMessageUnparseable with line
// and column.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "csv/dialect.h"

namespace milecastle::csv {

struct RowFault {
  std::size_t column = 0;  // from 0
  base::ErrorId id = base::ErrorId::kMessageInvalid;
  std::string_view advice;
};

struct ScannedRow {
  std::size_t line = 0;    // from 1
  std::string_view bytes;  // as it stands, with its line end and empty lines that follow
  std::vector<std::string> fields;
  std::optional<RowFault> fault;  // the first; fields behind it may be missing
};

class Scanner {
 public:
  Scanner(std::string_view text, const Dialect& dialect) : text_(text), dialect_(dialect) {}

  // False: there is no further row.
  base::Result<bool> Next(ScannedRow& row);
  // The line that comes next is this one of the sender's file.
  void CountFrom(std::size_t line) { line_ = line; }

 private:
  bool AtEnd() const { return at_ == text_.size(); }
  bool AtLineEnd() const { return text_[at_] == '\n' || text_[at_] == '\r'; }
  void TakeLineEnd();
  void SkipEmptyLines();
  base::Result<void> ReadField(ScannedRow& row);
  base::Result<std::string> ReadQuoted(std::size_t column);
  std::string ReadPlain(ScannedRow& row, std::size_t column);
  void Keep(ScannedRow& row, std::size_t column, std::string field) const;

  std::string_view text_;
  const Dialect& dialect_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace milecastle::csv

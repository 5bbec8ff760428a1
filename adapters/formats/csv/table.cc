#include "csv/table.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "inside/text.h"

namespace milecastle::csv {
namespace {

using base::Error;
using base::ErrorId;

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20U && c != '\n' && c != '\t') || byte == 0x7FU;
}

std::string Clean(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\n";
  const std::size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return "";
  text = text.substr(begin, text.find_last_not_of(kSpaces) + 1 - begin);
  std::string clean;
  clean.reserve(text.size());
  for (const char c : text) IsControl(c) ? clean += "\xEF\xBF\xBD" : clean += c;
  return clean;
}

Error HeaderFault(std::size_t line, std::size_t column, ErrorId id, std::string advice) {
  return {id, PlaceOfLine(line) + ", column " + std::to_string(column + 1), std::move(advice)};
}

}  // namespace

std::string FoldedName(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if (c != ' ' && c != '_' && c != '-' && c != '.' && c != '\n') folded += base::Lower(c);
  }
  return folded;
}

base::Result<void> Table::TakeHeader(ScannedRow row, const Limits& limits) {
  if (row.fault)
    return HeaderFault(row.line, row.fault->column, row.fault->id, std::string(row.fault->advice));
  if (row.bytes.size() > limits.header_bytes) {
    return Error{ErrorId::kMessageTooLarge, PlaceOfLine(row.line),
                 "the header is too long; is it one?"};
  }
  std::set<std::string> seen;
  for (std::size_t column = 0; column < row.fields.size(); ++column) {
    header_.push_back(Clean(row.fields[column]));
    folded_.push_back(FoldedName(header_.back()));
    if (header_.back().empty()) {
      return HeaderFault(row.line, column, ErrorId::kMessageInvalid, "give each column a name");
    }
    if (!seen.insert(folded_.back()).second) {
      return HeaderFault(row.line, column, ErrorId::kMessageInvalid,
                         "another column has this name: give each a name of its own");
    }
  }
  names_.resize(header_.size());
  return {};
}

void Table::TakeRow(ScannedRow row) {
  Row kept{.line = row.line, .fault = {}, .cells = {}, .read = {}};
  if (!row.fault && row.fields.size() != header_.size()) {
    const std::size_t column = std::min(row.fields.size(), header_.size());
    row.fault =
        RowFault{column, ErrorId::kMessageInvalid,
                 row.fields.size() < header_.size() ? "the row has fewer columns than the header"
                                                    : "the row has more columns than the header"};
  }
  if (row.fault) {
    kept.fault = Error{row.fault->id,
                       PlaceOfLine(row.line) + ", column " + std::to_string(row.fault->column + 1),
                       std::string(row.fault->advice)};
  } else {
    for (const std::string& field : row.fields) kept.cells.push_back(Clean(field));
    kept.read.resize(kept.cells.size());
  }
  rows_.push_back(std::move(kept));
}

base::Result<Table> Table::Parse(std::string_view bytes, const Dialect& dialect) {
  const auto text = ToUtf8(bytes, dialect);
  if (!text) return text.error();
  const Part part = PartOf(*text);
  Scanner scanner(part.body, dialect);
  ScannedRow row;
  auto more = scanner.Next(row);
  if (more && !*more) {
    return Error{ErrorId::kMessageUnparseable, "line 1", "the file is empty: begin with a header"};
  }
  Table table;
  if (more) {
    if (auto header = table.TakeHeader(std::move(row), dialect.limits); !header) {
      return header.error();
    }
    if (part.first_line != 0) scanner.CountFrom(part.first_line);
  }
  while (more && (more = scanner.Next(row)) && *more) {
    if (table.rows_.size() == dialect.limits.rows) {
      return Error{ErrorId::kMessageTooLarge, PlaceOfLine(row.line),
                   "send the rows in several files"};
    }
    table.TakeRow(std::move(row));
  }
  if (!more) return more.error();
  return table;
}

std::optional<std::size_t> Table::ColumnOf(std::string_view name) const {
  const auto found = std::find(folded_.begin(), folded_.end(), FoldedName(name));
  if (found == folded_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - folded_.begin());
}

std::string_view Table::Text(std::size_t row, std::size_t column) {
  if (column >= rows_[row].cells.size()) return {};
  rows_[row].read[column] = true;
  return rows_[row].cells[column];
}

std::string_view Table::Peek(std::size_t row, std::size_t column) const {
  if (column >= rows_[row].cells.size()) return {};
  return rows_[row].cells[column];
}

std::vector<std::size_t> Table::Unread(const std::vector<std::size_t>& rows) const {
  std::vector<std::size_t> unread;
  for (std::size_t column = 0; column < header_.size(); ++column) {
    const auto is_unread = [&](std::size_t row) {
      const Row& at = rows_[row];
      return !at.fault && !at.read[column] && !at.cells[column].empty();
    };
    if (std::any_of(rows.begin(), rows.end(), is_unread)) unread.push_back(column);
  }
  return unread;
}

std::string Table::ColumnPlace(std::size_t column) const {
  const bool named = column < names_.size() && !names_[column].empty();
  return "column " + (named ? names_[column] : std::to_string(column + 1));
}

std::string Table::Place(std::size_t row, std::size_t column) const {
  return PlaceOfLine(rows_[row].line) + ", " + ColumnPlace(column);
}

}  // namespace milecastle::csv

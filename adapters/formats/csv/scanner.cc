#include "csv/scanner.h"

#include <utility>

#include "inside/text.h"

namespace milecastle::csv {
namespace {

using base::Error;
using base::ErrorId;

void Note(ScannedRow& row, RowFault fault) {
  if (!row.fault) row.fault = fault;
}

Error Unparseable(std::size_t line, std::size_t column, std::string advice) {
  return {ErrorId::kMessageUnparseable,
          PlaceOfLine(line) + ", column " + std::to_string(column + 1), std::move(advice)};
}

}  // namespace

void Scanner::TakeLineEnd() {
  const bool pair = text_.substr(at_).starts_with("\r\n");
  at_ += pair ? 2 : 1;
  ++line_;
}

void Scanner::SkipEmptyLines() {
  while (!AtEnd() && AtLineEnd()) TakeLineEnd();
}

// Up to the closing quote, which is taken.
base::Result<std::string> Scanner::ReadQuoted(std::size_t column) {
  const std::size_t opened = line_;
  std::string field;
  for (++at_; !AtEnd();) {
    const char c = text_[at_];
    if (c != '"' && !AtLineEnd()) {
      field += c;
      ++at_;
    } else if (c != '"') {
      field += '\n';
      TakeLineEnd();
    } else if (text_.substr(at_).starts_with("\"\"")) {
      field += c;
      at_ += 2;
    } else {
      ++at_;
      return field;
    }
  }
  return Unparseable(opened, column,
                     "the quote that opens here never closes: double the quotes "
                     "inside a quoted field, and close it");
}

std::string Scanner::ReadPlain(ScannedRow& row, std::size_t column) {
  const std::size_t begin = at_;
  bool quote = false;
  for (; !AtEnd() && !AtLineEnd() && text_[at_] != dialect_.delimiter; ++at_) {
    quote = quote || text_[at_] == '"';
  }
  if (quote) {
    Note(row, {column, ErrorId::kMessageUnparseable,
               "put a field that holds a quote in quotes, and double the quote inside it"});
  }
  return std::string(text_.substr(begin, at_ - begin));
}

void Scanner::Keep(ScannedRow& row, std::size_t column, std::string field) const {
  if (column >= dialect_.limits.columns) {
    return Note(row, {column, ErrorId::kMessageTooLarge, "the row has too many columns"});
  }
  if (field.size() > dialect_.limits.field_bytes) {
    return Note(row, {column, ErrorId::kMessageTooLarge, "the cell is too long: shorten it"});
  }
  row.fields.push_back(std::move(field));
}

base::Result<void> Scanner::ReadField(ScannedRow& row) {
  const std::size_t column = row.fields.size();
  if (AtEnd() || text_[at_] != '"') {
    Keep(row, column, ReadPlain(row, column));
    return {};
  }
  auto field = ReadQuoted(column);
  if (!field) return field.error();
  if (!AtEnd() && !AtLineEnd() && text_[at_] != dialect_.delimiter) {
    return Unparseable(line_, column,
                       "text stands behind a closing quote: double the quotes "
                       "inside a quoted field");
  }
  Keep(row, column, std::move(*field));
  return {};
}

base::Result<bool> Scanner::Next(ScannedRow& row) {
  row = {};
  SkipEmptyLines();
  if (AtEnd()) return false;
  row.line = line_;
  const std::size_t begin = at_;
  for (bool more = true; more;) {
    if (auto read = ReadField(row); !read) return read.error();
    more = !AtEnd() && !AtLineEnd();
    if (more) ++at_;  // the delimiter; another field follows it, even an empty one
  }
  SkipEmptyLines();  // the row's own line end, and lines that hold nothing behind it
  row.bytes = text_.substr(begin, at_ - begin);
  return true;
}

}  // namespace milecastle::csv

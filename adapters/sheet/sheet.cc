#include "sheet/sheet.h"

#include <algorithm>
#include <map>
#include <memory>

#include "csv/parts.h"
#include "csv/table.h"

namespace milecastle::sheet {
namespace {

using base::Error;
using base::ErrorId;

csv::Dialect DialectOf(const port::Mapping& mapping) {
  csv::Dialect dialect;
  dialect.delimiter = mapping.delimiter;
  if (mapping.charset == "utf-16") dialect.charset = csv::Charset::kUtf16;
  if (mapping.charset == "windows-1252") dialect.charset = csv::Charset::kWindows1252;
  return dialect;
}

// The field that a header is; empty: none that we know.
std::string_view FieldOf(std::string_view header, const port::Mapping& mapping, Fields fields) {
  const auto mapped = mapping.columns.find(port::Folded(header));
  if (mapped != mapping.columns.end()) return mapped->second;
  const std::string name = csv::FoldedName(header);
  const auto own = std::find_if(fields.begin(), fields.end(), [&name](std::string_view field) {
    return csv::FoldedName(field) == name;
  });
  return own == fields.end() ? std::string_view() : *own;
}

}  // namespace

struct Sheet::Parts {
  csv::Table table;
  const port::Mapping& mapping;
  std::map<std::string, std::size_t, std::less<>> columns;  // by field
};

Sheet::Sheet(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Sheet::Sheet(Sheet&&) noexcept = default;
Sheet& Sheet::operator=(Sheet&&) noexcept = default;
Sheet::~Sheet() = default;

base::Result<Sheet> Sheet::Open(std::string_view message, const port::Feed& feed, Fields fields) {
  csv::Dialect dialect = DialectOf(feed.mapping);
  dialect.limits.bytes = feed.message_limit;
  auto table = csv::Table::Parse(message, dialect);
  if (!table) return table.error();
  auto parts = std::unique_ptr<Parts>(new Parts{std::move(*table), feed.mapping, {}});
  const auto& header = parts->table.header();
  for (std::size_t column = 0; column < header.size(); ++column) {
    const std::string field(FieldOf(header[column], feed.mapping, fields));
    if (field.empty()) continue;
    parts->table.Name(column, field);
    if (parts->columns.emplace(field, column).second) continue;
    return Error{ErrorId::kMessageInvalid, "line 1, " + parts->table.ColumnPlace(column),
                 "two columns are this field: send it once, or correct the mapping"};
  }
  return Sheet(std::move(parts));
}

std::size_t Sheet::size() const { return parts_->table.size(); }

const std::optional<Error>& Sheet::FaultOf(std::size_t row) const {
  return parts_->table.FaultOf(row);
}

std::optional<std::size_t> Sheet::ColumnOf(std::string_view field) const {
  const auto found = parts_->columns.find(field);
  if (found == parts_->columns.end()) return std::nullopt;
  return found->second;
}

bool Sheet::Has(std::string_view field) const { return ColumnOf(field).has_value(); }

std::string Sheet::Text(std::size_t row, std::string_view field) {
  const auto column = ColumnOf(field);
  return column ? std::string(parts_->table.Text(row, *column)) : std::string();
}

std::string Sheet::Value(std::size_t row, std::string_view field) {
  return port::ValueOf(parts_->mapping, field, Text(row, field));
}

std::string Sheet::Peek(std::size_t row, std::string_view field) const {
  const auto column = ColumnOf(field);
  if (!column) return {};
  return port::ValueOf(parts_->mapping, field, parts_->table.Peek(row, *column));
}

const record::Coding* Sheet::Code(std::string_view field, std::string_view value) const {
  return port::CodeOf(parts_->mapping, field, value);
}

base::Result<std::optional<record::When>> Sheet::Date(std::size_t row, std::string_view field) {
  Text(row, field);
  return PeekDate(row, field);
}

base::Result<std::optional<record::When>> Sheet::PeekDate(std::size_t row,
                                                          std::string_view field) const {
  const std::string text = Peek(row, field);
  if (text.empty()) return std::optional<record::When>();
  if (auto when = port::DateOf(parts_->mapping, text)) return when;
  std::string forms;
  for (const std::string& form : parts_->mapping.dates) {
    forms += (forms.empty() ? "" : " or ") + form;
  }
  return Wrong(row, field, "it is no date: write " + forms);
}

std::string Sheet::Place(std::size_t row, std::string_view field) const {
  const auto column = ColumnOf(field);
  if (column) return parts_->table.Place(row, *column);
  return "line " + std::to_string(parts_->table.LineOf(row)) + ", column " + std::string(field);
}

Error Sheet::Wrong(std::size_t row, std::string_view field, std::string advice) const {
  return {ErrorId::kMessageInvalid, Place(row, field), std::move(advice)};
}

void Sheet::AddUnread(const std::vector<std::size_t>& rows, Reasons reasons,
                      record::Contribution& into) const {
  for (const std::size_t column : parts_->table.Unread(rows)) {
    std::string_view why = "not mapped to a field";
    for (const auto& [field, named] : parts_->columns) {
      if (named != column) continue;
      const auto reason = std::find_if(reasons.begin(), reasons.end(),
                                       [&f = field](const auto& one) { return one.first == f; });
      why = reason == reasons.end() ? "no place in the record" : reason->second;
    }
    into.not_carried.push_back({parts_->table.ColumnPlace(column), std::string(why)});
  }
}

std::vector<std::string> SplitFile(std::string_view file, const port::Feed& feed, Fields fields,
                                   Fields person_fields) {
  const auto columns = [&](const std::vector<std::string>& header) {
    std::vector<std::size_t> found;
    for (const std::string_view wanted : person_fields) {
      for (std::size_t column = 0; column < header.size(); ++column) {
        if (FieldOf(header[column], feed.mapping, fields) == wanted) found.push_back(column);
      }
    }
    return found;
  };
  return csv::SplitFile(file, DialectOf(feed.mapping), {.people = feed.patient_limit}, columns);
}

}  // namespace milecastle::sheet

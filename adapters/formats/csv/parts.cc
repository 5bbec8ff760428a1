#include "csv/parts.h"

#include <set>
#include <utility>

#include "csv/table.h"
#include "inside/text.h"

namespace milecastle::csv {
namespace {

// The parts as they grow, row by row.
class Splitter {
 public:
  Splitter(const PartLimits& limits, const PersonColumns& columns, const ScannedRow& header)
      : limits_(limits), header_(header.bytes), columns_(columns(header.fields)) {}

  void Add(const ScannedRow& row) {
    const std::string person = PersonOf(row);
    if (parts_.empty() || IsFull(row, person)) Begin(row.line);
    parts_.back().append(row.bytes);
    if (!person.empty()) people_.insert(person);
    ++rows_;
    bytes_ += row.bytes.size();
    all_ += row.bytes.size();
  }

  bool TooMuch() const { return all_ > limits_.all_parts; }
  std::vector<std::string> Take() { return std::move(parts_); }

 private:
  std::string PersonOf(const ScannedRow& row) const {
    for (const std::size_t column : columns_) {
      if (column >= row.fields.size() || row.fields[column].empty()) continue;
      return std::to_string(column) + ":" + row.fields[column];
    }
    return {};
  }

  bool IsFull(const ScannedRow& row, const std::string& person) const {
    const bool new_person = !person.empty() && !people_.contains(person);
    return rows_ == limits_.rows || bytes_ + row.bytes.size() > limits_.bytes ||
           (new_person && people_.size() >= limits_.people);
  }

  void Begin(std::size_t line) {
    parts_.push_back(MarkOf(line) + std::string(header_));
    all_ += parts_.back().size();
    people_.clear();
    rows_ = 0;
    bytes_ = 0;
  }

  const PartLimits& limits_;
  const std::string_view header_;
  const std::vector<std::size_t> columns_;
  std::vector<std::string> parts_;
  std::set<std::string> people_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
  std::size_t all_ = 0;
};

// Of a header that is none every part would be refused, each for itself.
bool IsHeader(const ScannedRow& row, Dialect dialect) {
  dialect.charset = Charset::kUtf8;
  return Table::Parse(row.bytes, dialect).has_value();
}

std::vector<std::string> Whole(std::string_view file) {
  if (file.empty()) return {};
  return {std::string(file)};
}

}  // namespace

std::vector<std::string> SplitFile(std::string_view file, const Dialect& dialect,
                                   const PartLimits& limits, const PersonColumns& columns) {
  const auto text = ToUtf8(file, dialect);
  if (!text || PartOf(*text).first_line != 0) return Whole(file);
  Scanner scanner(*text, dialect);
  ScannedRow row;
  auto more = scanner.Next(row);
  if (!more || !*more || !IsHeader(row, dialect)) return Whole(file);
  Splitter splitter(limits, columns, row);
  for (std::size_t rows = 0; (more = scanner.Next(row)) && *more; ++rows) {
    if (rows == dialect.limits.rows || splitter.TooMuch()) return Whole(file);
    splitter.Add(row);
  }
  auto parts = splitter.Take();
  return !more || parts.size() < 2 ? Whole(file) : parts;
}

}  // namespace milecastle::csv

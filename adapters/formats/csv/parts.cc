#include "csv/parts.h"

#include <set>
#include <utility>

#include "inside/text.h"

namespace milecastle::csv {
namespace {

// The parts as they grow, row by row.
class Splitter {
 public:
  Splitter(const PartLimits& limits, const PersonOf& person_of, ScannedRow header)
      : limits_(limits), person_of_(person_of), header_(std::move(header)) {}

  void Add(const ScannedRow& row) {
    const std::string person = row.fault ? "" : person_of_(header_.fields, row);
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
  bool IsFull(const ScannedRow& row, const std::string& person) const {
    const bool new_person = !person.empty() && !people_.contains(person);
    return rows_ == limits_.rows || bytes_ + row.bytes.size() > limits_.bytes ||
           (new_person && people_.size() >= limits_.people);
  }

  void Begin(std::size_t line) {
    parts_.push_back(MarkOf(line) + std::string(header_.bytes));
    all_ += parts_.back().size();
    people_.clear();
    rows_ = 0;
    bytes_ = 0;
  }

  const PartLimits& limits_;
  const PersonOf& person_of_;
  const ScannedRow header_;
  std::vector<std::string> parts_;
  std::set<std::string> people_;
  std::size_t rows_ = 0;
  std::size_t bytes_ = 0;
  std::size_t all_ = 0;
};

std::vector<std::string> Whole(std::string_view file) {
  if (file.empty()) return {};
  return {std::string(file)};
}

}  // namespace

std::vector<std::string> SplitFile(std::string_view file, const Dialect& dialect,
                                   const PartLimits& limits, const PersonOf& person_of) {
  const auto text = ToUtf8(file, dialect);
  if (!text || PartOf(*text).first_line != 0) return Whole(file);
  Scanner scanner(*text, dialect);
  ScannedRow row;
  auto more = scanner.Next(row);
  if (!more || !*more || row.fault || row.bytes.size() > dialect.limits.header_bytes) {
    return Whole(file);
  }
  Splitter splitter(limits, person_of, std::move(row));
  for (std::size_t rows = 0; (more = scanner.Next(row)) && *more; ++rows) {
    if (rows == dialect.limits.rows || splitter.TooMuch()) return Whole(file);
    splitter.Add(row);
  }
  auto parts = splitter.Take();
  return !more || parts.size() < 2 ? Whole(file) : parts;
}

}  // namespace milecastle::csv

#include "normalise/code_set.h"

#include <csv.h>

#include <algorithm>
#include <optional>

#include "base/config.h"
#include "inside/headlines.h"

namespace milecastle::normalise {
namespace {

// Rows as libcsv tells them, checked one by one. Stops at the first fault.
class Rows {
 public:
  explicit Rows(std::string_view name) : name_(name) {}

  void AddField(std::string_view text) { fields_.emplace_back(text); }

  void EndRow() {
    if (!fault_) Check();
    fields_.clear();
  }

  void BeginLine() { ++line_; }

  void Refuse(std::string_view advice) {
    if (!fault_) {
      fault_ = base::Error{base::ErrorId::kConfigInvalid,
                           name_ + ":" + std::to_string(std::max<std::size_t>(line_, 1)),
                           std::string(advice)};
    }
  }

  base::Result<std::vector<CodeLabel>> Take() {
    if (!fault_ && !header_seen_) Refuse("write the header system,code,label on the first line");
    if (fault_) return *fault_;
    return std::move(labels_);
  }

 private:
  void Check() {
    if (!header_seen_) {
      header_seen_ = true;
      if (fields_ != std::vector<std::string>{"system", "code", "label"}) {
        Refuse("write the header system,code,label on the first line");
      }
      return;
    }
    if (fields_.size() != 3) return Refuse("write three columns: system,code,label");
    if (fields_[0].empty()) return Refuse("name the code system, as a URI or by a known name");
    if (fields_[1].empty()) return Refuse("name the code");
    if (!IsLabel(fields_[2])) {
      return Refuse("write the label in lower case letters, digits and _, beginning with a letter");
    }
    if (IsUnknownHeadline(fields_[2])) {
      return Refuse(
          "name a headline that there is: headline:resuscitation, "
          "headline:treatment_escalation … (README.md beside the code sets)");
    }
    labels_.push_back({fields_[0], fields_[1], fields_[2]});
  }

  std::string name_;
  std::size_t line_ = 0;
  bool header_seen_ = false;
  std::vector<std::string> fields_;
  std::vector<CodeLabel> labels_;
  std::optional<base::Error> fault_;
};

void OnField(void* text, std::size_t size, void* rows) {
  static_cast<Rows*>(rows)->AddField({static_cast<const char*>(text), size});
}
void OnRow(int /*terminator*/, void* rows) { static_cast<Rows*>(rows)->EndRow(); }

// libcsv tells no positions, so it is fed line by line.
void FeedLines(csv_parser& parser, std::string_view csv, Rows& rows) {
  while (!csv.empty()) {
    const std::size_t end = std::min(csv.find('\n'), csv.size() - 1) + 1;
    rows.BeginLine();
    if (csv_parse(&parser, csv.data(), end, OnField, OnRow, &rows) != end) {
      return rows.Refuse("quote a field that holds a quote, and double the quote inside it");
    }
    csv.remove_prefix(end);
  }
  if (csv_fini(&parser, OnField, OnRow, &rows) != 0) rows.Refuse("end the quoted field");
}

}  // namespace

bool IsLabel(std::string_view text) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && text.size() <= 64 && is_lower(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_lower(c) || (c >= '0' && c <= '9') || c == '_' || c == ':';
         });
}

base::Result<std::vector<CodeLabel>> ParseCodeSet(std::string_view csv, std::string_view name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (csv.starts_with(kByteOrderMark)) csv.remove_prefix(kByteOrderMark.size());
  csv_parser parser{};
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
    return base::Error{base::ErrorId::kInternal, std::string(name), "the CSV reader did not start"};
  }
  Rows rows(name);
  FeedLines(parser, csv, rows);
  csv_free(&parser);
  return rows.Take();
}

base::Result<std::vector<CodeLabel>> LoadCodeSet(const std::filesystem::path& file) {
  const auto csv = base::ReadFile(file);
  if (!csv) {
    return base::Error{base::ErrorId::kConfigUnreadable, file.string(), csv.error().advice};
  }
  return ParseCodeSet(*csv, file.string());
}

}  // namespace milecastle::normalise

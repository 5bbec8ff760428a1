#include "inside/person.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace milecastle::third_sector {
namespace {

constexpr auto kReasons = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Risk to worker ended", "the row does not say which risk ended: repeat its words"},
    {"Risk to self ended", "the row does not say which risk ended: repeat its words"},
    {"Risk to others ended", "the row does not say which risk ended: repeat its words"},
    {"Safeguarding concern ended", "the row does not say which concern ended: repeat its words"},
    {"Consent date", "no consent stands beside it"},
    {"Emergency contact relationship", "no emergency contact stands beside it"},
    {"Emergency contact phone", "no emergency contact stands beside it"},
    {"Local id", "no organisation is known whose id it is"},
});

// Whatever stands there but a plain No.
bool IsConfidential(sheet::Sheet& sheet, std::size_t row) {
  const Answer answer = AnswerOf(sheet.Value(row, "Confidential"));
  return answer == Answer::kYes || answer == Answer::kWords;
}

}  // namespace

std::optional<base::Instant> MomentOf(const sheet::Sheet& sheet, std::size_t row) {
  const auto when = sheet.PeekDate(row, "Date");
  if (!when || !*when) return std::nullopt;
  return (*when)->at;
}

std::string ThingOf(const sheet::Sheet& sheet, std::size_t row) {
  const RecordType* const type = TypeOf(sheet.Peek(row, "Record type"));
  if (type == nullptr) return {};
  const std::string reference = sheet.Peek(row, "Reference");
  std::vector<std::string> parts;
  const auto add = [&](std::string_view field) {
    parts.push_back(port::Folded(sheet.Peek(row, field)));
  };
  if (!reference.empty()) {
    parts = {"reference", reference};
  } else {
    for (const std::string_view field : {"What", "Referred to", "Worker", "Time"}) add(field);
    if (sheet.Peek(row, "What").empty()) add("Details");
  }
  if (type->is_event || reference.empty()) {
    const auto moment = MomentOf(sheet, row);
    parts.push_back(moment ? base::ToRfc3339(*moment) : std::string());
  }
  return std::string(type->key) + ":" + base::NameOfParts(parts, kDigits);
}

Rows Told(const sheet::Sheet& sheet, const Rows& rows) {
  Rows told;
  for (const std::size_t row : rows) {
    const StatusWord* const status = StatusOf(sheet.Peek(row, "Status"));
    const bool in_error =
        status != nullptr && status->verification == record::Verification::kEnteredInError;
    if (!in_error) told.push_back(row);
  }
  return told;
}

Person::Person(sheet::Sheet& sheet, Rows rows, std::string authority)
    : sheet_(sheet), rows_(std::move(rows)), authority_(std::move(authority)) {
  std::stable_sort(rows_.begin(), rows_.end(), [this](std::size_t left, std::size_t right) {
    return MomentOf(sheet_, left) < MomentOf(sheet_, right);
  });
  told_ = Told(sheet_, rows_);
}

std::optional<record::When> Person::Date(std::size_t row, std::string_view field) {
  auto when = sheet_.Date(row, field);
  return when ? *when : std::nullopt;
}

record::Coded Person::Coded(std::size_t row, std::string_view field) {
  record::Coded coded;
  coded.text = sheet_.Value(row, field);
  if (const record::Coding* code = sheet_.Code(field, coded.text)) coded.codings.push_back(*code);
  return coded;
}

std::string Person::Latest(const Rows& rows, std::string_view field) {
  std::string latest;
  for (const std::size_t row : rows) {
    if (std::string said = sheet_.Value(row, field); !said.empty()) latest = std::move(said);
  }
  return latest;
}

void Person::Note(std::size_t row, std::string_view field, std::string why) {
  out_.not_carried.push_back({sheet_.Place(row, field), std::move(why)});
}

void Person::Add(std::string source_key, record::Entry entry, const Rows& rows) {
  if (const int number = ++keys_[source_key]; number > 1) {
    source_key += ":" + std::to_string(number);
  }
  record::Draft draft{std::move(source_key), std::move(entry), {}};
  const bool confidential = std::any_of(
      rows.begin(), rows.end(), [this](std::size_t row) { return IsConfidential(sheet_, row); });
  // What keeps a visitor from harm goes with the person, whatever the row is about.
  if (confidential && draft.entry.section != record::Section::kAlerts)
    draft.source_labels.emplace_back("confidentiality:R");
  out_.drafts.push_back(std::move(draft));
}

// Of a row that was entered in error nothing stands but what it was about, as an error.
void Person::PassOverErrors() {
  for (const std::size_t row : rows_) {
    if (std::find(told_.begin(), told_.end(), row) != told_.end()) continue;
    for (const std::string_view field : FieldNames()) sheet_.Text(row, field);
    Note(row, "Status", "entered in error: nothing that the row says is taken for true");
  }
}

record::Contribution Person::Finish() {
  PassOverErrors();
  sheet_.AddUnread(rows_, kReasons, out_);
  return std::move(out_);
}

}  // namespace milecastle::third_sector

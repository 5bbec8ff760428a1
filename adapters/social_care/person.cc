// A person's rows, and the account of what has been taken of them.
#include "inside/person.h"

#include <array>
#include <set>
#include <utility>

#include "base/text.h"
#include "inside/vocabulary.h"

namespace milecastle::social_care {
namespace {

constexpr std::size_t kDigits = 32;  // of a key
constexpr std::string_view kCost = "costs are the council's accounts, not a record of care";
constexpr std::string_view kOtherRow =
    "differs from the row of the person's latest event, which is carried";
constexpr auto kReasons = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"Unit_Cost", kCost},
    {"Cost_Frequency_Unit_Type", kCost},
    {"Planned_units_per_week", kCost},
    {"Client_Funding_Status", "who pays is the council's business, not a record of care"},
    {"Reporting_Period_Start_Date", kOtherRow},
    {"Reporting_Period_End_Date", kOtherRow},
    {"NHS_Number", kOtherRow},
    {"GP_Practice_Code", kOtherRow},
    {"Gender", kOtherRow},
    {"Ethnicity", kOtherRow},
    {"Date_of_Birth", kOtherRow},
    {"Date_of_Death", kOtherRow},
    {"First_Name", kOtherRow},
    {"Family_Name", kOtherRow},
    {"Primary_Support_Reason", kOtherRow},
    {"Postcode", kOtherRow},
    {"Accommodation_Status", kOtherRow},
    {"Employment_Status", kOtherRow},
    {"Has_Unpaid_Carer", kOtherRow},
    {"Autism_Spectrum_Disorder_ASD", kOtherRow},
    {"Visual_Impairment", kOtherRow},
    {"Hearing_Impairment", kOtherRow},
    {"Dementia", kOtherRow},
    {"Total_Hrs_Caring_per_week", kOtherRow},
    {"No_of_adults_being_cared_for", kOtherRow},
    {"Adult_1_Linked_Person_ID", kOtherRow},
    {"Adult_2_Linked_Person_ID", kOtherRow},
    {"Adult_3_Linked_Person_ID", kOtherRow},
});

std::size_t LatestOf(const sheet::Sheet& sheet, const std::vector<std::size_t>& rows) {
  const auto start_of = [&sheet](std::size_t row) {
    const auto when = sheet.PeekDate(row, "Event_Start_Date");
    return when && *when ? (*when)->at : base::Instant::min();
  };
  std::size_t latest = rows.front();
  for (const std::size_t row : rows) {
    if (start_of(row) >= start_of(latest)) latest = row;
  }
  return latest;
}

}  // namespace

Person::Person(sheet::Sheet& sheet, std::vector<std::size_t> rows, std::string authority)
    : sheet_(sheet),
      rows_(std::move(rows)),
      latest_(LatestOf(sheet, rows_)),
      authority_(std::move(authority)) {
  for (const std::size_t row : rows_) sheet_.Text(row, "LA_Person_Unique_Identifier");
}

void Person::Note(std::size_t row, std::string_view field, std::string why) {
  out_.not_carried.push_back({sheet_.Place(row, field), std::move(why)});
}

std::string Person::Term(std::size_t row, std::string_view field) {
  const std::string sent = sheet_.Value(row, field);
  if (sent.empty()) return {};
  if (SaysNothing(sent)) {
    Note(row, field, "it says that nothing is known");
    return {};
  }
  const social_care::Term term = TermOf(field, sent);
  if (!term.known) Note(row, field, "no value of the return: kept as the council's own text");
  return term.text;
}

record::Coded Person::Coded(std::size_t row, std::string_view field) {
  record::Coded coded;
  coded.text = Term(row, field);
  if (const record::Coding* code = sheet_.Code(field, coded.text)) coded.codings.push_back(*code);
  return coded;
}

std::optional<record::When> Person::Date(std::size_t row, std::string_view field) {
  auto when = sheet_.Date(row, field);
  return when ? *when : std::nullopt;
}

void Person::Add(std::string_view kind, std::vector<std::string> key, std::size_t row,
                 record::Entry entry) {
  entry.source_list = "Client Level Data return";
  entry.recorded = Date(row, "Reporting_Period_End_Date");
  key.insert(key.begin(), sheet_.Peek(row, "LA_Person_Unique_Identifier"));
  std::string name = "cld:" + std::string(kind) + ":" + base::NameOfParts(key, kDigits);
  auto& alike = by_key_[name];
  for (const std::size_t draft : alike) {
    if (out_.drafts[draft].entry != entry) continue;
    return Note(row, "Event_Type", "the same event twice: carried once");
  }
  alike.push_back(out_.drafts.size());
  if (alike.size() > 1) name += ":" + std::to_string(alike.size());
  out_.drafts.push_back({std::move(name), std::move(entry), {}});
}

// What the latest row says, and another says too, is carried with it.
void Person::AccountForOtherRows() {
  for (const auto& [field, why] : kReasons) {
    if (why != kOtherRow) continue;
    const std::string carried = sheet_.Peek(latest_, field);
    for (const std::size_t row : rows_) {
      if (sheet_.Peek(row, field) == carried) sheet_.Text(row, field);
    }
  }
}

// Everything that a return says is of its period, which ended weeks or months before it came.
void Person::AddStatements() {
  const auto began = Date(latest_, "Reporting_Period_Start_Date");
  const auto ended = Date(latest_, "Reporting_Period_End_Date");
  std::string text = "Client Level Data: a return for statistics, sent after its period";
  if (began && ended) text += " of " + began->original + " to " + ended->original;
  std::set<record::Section> sections;
  for (const record::Draft& draft : out_.drafts) sections.insert(draft.entry.section);
  for (const record::Section section : sections) {
    out_.statements.push_back({.section = section,
                               .saying = record::SectionSaying::kLaggingReturn,
                               .when = ended,
                               .by = {},
                               .text = text});
  }
}

record::Contribution Person::Finish() {
  AddStatements();
  AccountForOtherRows();
  sheet_.AddUnread(rows_, kReasons, out_);
  return std::move(out_);
}

}  // namespace milecastle::social_care

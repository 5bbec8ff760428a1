// What the row of a person's latest event says of the person: why they have support, how they live
// and work, who cares for them or for whom they care, what impairs them. All as a return recorded
// it, and none of it a diagnosis.
#include <array>

#include "inside/person.h"
#include "inside/vocabulary.h"

namespace milecastle::social_care {
namespace {

using record::Entry;
using record::Kind;
using record::Section;

struct Circumstance {
  std::string_view field;
  std::string_view key;
  Section section;
  std::string_view heading;
};
constexpr auto kCircumstances = std::to_array<Circumstance>({
    {"Accommodation_Status", "accommodation", Section::kSocialContext, "Accommodation"},
    {"Employment_Status", "employment", Section::kSocialContext, "Employment"},
    {"Has_Unpaid_Carer", "has-unpaid-carer", Section::kPersonalContacts, "Has an unpaid carer"},
});
constexpr auto kImpairments = std::to_array<Circumstance>({
    {"Autism_Spectrum_Disorder_ASD", "autism", Section::kProblems, "Autism spectrum disorder"},
    {"Dementia", "dementia", Section::kProblems, "Dementia"},
    {"Visual_Impairment", "visual-impairment", Section::kIndividualRequirements,
     "Visual impairment"},
    {"Hearing_Impairment", "hearing-impairment", Section::kIndividualRequirements,
     "Hearing impairment"},
});
constexpr std::array<std::string_view, 3> kLinked = {
    "Adult_1_Linked_Person_ID", "Adult_2_Linked_Person_ID", "Adult_3_Linked_Person_ID"};

Entry StatementOf(Section section, std::string_view heading) {
  Entry entry;
  entry.section = section;
  entry.kind = Kind::kStatement;
  entry.what.text = heading;
  return entry;
}

void AddDetail(Entry& entry, std::string_view name, record::Coded value) {
  if (value.text.empty()) return;
  std::string text = std::move(value.text);
  value.text.clear();
  entry.details.push_back({std::string(name), std::move(text), std::move(value), std::nullopt});
}

void ReadSupportReason(Person& person) {
  record::Coded reason = person.Coded(person.latest(), "Primary_Support_Reason");
  if (reason.text.empty()) return;
  Entry entry = StatementOf(Section::kPrimarySupportReason, "");
  entry.what = std::move(reason);
  person.Add("support-reason", {}, person.latest(), std::move(entry));
}

void ReadCircumstance(Person& person, const Circumstance& of) {
  record::Coded value = person.Coded(person.latest(), of.field);
  if (value.text.empty()) return;
  Entry entry = StatementOf(of.section, of.heading);
  entry.negated = port::Folded(value.text) == "no";
  AddDetail(entry, "as recorded by social care", std::move(value));
  person.Add(of.key, {}, person.latest(), std::move(entry));
}

// That a return says No is no finding of a clinician's: beside a diagnosis it would read as one.
void ReadImpairment(Person& person, const Circumstance& of) {
  const std::size_t row = person.latest();
  record::Coded value = person.Coded(row, of.field);
  if (value.text.empty()) return;
  if (port::Folded(value.text) == "no") {
    return person.Note(row, of.field, "a return's No is no finding, and could be read as one");
  }
  Entry entry = StatementOf(of.section, of.heading);
  if (of.section == Section::kProblems) entry.kind = Kind::kProblem;
  AddDetail(entry, "as recorded by social care", std::move(value));
  person.Add(of.key, {}, row, std::move(entry));
}

bool IsCarer(Person& person) {
  const Term client = TermOf("Client_Type", person.sheet().Peek(person.latest(), "Client_Type"));
  return client.text.starts_with("Unpaid carer");
}

void ReadCaring(Person& person) {
  const std::size_t row = person.latest();
  Entry entry = StatementOf(Section::kSocialContext, "Cares for somebody unpaid");
  AddDetail(entry, "hours of caring a week", person.Coded(row, "Total_Hrs_Caring_per_week"));
  AddDetail(entry, "adults cared for", person.Coded(row, "No_of_adults_being_cared_for"));
  if (!entry.details.empty() || IsCarer(person)) person.Add("caring", {}, row, std::move(entry));
}

// The other person, by the council's identifier and nothing else: what is known of them stands in
// their own record.
void ReadLinked(Person& person, std::string_view field) {
  const std::size_t row = person.latest();
  sheet::Sheet& sheet = person.sheet();
  const std::string id = sheet.Value(row, field);
  if (SaysNothing(id)) return;
  if (id == sheet.Peek(row, "LA_Person_Unique_Identifier")) {
    return person.Note(row, field, "it links the person to themself");
  }
  Entry entry = StatementOf(Section::kPersonalContacts, "Linked person");
  entry.kind = Kind::kContact;
  entry.contacts.push_back({.name = "",
                            .relationship = IsCarer(person) ? "person cared for" : "linked person",
                            .addresses = {},
                            .telecoms = {}});
  AddDetail(entry, "the council's identifier of the person", {.text = id, .codings = {}});
  person.Add("linked", {id}, row, std::move(entry));
}

}  // namespace

void ReadCircumstances(Person& person) {
  ReadSupportReason(person);
  for (const Circumstance& each : kCircumstances) ReadCircumstance(person, each);
  for (const Circumstance& each : kImpairments) ReadImpairment(person, each);
  ReadCaring(person);
  for (const std::string_view field : kLinked) ReadLinked(person, field);
}

}  // namespace milecastle::social_care

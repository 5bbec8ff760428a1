// Columns that speak of the person whatever their row is about: risks, concerns, needs, wishes,
// consent, whom to call.
#include <map>

#include "inside/person.h"

namespace milecastle::third_sector {
namespace {

using record::Entry;
using record::Section;

// By its words: the same words in many rows are one entry, from the first date to the last.
void ReadStanding(Person& person, const Standing& standing) {
  std::map<std::string, Rows> said;
  for (const std::size_t row : person.rows()) {
    const std::string text = person.sheet().Peek(row, standing.field);
    if (AnswerOf(text) == Answer::kNothing) {
      if (!text.empty()) {
        person.sheet().Text(row, standing.field);
        person.Note(row, standing.field, "it says that nothing is known");
      }
      continue;
    }
    const bool negated = AnswerOf(text) == Answer::kNo;
    said[negated ? "no" : "yes:" + Digest({port::Folded(text)})].push_back(row);
  }
  for (const auto& [key, all] : said) {
    const Rows told = Told(person.sheet(), all);
    const Rows& rows = told.empty() ? all : told;
    Entry entry;
    if (told.empty()) entry.verification = record::Verification::kEnteredInError;
    entry.section = standing.section;
    entry.kind = standing.kind;
    entry.what.text = standing.field;
    entry.source_list = "Social prescribing record";
    entry.free_text = {person.Latest(rows, standing.field)};
    entry.negated = key == "no";
    entry.effective = person.Date(rows.front(), "Date");
    entry.recorded = person.Date(rows.back(), "Date");
    // As its latest row says: words that come again without an end stand again.
    for (const std::size_t row : rows) {
      if (!standing.ended.empty()) entry.ended = person.Date(row, standing.ended);
    }
    if (entry.ended) entry.status = record::ClinicalStatus::kInactive;
    person.Add(std::string(standing.key) + ":" + key, std::move(entry), rows);
  }
}

void ReadEmergencyContacts(Person& person) {
  std::map<std::string, Rows> contacts;
  for (const std::size_t row : person.told()) {
    const std::string name = person.sheet().Peek(row, "Emergency contact");
    if (AnswerOf(name) == Answer::kWords) contacts[port::Folded(name)].push_back(row);
  }
  for (const auto& [folded, rows] : contacts) {
    record::Contact contact;
    contact.name = person.Latest(rows, "Emergency contact");
    contact.relationship = person.Latest(rows, "Emergency contact relationship");
    if (std::string phone = person.Latest(rows, "Emergency contact phone"); !phone.empty()) {
      contact.telecoms.push_back({"phone", std::move(phone), ""});
    }
    Entry entry;
    entry.section = Section::kPersonalContacts;
    entry.kind = record::Kind::kContact;
    entry.what.text = "Emergency contact";
    entry.recorded = person.Date(rows.back(), "Date");
    entry.contacts = {std::move(contact)};
    person.Add("emergency-contact:" + Digest({folded}), std::move(entry), rows);
  }
}

// As its latest row says. Yes is kept and shown, and opens nothing: an explicit consent is wider
// than what somebody ticks in a sheet.
void ReadConsent(Person& person) {
  Rows rows;
  for (const std::size_t row : person.told()) {
    const std::string said = person.sheet().Value(row, "Consent to share");
    if (AnswerOf(said) != Answer::kNothing) rows.push_back(row);
  }
  if (rows.empty()) return;
  const std::string said = person.Latest(rows, "Consent to share");
  Entry entry;
  entry.section = Section::kLegalInformation;
  entry.what.text = "Consent for information sharing";
  entry.source_list = "Social prescribing record";
  entry.details.push_back({"consent to share", said, {}, std::nullopt});
  entry.recorded = person.Date(rows.back(), "Date");
  for (const std::size_t row : rows) {
    if (auto date = person.Date(row, "Consent date")) entry.effective = std::move(date);
  }
  person.Add("consent", std::move(entry), rows);
  if (AnswerOf(said) != Answer::kNo) return;
  person.out().preferences.push_back({record::PreferenceKind::kShareDetailedRecord,
                                      record::PreferenceAnswer::kDissent,
                                      "column Consent to share"});
}

}  // namespace

void ReadStandings(Person& person) {
  for (const Standing& standing : Standings()) ReadStanding(person, standing);
  ReadEmergencyContacts(person);
  ReadConsent(person);
}

}  // namespace milecastle::third_sector

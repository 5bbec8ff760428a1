// Columns that speak of the person whatever their row is about: risks, concerns, needs, wishes,
// consent, whom to call.
#include <map>
#include <optional>
#include <utility>

#include "base/text.h"
#include "inside/person.h"
#include "record/last_moment.h"
#include "record/refusal.h"

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
    said[negated ? "no" : "yes:" + base::NameOfParts({port::Folded(text)}, kDigits)].push_back(row);
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
    person.Add("emergency-contact:" + base::NameOfParts({folded}, kDigits), std::move(entry), rows);
  }
}

constexpr std::string_view kConsent = "Consent to share";
constexpr std::string_view kConsentDate = "Consent date";
constexpr std::string_view kConsentKey = "consent";

// In rising order of how tight they are.
enum class Sharing { kNothing, kYes, kUnclear, kNo };

// Whatever is neither a plain yes nor says that nothing is known may be a refusal.
Sharing SharingOf(std::string_view text) {
  switch (AnswerOf(text)) {
    case Answer::kNothing:
      return Sharing::kNothing;
    case Answer::kYes:
      return Sharing::kYes;
    case Answer::kNo:
      return Sharing::kNo;
    case Answer::kWords:
      break;
  }
  return record::MaySayNo(text) ? Sharing::kNo : Sharing::kUnclear;
}

struct Said {
  std::size_t row = 0;
  Sharing sharing = Sharing::kNothing;
  std::optional<record::When> when;
};

// What the rows say of sharing: a yes counts from the start of its date and a refusal to its end,
// one without a date as said last; a yes without a date answers nothing.
struct Word {
  Rows rows;
  std::optional<Said> yes;
  std::optional<Said> refusal;

  bool IsYes() const {
    return !refusal || (yes && yes->when && refusal->when &&
                        yes->when->at > record::LastMomentOf(*refusal->when));
  }
};

bool IsLaterYes(const Said& said, const Said& than) {
  return said.when && (!than.when || said.when->at >= than.when->at);
}

bool IsLaterRefusal(const Said& said, const Said& than) {
  if (!said.when || !than.when) return !said.when;
  const base::Instant end = record::LastMomentOf(*said.when);
  const base::Instant before = record::LastMomentOf(*than.when);
  return end > before || (end == before && said.sharing > than.sharing);
}

void Claim(Person& person, record::PreferenceAnswer answer, std::string_view field,
           std::optional<record::When> said, std::string key) {
  person.out().preferences.push_back({.kind = record::PreferenceKind::kShareDetailedRecord,
                                      .answer = answer,
                                      .place = "column " + std::string(field),
                                      .said = std::move(said),
                                      .key = std::move(key)});
}

// A year or month counts as what it is; what is no date leaves a refusal said last, and a yes
// nowhere.
std::optional<record::When> WhenSaid(Person& person, std::size_t row) {
  const std::string text = person.sheet().Peek(row, kConsentDate);
  if (text.empty()) return person.Date(row, "Date");
  if (auto when = person.Date(row, kConsentDate)) return when;
  if (auto when = record::When::ParseIso(text)) return when;
  person.Note(row, kConsentDate, "it is no date: a refusal counts as said last, a yes not at all");
  return std::nullopt;
}

std::optional<Said> ReadSaid(Person& person, std::size_t row) {
  Said said{.row = row, .sharing = SharingOf(person.sheet().Value(row, kConsent)), .when = {}};
  if (said.sharing == Sharing::kNothing) {
    if (!person.sheet().Text(row, kConsent).empty()) {
      person.Note(row, kConsent, "it says that nothing is known");
    }
    return std::nullopt;
  }
  said.when = WhenSaid(person, row);
  return said;
}

Word ReadWord(Person& person) {
  Word word;
  for (const std::size_t row : person.told()) {
    std::optional<Said> said = ReadSaid(person, row);
    if (!said) continue;
    word.rows.push_back(row);
    if (said->sharing == Sharing::kYes) {
      if (!word.yes || IsLaterYes(*said, *word.yes)) word.yes = std::move(said);
    } else if (!word.refusal || IsLaterRefusal(*said, *word.refusal)) {
      word.refusal = std::move(said);
    }
  }
  return word;
}

// What else was said, with when.
void AddOther(Person& person, const Said& other, Entry& entry) {
  entry.details.push_back(
      {"consent to share, said also", person.sheet().Value(other.row, kConsent), {}, other.when});
}

// A refusal is about what the sheet asked: what its organisation wrote is withheld, and somebody
// asks whether more was meant. A later yes takes back that and opens nothing: an explicit consent
// is wider than what somebody ticks in a sheet. Which is the later is for the gateway, which knows
// the day, to say.
void ReadConsent(Person& person) {
  const Word word = ReadWord(person);
  if (word.rows.empty()) return;
  const Said& shown = word.IsYes() ? *word.yes : *word.refusal;
  const std::optional<Said>& other = word.IsYes() ? word.refusal : word.yes;
  Entry entry;
  entry.section = Section::kLegalInformation;
  entry.what.text = "Consent for information sharing";
  entry.source_list = "Social prescribing record";
  const std::string said = person.sheet().Value(shown.row, kConsent);
  const std::string original = person.sheet().Text(shown.row, kConsent);
  entry.details.push_back({"consent to share", said, {}, std::nullopt});
  if (original != said) entry.status_original = original;
  if (other) AddOther(person, *other, entry);
  entry.recorded = person.Date(word.rows.back(), "Date");
  if (!person.sheet().Peek(shown.row, kConsentDate).empty()) entry.effective = shown.when;
  person.Add(std::string(kConsentKey), std::move(entry), word.rows);
  if (word.refusal) {
    Claim(person, record::PreferenceAnswer::kUnclear, kConsent, word.refusal->when,
          std::string(kConsentKey));
  }
  if (word.yes && word.yes->when) {
    Claim(person, record::PreferenceAnswer::kAskEachTime, kConsent, word.yes->when,
          std::string(kConsentKey));
  }
}

// The column of a row about a consent in which something was refused; empty: none.
std::string_view RefusedIn(const sheet::Sheet& sheet, std::size_t row) {
  for (const std::string_view field : {"Status", "Outcome", "What", "Details", "Reason"}) {
    const std::string text = sheet.Peek(row, field);
    const bool is_no = AnswerOf(text) == Answer::kNo;
    if (is_no || (AnswerOf(text) == Answer::kWords && record::MaySayNo(text))) return field;
  }
  return {};
}

// Rows of type Consent: of each consent its latest row counts. What was refused in it is not plain.
void ReadConsentRows(Person& person) {
  std::map<std::string, std::size_t> latest;
  for (const std::size_t row : person.told()) {
    if (TypeOf(person.sheet().Peek(row, "Record type"))->key != "consent-row") continue;
    latest[ThingOf(person.sheet(), row)] = row;
  }
  for (const auto& [key, row] : latest) {
    const std::string_view field = RefusedIn(person.sheet(), row);
    if (field.empty()) continue;
    Claim(person, record::PreferenceAnswer::kUnclear, field, person.Date(row, "Date"), key);
  }
}

}  // namespace

void ReadStandings(Person& person) {
  for (const Standing& standing : Standings()) ReadStanding(person, standing);
  ReadEmergencyContacts(person);
  ReadConsent(person);
  ReadConsentRows(person);
}

}  // namespace milecastle::third_sector

#include "inside/read.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "identify/claim.h"
#include "record/labels.h"
#include "record/record_system.h"
#include "wire/entry.h"

namespace milecastle::gather {
namespace {

// It is kept in the audit log for good, and is the source's to choose.
constexpr std::size_t kLongestId = 64;

using Change = record::Update<record::BirthDate>::Change;

// Whether it is this person's: without a number and a birth date nobody can say (domain.md 2).
Outcome Compare(const record::PatientClaim& claim, const Person& person) {
  const bool born = claim.birth_date.change == Change::kSet;
  if (claim.nhs_number_as_sent.empty() || !born) return Outcome::kInvalidAnswer;
  const auto number = record::NhsNumber::Parse(claim.nhs_number_as_sent);
  if (number != person.nhs_number || claim.birth_date.value != person.birth_date) {
    return Outcome::kWrongPatient;
  }
  return Outcome::kReturned;
}

bool NameDiffers(const record::PatientClaim& claim, const Person& person) {
  const std::string asked = store::FoldName(person.family_name);
  const auto& names = claim.names.value;
  return std::none_of(names.begin(), names.end(), [&](const record::PersonName& name) {
    return store::FoldName(name.family) == asked;
  });
}

bool Dissents(const record::Contribution& contribution) {
  return std::any_of(contribution.preferences.begin(), contribution.preferences.end(),
                     [](const record::PreferenceClaim& claim) {
                       return claim.answer == record::PreferenceAnswer::kDissent;
                     });
}

store::StoredEntry Keep(normalise::Item item, const Given& given) {
  const record::Entry& entry = item.draft.entry;
  item.entry_class.labels = std::move(item.own);
  store::StoredEntry kept{.id = record::EntryId::New(given.at),
                          .identity = {},
                          .message = {},
                          .source_key = std::move(item.draft.source_key),
                          .entry_class = std::move(item.entry_class),
                          .effective = {},
                          .stored = given.at,
                          .encoding_version = wire::kEncodingVersion,
                          .bytes = wire::EncodeEntry(entry),
                          .links = wire::LinksOf(entry),
                          .likeness = std::move(item.likeness)};
  if (entry.effective) kept.effective = entry.effective->at;
  return kept;
}

// As the store marks what stands under a number that its source never traced (safety.md 13).
void MarkUntraced(record::EntryClass& entry_class) {
  entry_class.labels.emplace_back(record::kUntracedLabel);
  std::sort(entry_class.labels.begin(), entry_class.labels.end());
}

void Take(Given& given, record::Contribution contribution, const Person& person,
          const normalise::Normaliser& normaliser) {
  given.name_differs = NameDiffers(contribution.patient, person);
  store::Identity identity{.source = given.source, .updated = given.at};
  identify::Absorb(contribution.patient, identify::UsableNumber(contribution.patient), false,
                   identity);
  for (auto& item : normaliser.Normalise(std::move(contribution.drafts), given.source, given.at)) {
    given.entries.push_back(Keep(std::move(item), given));
    if (!identity.shareable) MarkUntraced(given.entries.back().entry_class);
  }
  // What the answer itself calls wrong or gone is no entry of today.
  std::erase_if(given.entries, [&](const store::StoredEntry& entry) {
    const auto& gone = contribution.withdrawn_keys;
    return std::find(gone.begin(), gone.end(), entry.source_key) != gone.end();
  });
  given.identity = std::move(identity);
  given.covers = std::move(contribution.snapshot_of);
  given.statements = std::move(contribution.statements);
  for (record::SectionStatement& statement : given.statements) {
    if (normaliser.WouldLabel(statement)) statement.text.clear();
  }
  given.not_carried = contribution.not_carried.size();
  given.location_protection = contribution.location_protection;
}

void Tell(const LiveSource& source, Outcome outcome) {
  const auto name = base::SafeText::Configured(source.name());
  if (outcome == Outcome::kWrongPatient)
    base::Log(base::LogId::kLiveWrongPatient, {{"live", name}});
  if (outcome == Outcome::kInvalidAnswer) base::Log(base::LogId::kLiveUnusable, {{"live", name}});
}

Outcome Use(Given& given, Reading& reading, const Person& person,
            const normalise::Normaliser& normaliser) {
  given.answer_id = reading.answer_id.substr(0, kLongestId);
  if (reading.outcome != Outcome::kReturned) return reading.outcome;
  if (!reading.is_to_our_question) return Outcome::kInvalidAnswer;
  if (reading.holds_nothing) return Outcome::kReturned;
  if (!reading.contribution) return Outcome::kInvalidAnswer;
  if (Dissents(*reading.contribution)) return Outcome::kDissent;
  const Outcome compared = Compare(reading.contribution->patient, person);
  if (compared != Outcome::kReturned || !reading.ask_again_by.empty()) return compared;
  Take(given, std::move(*reading.contribution), person, normaliser);
  return Outcome::kReturned;
}

}  // namespace

std::string ReadInto(Given& given, const Raw& raw, const LiveSource& source, const Person& person,
                     const normalise::Normaliser& normaliser) {
  given.bytes = raw.body.size();
  given.digest = base::Sha256(raw.body);
  Reading reading = source.Read(raw);
  given.system = source.record_system();
  if (reading.contribution && !given.system.empty()) {
    record::PutInSystem(given.system, *reading.contribution);
  }
  given.outcome = Use(given, reading, person, normaliser);
  const bool again = given.outcome == Outcome::kReturned && !reading.ask_again_by.empty();
  // It was asked by its own id already, and tells another.
  if (again && !raw.person_id.empty()) given.outcome = Outcome::kInvalidAnswer;
  Tell(source, given.outcome);
  return again && raw.person_id.empty() ? std::move(reading.ask_again_by) : std::string();
}

}  // namespace milecastle::gather

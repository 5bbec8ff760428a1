#include "inside/kept.h"

#include <algorithm>

namespace milecastle::store::sqlite {

base::Result<std::optional<Person>> Kept::Find(record::PersonId id) {
  if (person_ && person_->id == id) return person_;
  auto found = tables_.patients.FindPerson(id);
  if (found) person_ = *found;
  return found;
}

base::Result<bool> Kept::StandsAlone(const Person& person) {
  if (person.under_merge_review) return false;
  const auto links = tables_.patients.LinksOf(person.id);
  if (!links) return links.error();
  return std::none_of(links->begin(), links->end(), [&](const LinkEvent& link) {
    return link.to == person.id && link.from != person.id;
  });
}

base::Result<std::shared_ptr<const Segment>> Kept::KeptRecords::SegmentOf(record::PersonId id) {
  const auto person = kept_.Find(id);
  if (!person) return person.error();
  if (*person) {
    if (auto kept = kept_.cache_.Find(id, (*person)->record_version).segment) return kept;
  }
  auto segment = kept_.tables_.records.SegmentOf(id);
  if (segment) kept_.cache_.Keep(id, (*segment)->record_version, {.segment = *segment});
  return segment;
}

base::Result<std::vector<SourceStatement>> Kept::KeptRecords::StatementsOf(record::PersonId id) {
  const auto person = kept_.Find(id);
  if (!person) return person.error();
  if (*person) {
    const auto kept = kept_.cache_.Find(id, (*person)->record_version).statements;
    if (kept) return *kept;
  }
  auto statements = kept_.tables_.records.StatementsOf(id);
  if (statements && *person) {
    auto copy = std::make_shared<const std::vector<SourceStatement>>(*statements);
    kept_.cache_.Keep(id, (*person)->record_version, {.statements = std::move(copy)});
  }
  return statements;
}

base::Result<std::optional<StoredEntry>> Kept::KeptRecords::Find(record::EntryId id) {
  return kept_.tables_.records.Find(id);
}

base::Result<std::vector<std::pair<record::OdsCode, base::Instant>>> Kept::KeptRecords::SourcesOf(
    record::PersonId person) {
  return kept_.tables_.records.SourcesOf(person);
}

base::Result<std::optional<base::Instant>> Kept::KeptRecords::LastHeard(
    const record::OdsCode& source) {
  return kept_.tables_.records.LastHeard(source);
}

base::Result<record::PatientFacts> Kept::KeptFacts::FactsOf(record::PersonId id) {
  const auto person = kept_.Find(id);
  if (!person) return person.error();
  if (*person) {
    if (const auto kept = kept_.cache_.Find(id, (*person)->record_version).facts) return *kept;
  }
  auto facts = kept_.tables_.facts.FactsOf(id);
  if (!facts) return facts;
  const auto alone = kept_.StandsAlone(**person);
  if (!alone) return alone.error();
  if (*alone) {
    auto copy = std::make_shared<const record::PatientFacts>(*facts);
    kept_.cache_.Keep(id, (*person)->record_version, {.facts = std::move(copy)});
  }
  return facts;
}

base::Result<std::vector<record::Evidence>> Kept::KeptFacts::EvidenceOf(
    record::PersonId person, const std::string& reference) {
  return kept_.tables_.facts.EvidenceOf(person, reference);
}

base::Result<std::optional<record::Consent>> Kept::KeptFacts::FindConsent(record::FactId id) {
  return kept_.tables_.facts.FindConsent(id);
}

base::Result<std::optional<FactOwner>> Kept::KeptFacts::OwnerOf(record::FactId id) {
  return kept_.tables_.facts.OwnerOf(id);
}

}  // namespace milecastle::store::sqlite

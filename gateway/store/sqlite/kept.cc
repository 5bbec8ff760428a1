#include "inside/kept.h"

#include <algorithm>

namespace milecastle::store::sqlite {

void Kept::Note(const std::optional<Person>& person) {
  person_ = person;
  generation_ = following_.generation();
  derived_ = person ? cache_.Find(person->id, Now(*person)) : Derived();
}

base::Result<std::optional<Person>> Kept::Find(record::PersonId id) {
  if (person_ && person_->id == id) return person_;
  auto found = tables_.patients.FindPerson(id);
  if (found) Note(*found);
  return found;
}

template <class Part, class Read>
base::Result<Part> Kept::Of(record::PersonId id, std::shared_ptr<const Part> Derived::*part,
                            Read read) {
  const auto person = Find(id);
  if (!person) return person.error();
  if (*person && derived_.*part) return *(derived_.*part);
  base::Result<Part> made = read();
  if (made && *person) {
    Derived kept;
    kept.*part = std::make_shared<const Part>(*made);
    cache_.Keep(id, Now(**person), std::move(kept));
  }
  return made;
}

base::Result<bool> Kept::StandsAlone(const Person& person) {
  if (person.under_merge_review) return false;
  const auto links = tables_.patients.LinksOf(person.id);
  if (!links) return links.error();
  return std::none_of(links->begin(), links->end(), [&](const LinkEvent& link) {
    return link.to == person.id && link.from != person.id;
  });
}

base::Result<std::optional<Identity>> Kept::KeptPatients::FindIdentity(record::IdentityId id) {
  return kept_.tables_.patients.FindIdentity(id);
}

base::Result<std::optional<Identity>> Kept::KeptPatients::FindByLocal(
    const record::OdsCode& source, const record::LocalIdentifier& local) {
  return kept_.tables_.patients.FindByLocal(source, local);
}

base::Result<std::vector<Identity>> Kept::KeptPatients::FindByNhsNumber(
    const record::NhsNumber& number) {
  return kept_.tables_.patients.FindByNhsNumber(number);
}

base::Result<std::vector<Identity>> Kept::KeptPatients::FindSimilar(const record::BirthDate& born,
                                                                    const std::string& family,
                                                                    std::size_t limit) {
  return kept_.tables_.patients.FindSimilar(born, family, limit);
}

base::Result<std::vector<Identity>> Kept::KeptPatients::FindBySound(const record::BirthDate& born,
                                                                    const std::string& sound,
                                                                    std::size_t limit) {
  return kept_.tables_.patients.FindBySound(born, sound, limit);
}

base::Result<std::vector<Identity>> Kept::KeptPatients::FindByGiven(const record::BirthDate& born,
                                                                    const std::string& given,
                                                                    std::size_t limit) {
  return kept_.tables_.patients.FindByGiven(born, given, limit);
}

base::Result<std::vector<Identity>> Kept::KeptPatients::FindByPostcode(const std::string& postcode,
                                                                       const std::string& family,
                                                                       std::size_t limit) {
  return kept_.tables_.patients.FindByPostcode(postcode, family, limit);
}

base::Result<std::vector<Identity>> Kept::KeptPatients::FindByIdentifier(
    const record::LocalIdentifier& local, std::size_t limit) {
  return kept_.tables_.patients.FindByIdentifier(local, limit);
}

base::Result<std::vector<record::IdentityId>> Kept::KeptPatients::ApartFrom(
    record::IdentityId identity) {
  return kept_.tables_.patients.ApartFrom(identity);
}

base::Result<std::optional<Person>> Kept::KeptPatients::FindPerson(record::PersonId id) {
  return kept_.Find(id);
}

base::Result<std::optional<Person>> Kept::KeptPatients::FindPersonByNhsNumber(
    const record::NhsNumber& number) {
  auto found = kept_.tables_.patients.FindPersonByNhsNumber(number);
  if (found && *found) kept_.Note(*found);
  return found;
}

base::Result<std::vector<Person>> Kept::KeptPatients::FindSeveredByNhsNumber(
    const record::NhsNumber& number) {
  return kept_.tables_.patients.FindSeveredByNhsNumber(number);
}

base::Result<std::vector<Identity>> Kept::KeptPatients::IdentitiesOf(record::PersonId id) {
  return kept_.Of(id, &Derived::identities,
                  [&] { return kept_.tables_.patients.IdentitiesOf(id); });
}

base::Result<std::vector<LinkEvent>> Kept::KeptPatients::LinksOf(record::PersonId person) {
  return kept_.tables_.patients.LinksOf(person);
}

base::Result<std::shared_ptr<const Segment>> Kept::KeptRecords::SegmentOf(record::PersonId id) {
  const auto person = kept_.Find(id);
  if (!person) return person.error();
  if (*person && kept_.derived_.segment) return kept_.derived_.segment;
  auto segment = kept_.tables_.records.SegmentOf(id);
  if (segment) {
    kept_.cache_.Keep(id, {kept_.generation_, (*segment)->record_version}, {.segment = *segment});
  }
  return segment;
}

base::Result<std::vector<SourceStatement>> Kept::KeptRecords::StatementsOf(record::PersonId id) {
  return kept_.Of(id, &Derived::statements, [&] { return kept_.tables_.records.StatementsOf(id); });
}

base::Result<std::optional<StoredEntry>> Kept::KeptRecords::Find(record::EntryId id) {
  return kept_.tables_.records.Find(id);
}

base::Result<EntryHistory> Kept::KeptRecords::HistoryOf(record::PersonId person, record::EntryId id,
                                                        const HistoryLimit& limit) {
  return kept_.tables_.records.HistoryOf(person, id, limit);
}

base::Result<std::vector<SourceLast>> Kept::KeptRecords::SourcesOf(record::PersonId id) {
  return kept_.Of(id, &Derived::sources, [&] { return kept_.tables_.records.SourcesOf(id); });
}

base::Result<std::optional<base::Instant>> Kept::KeptRecords::LastHeard(
    const record::OdsCode& source) {
  return kept_.tables_.records.LastHeard(source);
}

base::Result<record::PatientFacts> Kept::KeptFacts::FactsOf(record::PersonId id) {
  const auto person = kept_.Find(id);
  if (!person) return person.error();
  if (*person && kept_.derived_.facts) return *kept_.derived_.facts;
  auto facts = kept_.tables_.facts.FactsOf(id);
  if (!facts) return facts;
  const auto alone = kept_.StandsAlone(**person);
  if (!alone) return alone.error();
  if (*alone) {
    auto copy = std::make_shared<const record::PatientFacts>(*facts);
    kept_.cache_.Keep(id, kept_.Now(**person), {.facts = std::move(copy)});
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

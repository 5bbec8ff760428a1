// What a snapshot gives of a person, kept between snapshots while the person's record_version
// holds: segment, facts, statements, identities and sources. A version that advanced is read from
// the rows again.
//
// A transaction reads the tables themselves: what is not committed is never kept.
//
// Thread-safety: one thread at a time; the cache behind it is shared. Failure: the tables'.
#pragma once

#include <optional>

#include "inside/derived_cache.h"
#include "inside/tables.h"

namespace milecastle::store::sqlite {

class Kept {
 public:
  Kept(Tables& tables, DerivedCache& cache, const Following& following)
      : tables_(tables), cache_(cache), following_(following) {}
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

  ReadPatients& patients() { return patients_; }
  ReadRecords& records() { return records_; }
  ReadFacts& facts() { return facts_; }
  void EndSnapshot() { Note(std::nullopt); }

 private:
  class KeptPatients final : public ReadPatients {
   public:
    explicit KeptPatients(Kept& kept) : kept_(kept) {}
    base::Result<std::optional<Identity>> FindIdentity(record::IdentityId id) override;
    base::Result<std::optional<Identity>> FindByLocal(
        const record::OdsCode& source, const record::LocalIdentifier& local) override;
    base::Result<std::vector<Identity>> FindByNhsNumber(const record::NhsNumber& number) override;
    base::Result<std::vector<Identity>> FindSimilar(const record::BirthDate& born,
                                                    const std::string& family,
                                                    std::size_t limit) override;
    base::Result<std::vector<Identity>> FindBySound(const record::BirthDate& born,
                                                    const std::string& sound,
                                                    std::size_t limit) override;
    base::Result<std::vector<Identity>> FindByGiven(const record::BirthDate& born,
                                                    const std::string& given,
                                                    std::size_t limit) override;
    base::Result<std::vector<Identity>> FindByPostcode(const std::string& postcode,
                                                       const std::string& family,
                                                       std::size_t limit) override;
    base::Result<std::vector<Identity>> FindByIdentifier(const record::LocalIdentifier& local,
                                                         std::size_t limit) override;
    base::Result<std::vector<record::IdentityId>> ApartFrom(record::IdentityId identity) override;
    base::Result<std::optional<Person>> FindPerson(record::PersonId id) override;
    base::Result<std::optional<Person>> FindPersonByNhsNumber(
        const record::NhsNumber& number) override;
    base::Result<std::vector<Person>> FindSeveredByNhsNumber(
        const record::NhsNumber& number) override;
    base::Result<std::vector<Identity>> IdentitiesOf(record::PersonId person) override;
    base::Result<std::vector<LinkEvent>> LinksOf(record::PersonId person) override;

   private:
    Kept& kept_;
  };
  class KeptRecords final : public ReadRecords {
   public:
    explicit KeptRecords(Kept& kept) : kept_(kept) {}
    base::Result<std::shared_ptr<const Segment>> SegmentOf(record::PersonId person) override;
    base::Result<std::vector<SourceStatement>> StatementsOf(record::PersonId person) override;
    base::Result<std::optional<StoredEntry>> Find(record::EntryId id) override;
    base::Result<EntryHistory> HistoryOf(record::PersonId person, record::EntryId id,
                                         const HistoryLimit& limit) override;
    base::Result<std::vector<SourceLast>> SourcesOf(record::PersonId person) override;
    base::Result<std::optional<base::Instant>> LastHeard(const record::OdsCode& source) override;

   private:
    Kept& kept_;
  };
  class KeptFacts final : public ReadFacts {
   public:
    explicit KeptFacts(Kept& kept) : kept_(kept) {}
    base::Result<record::PatientFacts> FactsOf(record::PersonId person) override;
    base::Result<std::vector<record::Evidence>> EvidenceOf(record::PersonId person,
                                                           const std::string& reference) override;
    base::Result<std::optional<record::Consent>> FindConsent(record::FactId id) override;
    base::Result<std::optional<FactOwner>> OwnerOf(record::FactId id) override;

   private:
    Kept& kept_;
  };

  // As the patients table, but once in a snapshot, which does not change.
  base::Result<std::optional<Person>> Find(record::PersonId id);
  // The person of whom the rest of the snapshot is asked, with what is kept of them.
  void Note(const std::optional<Person>& person);
  // A part of what is kept of the person, or as `read` reads it, which is kept then.
  template <class Part, class Read>
  base::Result<Part> Of(record::PersonId id, std::shared_ptr<const Part> Derived::*part, Read read);
  // Whether all that is known of the person stands with them and their own identities, so that no
  // change of another person's facts is one of theirs (store/facts.h).
  base::Result<bool> StandsAlone(const Person& person);

  DerivedOf Now(const Person& person) const { return {generation_, person.record_version}; }

  Tables& tables_;
  DerivedCache& cache_;
  const Following& following_;
  std::uint64_t generation_ = 0;  // of the rules, when the person was asked for
  KeptPatients patients_{*this};
  KeptRecords records_{*this};
  KeptFacts facts_{*this};
  std::optional<Person> person_;
  Derived derived_;  // of that person, at this version
};

}  // namespace milecastle::store::sqlite

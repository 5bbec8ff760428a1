// What a snapshot gives of a person, kept between snapshots while the person's record_version
// holds: segment, facts and statements. A version that advanced is read from the rows again.
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
  Kept(Tables& tables, DerivedCache& cache) : tables_(tables), cache_(cache) {}
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

  ReadRecords& records() { return records_; }
  ReadFacts& facts() { return facts_; }
  void EndSnapshot() { person_.reset(); }

 private:
  class KeptRecords final : public ReadRecords {
   public:
    explicit KeptRecords(Kept& kept) : kept_(kept) {}
    base::Result<std::shared_ptr<const Segment>> SegmentOf(record::PersonId person) override;
    base::Result<std::vector<SourceStatement>> StatementsOf(record::PersonId person) override;
    base::Result<std::optional<StoredEntry>> Find(record::EntryId id) override;
    base::Result<std::vector<std::pair<record::OdsCode, base::Instant>>> SourcesOf(
        record::PersonId person) override;
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
  // Whether all that is known of the person stands with them and their own identities, so that no
  // change of another person's facts is one of theirs (store/facts.h).
  base::Result<bool> StandsAlone(const Person& person);

  Tables& tables_;
  DerivedCache& cache_;
  KeptRecords records_{*this};
  KeptFacts facts_{*this};
  std::optional<Person> person_;
};

}  // namespace milecastle::store::sqlite

// Entries, segments, statements and sources.
//
// Thread-safety and failure: as store/records.h.
#pragma once

#include "inside/entry_row.h"
#include "inside/labels_table.h"
#include "inside/patients_table.h"
#include "inside/session.h"
#include "store/records.h"

namespace milecastle::store::sqlite {

class RecordsTable final : public Records {
 public:
  RecordsTable(Session& session, PatientsTable& patients, LabelsTable& labels)
      : session_(session), connection_(session.connection), patients_(patients), labels_(labels) {}

  base::Result<std::shared_ptr<const Segment>> SegmentOf(record::PersonId person) override;
  base::Result<std::vector<SourceStatement>> StatementsOf(record::PersonId person) override;
  base::Result<std::optional<StoredEntry>> Find(record::EntryId id) override;
  base::Result<EntryHistory> HistoryOf(record::PersonId person, record::EntryId id,
                                       const HistoryLimit& limit) override;
  base::Result<std::vector<std::pair<record::OdsCode, base::Instant>>> SourcesOf(
      record::PersonId person) override;
  base::Result<std::optional<base::Instant>> LastHeard(const record::OdsCode& source) override;

  base::Result<Placed> Put(const StoredEntry& entry) override;
  base::Result<bool> PutOlder(const StoredEntry& entry) override;
  base::Result<std::optional<record::EntryClass>> Withdraw(record::IdentityId identity,
                                                           const std::string& source_key,
                                                           base::Instant at) override;
  base::Result<std::uint32_t> KeepOnly(record::IdentityId identity, const std::string& system,
                                       std::span<const record::Section> sections,
                                       std::span<const std::string> kept,
                                       base::Instant at) override;
  base::Result<std::uint32_t> KeepOnlyBelow(record::IdentityId identity,
                                            const std::string& document,
                                            std::span<const std::string> kept,
                                            base::Instant at) override;
  base::Result<void> PutStatement(record::IdentityId identity,
                                  const SourceStatement& statement) override;
  base::Result<void> NoteSaidAgain(record::IdentityId identity, const SaidAgain& said) override;
  base::Result<bool> WasSaidSince(const Word& word) override;
  base::Result<std::optional<record::Version>> VersionOf(record::IdentityId identity,
                                                         const std::string& key) override;
  base::Result<void> NoteVersion(record::IdentityId identity, const std::string& key,
                                 const record::Version& version) override;
  base::Result<void> DropStatements(record::IdentityId identity, const std::string& system,
                                    std::span<const record::Section> sections) override;

 private:
  base::Result<std::uint32_t> NoLongerSent(std::vector<EntryRow> entries, base::Instant at);

  Session& session_;
  Connection& connection_;
  PatientsTable& patients_;
  LabelsTable& labels_;
};

// In the module alone: facts read statements too.
base::Result<std::vector<SourceStatement>> StatementsIn(Connection& connection,
                                                        record::PersonId person);

}  // namespace milecastle::store::sqlite

// How far what is stored was brought under which rules, and the labels that this writes.
//
// Thread-safety and failure: as store/labels.h.
#pragma once

#include "inside/entry_row.h"
#include "inside/patients_table.h"
#include "inside/session.h"
#include "store/labels.h"

namespace milecastle::store::sqlite {

class LabelsTable final : public Labels {
 public:
  LabelsTable(Session& session, PatientsTable& patients)
      : session_(session), connection_(session.connection), patients_(patients) {}

  base::Result<std::optional<Labelling>> Newest() override;
  base::Result<DueEntries> Due(const Labelling& labelling, const DueLimits& limits) override;
  base::Result<std::vector<NumberedPerson>> PeopleAfter(std::uint64_t number,
                                                        std::size_t limit) override;
  base::Result<std::vector<StoredEntry>> EntriesOf(record::PersonId person) override;

  base::Result<Labelling> Begin(const base::Digest& rules, base::Instant now) override;
  base::Result<void> Relabel(std::uint64_t number, const Labelled& labelled) override;
  base::Result<void> Note(const Labelling& labelling) override;

  // The entry that is to be put, with the labels of the rules that are followed; nothing where it
  // has them. From the first on that is put under new rules the store knows that it came under
  // them.
  base::Result<std::optional<StoredEntry>> Follow(const StoredEntry& entry);

 private:
  base::Result<StoredEntry> Stored(EntryRow row);

  Session& session_;
  Connection& connection_;
  PatientsTable& patients_;
};

base::Result<std::optional<Labelling>> LabellingIn(Connection& connection);

}  // namespace milecastle::store::sqlite

// Every table over one connection, and the two faces that the store shows of them.
//
// Thread-safety: one thread at a time. Failure: the tables'.
#pragma once

#include "inside/facts_table.h"
#include "inside/journal_table.h"
#include "inside/labels_table.h"
#include "inside/outbox_table.h"
#include "inside/patients_table.h"
#include "inside/queues_table.h"
#include "inside/records_table.h"
#include "inside/trail_table.h"
#include "store/store.h"

namespace milecastle::store::sqlite {

struct Tables {
  explicit Tables(Session& session)
      : journal(session),
        patients(session),
        labels(session, patients),
        records(session, patients, labels),
        facts(session, patients),
        queues(session),
        outbox(session),
        trail(session) {}
  Tables(const Tables&) = delete;

  // Writes what works left for the end of theirs, or of all that are committed with them.
  base::Result<void> Finish() { return journal.WriteFeeds(); }

  JournalTable journal;
  PatientsTable patients;
  LabelsTable labels;
  RecordsTable records;
  FactsTable facts;
  QueuesTable queues;
  OutboxTable outbox;
  TrailTable trail;
};

class TableTransaction final : public Transaction {
 public:
  explicit TableTransaction(Tables& tables) : tables_(tables) {}
  Journal& journal() override { return tables_.journal; }
  Patients& patients() override { return tables_.patients; }
  Records& records() override { return tables_.records; }
  Labels& labels() override { return tables_.labels; }
  Facts& facts() override { return tables_.facts; }
  Queues& queues() override { return tables_.queues; }
  Outbox& outbox() override { return tables_.outbox; }
  Trail& trail() override { return tables_.trail; }

 private:
  Tables& tables_;
};

}  // namespace milecastle::store::sqlite

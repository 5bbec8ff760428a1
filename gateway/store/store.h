// The store: every port under one transaction, one writer, many readers.
//
// Write MUST run its works one at a time, in the order of their submission, though not on one
// thread. Works that wait are committed together, and one that fails is undone alone. `done` is
// called in the same order, after the commit is durable, and says why not where it is not; nobody
// reads what is not durable yet. After a sync that failed the store is finished: it never retries,
// calls its fatal callback, and answers kStoreUnavailable for ever.
//
// Thread-safety: Store may be used from any thread; a Transaction only inside its work; a Snapshot
// by one thread. Failure: kStoreUnavailable (disk full, fatal), kOverloaded is TryWrite's false.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "base/result.h"
#include "store/facts.h"
#include "store/journal.h"
#include "store/labels.h"
#include "store/outbox.h"
#include "store/patients.h"
#include "store/queues.h"
#include "store/records.h"
#include "store/trail.h"

namespace milecastle::store {

class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual Journal& journal() = 0;
  virtual Patients& patients() = 0;
  virtual Records& records() = 0;
  virtual Labels& labels() = 0;
  virtual Facts& facts() = 0;
  virtual Queues& queues() = 0;
  virtual Outbox& outbox() = 0;
  virtual Trail& trail() = 0;
};

// A view of one moment: everything committed before it, nothing after.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  virtual ReadJournal& journal() = 0;
  virtual ReadPatients& patients() = 0;
  virtual ReadRecords& records() = 0;
  virtual ReadLabels& labels() = 0;
  virtual ReadFacts& facts() = 0;
  virtual ReadQueues& queues() = 0;
  virtual ReadOutbox& outbox() = 0;
  virtual ReadTrail& trail() = 0;
};

class Store {
 public:
  using Work = std::function<base::Result<void>(Transaction&)>;
  using Done = std::function<void(base::Result<void>)>;

  virtual ~Store() = default;
  // False: the queue is full; nothing was taken and `done` will not be called.
  [[nodiscard]] virtual bool TryWrite(Work work, Done done) = 0;
  // As TryWrite. The work may be run more than once, each time on a transaction that shows nothing
  // of the times before: what it leaves outside the transaction it MUST leave anew.
  [[nodiscard]] virtual bool TryRepeatable(Work work, Done done) {
    return TryWrite(std::move(work), std::move(done));
  }
  virtual void WhenRoom(std::function<void()> again) = 0;  // once, when a write may be taken again
  virtual base::Result<std::unique_ptr<Snapshot>> Read() = 0;
  // From now on every reader has the labels of these rules at least (labels.h), and what is put is
  // labelled by them. It writes nothing: Labels::Begin notes it.
  virtual void Follow(std::shared_ptr<const Rulebook> rules) = 0;
};

// Writes and waits: for the command line, start-up, loops and tests; never on a thread that must
// not block.
base::Result<void> WriteAndWait(Store& store, const Store::Work& work);
base::Result<void> WriteRepeatableAndWait(Store& store, const Store::Work& work);

}  // namespace milecastle::store

// The port through which everything is audited: one log, or two of which the second stands ready.
//
// An implementation
//   MUST call on_durable exactly once for each Append, on a thread of its own or on the caller's;
//   MUST give a Receipt only after leaf, salt and payload are durable together;
//   MUST be idempotent by event id: the same event again gets the first one's Receipt, across
//     restarts, and the same id with another kind or payload gets kConflict;
//   MUST NOT retry after a failed write or sync: the log is sealed until the next start.
// on_durable MUST NOT block, MUST NOT throw, and may call Append.
// Thread-safety: Append may be called from any thread. Failure, through on_durable:
//   kAuditUnavailable  sealed, or the write failed: the entry may or may not be on disk
//   kOverloaded        the queue is full: nothing was written
//   kArgumentInvalid   payload too long or kind unknown: nothing was written
//   kConflict          this event id is taken by another entry
//   kShuttingDown      the log is closing: nothing was written
#pragma once

#include <functional>
#include <utility>

#include "audit/entry.h"
#include "audit/receipt.h"
#include "base/result.h"

namespace milecastle::audit {

class Appender {
 public:
  using OnDurable = std::function<void(base::Result<Receipt>)>;

  Appender() = default;
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  virtual ~Appender() = default;

  virtual void Append(Entry entry, OnDurable on_durable) = 0;
  // The same for one entry, of a caller on whom nobody else waits: where nobody is writing, it is
  // written on the caller's thread, which then blocks for a sync of the disk, and is spared the way
  // to another.
  virtual void AppendAtOnce(Entry entry, OnDurable on_durable) {
    Append(std::move(entry), std::move(on_durable));
  }
  virtual bool Available() const = 0;  // false: every Append fails until the next start
};

}  // namespace milecastle::audit

// The outbox: audit entries that were committed together with their effect and wait to become
// leaves.
//
// The store sees opaque bytes made by audit::Encode. One loop, govern/outbox, drains it to the log,
// once per event id.
//
// Thread-safety and failure: as journal.h.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "record/identifiers.h"

namespace milecastle::store {

struct OutboxRow {
  record::EventId event;
  std::string bytes;
};

class ReadOutbox {
 public:
  virtual ~ReadOutbox() = default;
  virtual base::Result<std::vector<OutboxRow>> Pending(
      std::size_t limit) = 0;  // in the order of their commit
  virtual base::Result<std::uint64_t> Backlog() = 0;
};

class Outbox : public virtual ReadOutbox {
 public:
  virtual base::Result<void> Add(const OutboxRow& row) = 0;
  virtual base::Result<void> Remove(const std::vector<record::EventId>& events) = 0;
};

}  // namespace milecastle::store

// The outbox.
//
// Thread-safety and failure: as store/outbox.h.
#pragma once

#include "inside/session.h"
#include "store/outbox.h"

namespace milecastle::store::sqlite {

class OutboxTable final : public Outbox {
 public:
  explicit OutboxTable(Session& session) : connection_(session.connection) {}

  base::Result<std::vector<OutboxRow>> Pending(std::size_t limit) override;
  base::Result<std::uint64_t> Backlog() override;
  base::Result<void> Add(const OutboxRow& row) override;
  base::Result<void> Remove(const std::vector<record::EventId>& events) override;

 private:
  Connection& connection_;
};

}  // namespace milecastle::store::sqlite

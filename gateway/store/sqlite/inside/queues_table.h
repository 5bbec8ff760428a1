// The queues.
//
// Thread-safety and failure: as store/queues.h.
#pragma once

#include "inside/session.h"
#include "store/queues.h"

namespace milecastle::store::sqlite {

class QueuesTable final : public Queues {
 public:
  explicit QueuesTable(Session& session) : connection_(session.connection) {}

  base::Result<std::optional<QueueItem>> Find(record::QueueItemId id) override;
  base::Result<std::vector<QueueItem>> Open(const std::vector<QueueKind>& kinds, std::size_t limit,
                                            std::optional<record::QueueItemId> after) override;
  base::Result<std::vector<QueueItem>> OpenFor(record::IdentityId identity) override;
  base::Result<std::vector<QueueItem>> OfMessage(record::MessageId message) override;
  base::Result<std::vector<QueueItem>> MatchesOf(record::IdentityId identity) override;
  base::Result<bool> HasSameCause(const QueueItem& item) override;
  base::Result<void> Add(const QueueItem& item) override;
  base::Result<void> Close(record::QueueItemId id, const std::string& resolution,
                           const std::string& by, base::Instant at) override;

 private:
  Connection& connection_;
};

}  // namespace milecastle::store::sqlite

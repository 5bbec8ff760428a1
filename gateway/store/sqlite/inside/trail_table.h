// The trail.
//
// Thread-safety and failure: as store/trail.h.
#pragma once

#include "inside/session.h"
#include "store/trail.h"

namespace milecastle::store::sqlite {

class TrailTable final : public Trail {
 public:
  explicit TrailTable(Session& session) : connection_(session.connection) {}

  base::Result<std::vector<TrailRow>> Search(const TrailQuery& query) override;
  base::Result<std::uint64_t> NextLeaf(const std::string& origin) override;
  base::Result<std::optional<NotedHead>> HeadOf(const std::string& origin) override;
  base::Result<void> Put(const TrailRow& row) override;
  base::Result<void> NoteHead(const NotedHead& head) override;

 private:
  Connection& connection_;
};

}  // namespace milecastle::store::sqlite

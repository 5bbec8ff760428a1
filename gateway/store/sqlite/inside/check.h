// Fsck, over a connection of its own.
//
// Thread-safety: one thread a call. Failure: as store/upkeep.h.
#pragma once

#include "inside/connection.h"
#include "store/upkeep.h"

namespace milecastle::store::sqlite {

base::Result<FsckReport> Check(Connection& connection,
                               const std::function<void(const FsckProgress&)>& progress);

}  // namespace milecastle::store::sqlite

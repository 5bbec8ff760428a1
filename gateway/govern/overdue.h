// Reviews whose time is over, for the alarm: by kind alone, so that nothing of a
// person is in it.
//
// Thread-safety: functions without state. Failure: as the store reads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "govern/parts.h"
#include "store/queues.h"

namespace milecastle::govern {

// By when it is to be closed, where anything asks for that: a duty, or the policy in force.
std::optional<base::Instant> DueOf(const store::QueueItem& item, const Parts& parts);
bool IsOverdue(const store::QueueItem& item, const Parts& parts);

struct Overdue {
  store::QueueKind kind = store::QueueKind::kBreakGlassReview;
  std::uint64_t items = 0;
  base::Instant since;  // when the first of them was due
};
// One for each kind that has a time, where none is overdue too: 0 items, since now.
base::Result<std::vector<Overdue>> CountOverdue(const Parts& parts);

}  // namespace milecastle::govern

// Which of the entries that an answer shows are of the same thing, told by several sources, and
// whether those sources, or one of them itself, contradict each other. Nothing is merged: each
// entry stands with its source.
//
// Made of what the decision freed alone: what is kept back makes no group and no contradiction.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <cstdint>
#include <vector>

#include "store/records.h"
#include "wire/view.h"

namespace milecastle::disclose {

// Of the entries at these places, which have keys: those that were freed, in the order of the
// segment, which is that of the groups too. The ids live as long as the segment.
std::vector<wire::ShownGroup> GroupsOf(const store::Segment& segment,
                                       const std::vector<std::uint32_t>& freed);

}  // namespace milecastle::disclose

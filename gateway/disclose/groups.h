// Which of the entries that an answer shows are of the same thing, told by several sources, and
// whether those sources, or one of them itself, contradict each other. Nothing is merged: each
// entry stands with its source.
//
// Made of what the decision freed alone: what is kept back makes no group and no contradiction.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <span>
#include <vector>

#include "decide/decision.h"
#include "store/records.h"
#include "wire/view.h"

namespace milecastle::disclose {

// In the order of the segment, each group's entries too. The ids live as long as the segment.
std::vector<wire::ShownGroup> GroupsOf(const store::Segment& segment,
                                       std::span<const decide::Shown> freed);

}  // namespace milecastle::disclose

// What a leaf's payload leaves to be done. For govern/trail alone.
//
// Thread-safety: functions without state. Failure: a payload that says nothing of duties gives
// none.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/payload.h"
#include "record/facts.h"
#include "store/queues.h"
#include "store/trail.h"

namespace milecastle::govern {

std::vector<store::QueueItem> WorkFrom(const store::TrailRow& row, const audit::Headline& headline,
                                       std::string_view payload);

// A relationship that the user declared in a request that was permitted.
using DeclaredRelationship = std::pair<record::PersonId, record::Evidence>;
std::optional<DeclaredRelationship> DeclarationFrom(const store::TrailRow& row,
                                                    const audit::Headline& headline,
                                                    std::string_view payload);

}  // namespace milecastle::govern

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

// A relationship that the user declared in a request that was permitted.
using DeclaredRelationship = std::pair<record::PersonId, record::Evidence>;

struct Entailed {
  std::vector<store::QueueItem> work;
  std::optional<DeclaredRelationship> declared;
};
Entailed EntailedBy(const store::TrailRow& row, const audit::Headline& headline,
                    std::string_view payload);

}  // namespace milecastle::govern

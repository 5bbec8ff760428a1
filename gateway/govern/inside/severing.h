// Severing as the other work of identity officers meets it: undone by a review, and kept apart from
// whatever names two persons. For govern/reviews.cc and govern/identity.cc alone.
//
// Thread-safety: as the transaction. Failure: as each says; the store's errors.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace milecastle::govern {

// Found, linked and suggested as before. Messages that had waited for the person wait again; merge
// reviews that were taken apart stay apart, and what was quarantined as it came stays so. kConflict
// where the person is not severed, or somebody else, active or severed, has the number by now.
base::Result<void> Restore(store::Transaction& transaction, const record::PersonId& person,
                           const std::string& by, base::Instant at);

// A merge review of these as an item for each, in which the tighter consent holds for them; the
// severed person's is for the named role alone. With neither message nor identity: both would lead
// from the one to the other.
std::vector<store::QueueItem> TakenApart(const store::QueueItem& review,
                                         const std::set<record::PersonId>& named,
                                         const record::PersonId& severed, base::Instant at);

}  // namespace milecastle::govern

// Undoing a severing. For govern/reviews.cc alone.
//
// Thread-safety: as the transaction. Failure: kConflict where the person is not severed, or another
// active person has the number by now; the store's errors.
#pragma once

#include "base/result.h"
#include "store/store.h"

namespace milecastle::govern {

// Found, linked and suggested as before. What was taken apart in the queues stays apart.
base::Result<void> Restore(store::Transaction& transaction, const record::PersonId& person);

}  // namespace milecastle::govern

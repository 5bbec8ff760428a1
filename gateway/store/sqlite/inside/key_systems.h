// Puts keys that were kept without a record system into that of the feed that brought them.
//
// Thread-safety: at open, by one thread, inside a migration. Failure: kStoreCorrupt for a row whose
// seal is broken; the store's errors.
#pragma once

#include "inside/connection.h"

namespace milecastle::store::sqlite {

// Of a store that is older than 0020_record_systems, once.
base::Result<void> PutKeysInSystems(Connection& connection);

// Of one that is older than 0021_flag_systems: what was said of the location by a source's code is
// put under the feed that the word came by. What no one feed brought stays, and is lifted by none.
base::Result<void> PutFlagsInSystems(Connection& connection);

}  // namespace milecastle::store::sqlite

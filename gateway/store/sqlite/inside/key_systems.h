// Puts keys that were kept without a record system into that of the feed that brought them.
//
// Thread-safety: at open, by one thread, inside a migration. Failure: kStoreCorrupt for a row whose
// seal is broken; the store's errors.
#pragma once

#include "inside/connection.h"

namespace milecastle::store::sqlite {

// Of a store that is older than 0020_record_systems, once.
base::Result<void> PutKeysInSystems(Connection& connection);

}  // namespace milecastle::store::sqlite

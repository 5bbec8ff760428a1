// What our queries ask of packed columns that SQL alone cannot.
//
//   holds_text(packed, text)   1 where a packed list of texts holds this one, else 0
//
// Thread-safety: each connection has its own. Failure: SQLITE_CORRUPT, which ends the query, where
// the column is no such list.
#pragma once

#include <sqlite3.h>

namespace milecastle::store::sqlite {

// SQLITE_OK, or why they cannot be added.
[[nodiscard]] int AddFunctions(sqlite3* connection);

}  // namespace milecastle::store::sqlite

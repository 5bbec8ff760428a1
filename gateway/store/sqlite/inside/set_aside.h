// A damaged database file, and the log and index beside it, under another name in the same folder:
// directory.db.damaged-20261123T023000Z, with -wal and -shm behind it, as SQLite's tools open them.
//
// A few are kept for a while and no more: they may hold what has since had to be forgotten.
//
// Thread-safety: nobody may have the file open. Failure: kStoreUnavailable.
#pragma once

#include <filesystem>

#include "base/clock.h"
#include "base/result.h"

namespace milecastle::store::sqlite {

// None of those that are there is overwritten.
base::Result<void> SetAside(const std::filesystem::path& database, base::Instant now);
// Takes away what was set aside too long ago, and the oldest where there are too many.
void DropOldSetAside(const std::filesystem::path& database, base::Instant now);

}  // namespace milecastle::store::sqlite

// Makes a file that only the gateway's own user may read; SQLite gives its log the same mode.
//
// Thread-safety: any thread. Failure: kStoreUnavailable.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace milecastle::store::sqlite {

base::Result<void> MakeOwnFile(const std::filesystem::path& path);

}  // namespace milecastle::store::sqlite

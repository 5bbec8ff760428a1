// The directories of services on SQLite: a file of their own, beside the store's.
//
// One connection writes, a few read, in WAL mode. What is replaced is overwritten in the file: an
// address that is no longer to be known must not stand in it. Opening reads all of the file, so
// that what is damaged is found then, and not by whoever looks for a service.
//
// Thread-safety: as store/directory.h. Failure: kConfigInvalid for a newer file, or another
// program's; kStoreCorrupt for a damaged one; kStoreUnavailable.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "store/directory.h"

namespace milecastle::store::sqlite {

// Made with mode 0600 where it is not there; its folder must be.
base::Result<std::unique_ptr<ServiceDirectory>> OpenDirectory(const std::filesystem::path& path);

struct OpenedDirectory {
  std::unique_ptr<ServiceDirectory> directory;
  std::optional<base::Error> damage;  // of the file that stood there, and is set aside
};
// A damaged file is set aside (inside/set_aside.h says where), and another one made.
base::Result<OpenedDirectory> OpenOrMakeDirectory(const std::filesystem::path& path,
                                                  base::Instant now);

}  // namespace milecastle::store::sqlite

// The store on SQLite: one file in WAL mode, one writer with group commit, a few readers.
//
// The life of a write: TryWrite queues it → the writer takes all that wait, up to `batch_limit` →
// one transaction → COMMIT → a sync of the log, while the next works run → `done`. A snapshot waits
// for the sync of what it sees, so that nobody reads what a crash would take back. A sync or write
// that fails with an I/O error ends the store (store.h): `on_fatal` is called once, on a thread of
// the writer, and nothing is acknowledged any more. A full disk fails the batch that met it, and no
// more.
//
// Thread-safety: as store.h and upkeep.h. Every Snapshot MUST be gone before the Database is.
// Failure: Open: kConfigInvalid (a newer database, or another program's), kStoreCorrupt,
// kStoreUnavailable.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"
#include "store/upkeep.h"

namespace milecastle::store::sqlite {

struct Options {
  std::filesystem::path path;  // created with mode 0600 where it does not exist; its folder must
  int wal_autocheckpoint = 20000;                // pages of 4 KiB
  std::size_t queue_limit = 4096;                // works that wait
  std::size_t batch_limit = 512;                 // works in one commit
  std::size_t readers = 8;                       // snapshots at one time
  std::chrono::milliseconds read_wait{2000};     // for a reader; then kOverloaded
  std::size_t segment_cache_bytes = 256U << 20;  // with what is kept beside the segments
  std::int64_t mmap_bytes = 1LL << 30;           // per reader
  const base::Clock* clock = nullptr;            // borrowed, outlives the store; none: the system's
  std::function<void(const base::Error&)> on_fatal;
  std::string vfs;  // SQLite's name of the file layer; empty: its default
};

class Database : public Store, public Upkeep {};

base::Result<std::unique_ptr<Database>> Open(Options options);

// Snapshots of a store that another program may be writing, or nobody. Nothing is written, and no
// migration is made: kConfigInvalid where the file is of another version of the program.
class Reading {
 public:
  virtual ~Reading() = default;
  virtual base::Result<std::unique_ptr<Snapshot>> Read() = 0;
};
base::Result<std::unique_ptr<Reading>> OpenToRead(Options options);

}  // namespace milecastle::store::sqlite

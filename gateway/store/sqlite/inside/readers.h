// A few read-only connections, each lent to one snapshot at a time.
//
// Thread-safety: Lend may be called from any thread. Every snapshot MUST be gone before the pool.
// Failure: kOverloaded where none came free in time; kStoreUnavailable.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "inside/kept.h"
#include "inside/tables.h"
#include "sqlite/store.h"

namespace milecastle::store::sqlite {

struct Reader {
  Reader(std::unique_ptr<Connection> opened, DerivedCache& derived, const Following& following)
      : connection(std::move(opened)),
        session(*connection, &following),
        tables(session),
        kept(tables, derived, following) {}
  std::unique_ptr<Connection> connection;
  Session session;
  Tables tables;
  Kept kept;
};

class Readers {
 public:
  static base::Result<std::unique_ptr<Readers>> Open(const Options& options, DerivedCache& derived,
                                                     const Following& following);

  base::Result<std::unique_ptr<Snapshot>> Lend();
  // Once more of the same, for a task that lasts: it takes none from those who wait.
  base::Result<std::unique_ptr<Connection>> OpenAnother() const;

 private:
  class Lent;
  explicit Readers(const Options& options) : options_(options) {}
  std::unique_ptr<Reader> TakeFree();
  void GiveBack(std::unique_ptr<Reader> reader);

  const Options& options_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Reader>> free_;
};

}  // namespace milecastle::store::sqlite

// One open database file with its prepared statements.
//
// Thread-safety: one thread at a time. Failure: kStoreCorrupt for what is no database,
// kStoreUnavailable.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "inside/statement.h"

namespace milecastle::store::sqlite {

enum class Access { kReadOnly, kReadWrite };

class Connection {
 public:
  static base::Result<std::unique_ptr<Connection>> Open(const std::string& path, Access access,
                                                        const std::string& vfs);

  // `sql` is a constant that outlives the connection, and is known by where it stands.
  base::Result<Statement*> Prepared(std::string_view sql);
  // Several statements without parameters and rows: pragmas, migrations.
  base::Result<void> Execute(std::string_view sql);

  // Notes the worst that a statement met: a transaction that met a full disk or an I/O error is
  // not to be trusted, whatever a caller made of the error.
  base::Error Failed(int code);
  bool met_io_error() const { return met_io_error_; }
  bool met_full_disk() const { return met_full_disk_; }
  void ForgetFullDisk() { met_full_disk_ = false; }

  bool InTransaction() const { return sqlite3_get_autocommit(raw_.get()) == 0; }
  // After a failed sync: closing must not checkpoint, for that would sync once more.
  void CloseWithoutCheckpoint();
  sqlite3* raw() const { return raw_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* raw) const { sqlite3_close_v2(raw); }
  };
  explicit Connection(sqlite3* raw) : raw_(raw) {}

  std::unique_ptr<sqlite3, Close> raw_;
  std::unordered_map<const char*, Statement> statements_;
  bool met_io_error_ = false;
  bool met_full_disk_ = false;
};

}  // namespace milecastle::store::sqlite

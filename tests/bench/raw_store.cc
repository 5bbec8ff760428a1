// The store's own floor: SQLite with the gateway's settings, and nothing but the raw message under
// a unique key, inserted in batches.
//
// Thread-safety: one thread. Failure: ends where SQLite fails.

#include <sqlite3.h>

#include <string>

#include "kit/folder.h"
#include "messages.h"
#include "stopwatch.h"

namespace milecastle::bench {
namespace {

class Floor {
 public:
  explicit Floor(const std::string& path) {
    Require(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0));
    Require(sqlite3_open_v2(path.c_str(), &raw_,
                            SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                            nullptr));
    Execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "PRAGMA wal_autocheckpoint = 20000; PRAGMA cache_size = -65536;"
        "CREATE TABLE messages (seq INTEGER PRIMARY KEY, control_id TEXT NOT NULL UNIQUE,"
        " bytes BLOB NOT NULL) STRICT");
    Require(sqlite3_prepare_v2(raw_, "INSERT INTO messages (control_id, bytes) VALUES (?,?)", -1,
                               &insert_, nullptr));
  }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;
  ~Floor() {
    sqlite3_finalize(insert_);
    sqlite3_close(raw_);
  }

  void Insert(const std::string& control_id, const std::string& bytes) {
    sqlite3_bind_text64(insert_, 1, control_id.data(), control_id.size(), SQLITE_STATIC,
                        SQLITE_UTF8);
    sqlite3_bind_blob64(insert_, 2, bytes.data(), bytes.size(), SQLITE_STATIC);
    if (sqlite3_step(insert_) != SQLITE_DONE) Fail("SQLite refused a row");
    sqlite3_reset(insert_);
  }
  void Execute(const char* sql) { Require(sqlite3_exec(raw_, sql, nullptr, nullptr, nullptr)); }

 private:
  static void Require(int code) {
    if (code != SQLITE_OK) Fail("SQLite failed");
  }
  sqlite3* raw_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

void Run(const Options& options) {
  const kit::TemporaryFolder folder;
  Floor floor(folder.path() / "floor.db");
  const std::size_t batch = options.Count("batch", 64);
  const Admissions admissions(1000);
  std::size_t count = 0;
  const Stopwatch watch;
  while (watch.took() < options.Seconds()) {
    floor.Execute("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < batch; ++i, ++count) {
      floor.Insert(Admissions::ControlId(count), admissions.Message(count));
    }
    floor.Execute("COMMIT");
  }
  Report(watch.Read(static_cast<double>(count), count));
}

}  // namespace
}  // namespace milecastle::bench

int main(int argc, char** argv) { milecastle::bench::Run(milecastle::bench::Options(argc, argv)); }

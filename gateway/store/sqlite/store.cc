#include "sqlite/store.h"

#include "inside/check.h"
#include "inside/migrations.h"
#include "inside/own_file.h"
#include "inside/query.h"
#include "inside/readers.h"
#include "inside/writer.h"

namespace milecastle::store::sqlite {
namespace {

base::Error Unavailable(std::string advice) {
  return {base::ErrorId::kStoreUnavailable, "the record store's file", std::move(advice)};
}

base::Error Stopped() { return Unavailable("a write failed and the store has stopped"); }

Options WithClock(Options options) {
  static const base::SystemClock system_clock;
  if (options.clock == nullptr) options.clock = &system_clock;
  return options;
}

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(Options options)
      : options_(WithClock(std::move(options))), derived_(options_.segment_cache_bytes) {}

  base::Result<void> Open();

  bool TryWrite(Work work, Done done) override {
    return writer_->TryTake({std::move(work), std::move(done), false});
  }
  bool TryRepeatable(Work work, Done done) override {
    return writer_->TryTake({std::move(work), std::move(done), true});
  }
  void WhenRoom(std::function<void()> again) override { writer_->WhenRoom(std::move(again)); }
  base::Result<std::unique_ptr<Snapshot>> Read() override {
    if (writer_->fatal()) return Stopped();
    writer_->AwaitDurable();  // first without a reader, so that few wait with one in hand
    auto snapshot = readers_->Lend();
    if (snapshot) writer_->AwaitDurable();
    if (snapshot && writer_->fatal()) return Stopped();
    return snapshot;
  }
  base::Result<FsckReport> Fsck(const std::function<void(const FsckProgress&)>& progress) override {
    const auto connection = readers_->OpenAnother();
    if (!connection) return connection.error();
    return Check(**connection, progress);
  }
  void Follow(std::shared_ptr<const Rulebook> rules) override {
    following_.Follow(std::move(rules));
  }
  WriteTried LastWrite() const override { return writer_->last(); }

 private:
  const Options options_;
  DerivedCache derived_;
  Following following_;
  // In this order: the writer closes last, and folds the log into the file.
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Readers> readers_;
};

class SqliteReading final : public Reading {
 public:
  explicit SqliteReading(Options options)
      : options_(WithClock(std::move(options))), derived_(options_.segment_cache_bytes) {}

  base::Result<void> Open() {
    auto readers = Readers::Open(options_, derived_, following_);
    if (!readers) return readers.error();
    readers_ = *std::move(readers);
    auto own = readers_->OpenAnother();
    return own ? AssertCurrent(**own) : own.error();
  }
  base::Result<std::unique_ptr<Snapshot>> Read() override { return readers_->Lend(); }

 private:
  const Options options_;
  DerivedCache derived_;
  Following following_;
  std::unique_ptr<Readers> readers_;
};

base::Result<void> SetUp(Connection& connection) {
  for (const std::string_view pragma :
       {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
        "PRAGMA wal_autocheckpoint = 0",
        // A commit looks through all of it.
        "PRAGMA cache_size = -32768",
        // What a savepoint needs to be undone: past 64 KiB it would go to a file of its own.
        "PRAGMA temp_store = MEMORY"}) {
    if (auto set = connection.Execute(pragma); !set) return set;
  }
  return {};
}

// Read back: a setting that SQLite passed over would lose what it acknowledged.
base::Result<void> AssertDurable(Connection& connection) {
  const auto synchronous = Number(connection, "PRAGMA synchronous", {});
  const auto foreign_keys = Number(connection, "PRAGMA foreign_keys", {});
  auto mode = Running::Start(connection, "PRAGMA journal_mode", {});
  if (!synchronous || !foreign_keys || !mode || !mode->Next()) {
    return Unavailable("its settings cannot be read back");
  }
  const Value name = mode->statement().Column(0);
  const auto* const text = std::get_if<std::string_view>(&name.held);
  const bool wal = text != nullptr && *text == "wal";
  if (!wal || *synchronous != 2 || *foreign_keys != 1) {
    return Unavailable(
        "it does not take a write-ahead log with full syncs: put it on a local disk");
  }
  return {};
}

base::Result<void> SqliteDatabase::Open() {
  if (auto made = MakeOwnFile(options_.path); !made) return made;
  auto opened = Connection::Open(options_.path, Access::kReadWrite, options_.vfs);
  if (!opened) return opened.error();
  Connection& connection = **opened;
  // Before anything is written to it: it may be another program's.
  if (auto ready = AssertOurs(connection); !ready) return ready;
  if (auto ready = SetUp(connection); !ready) return ready;
  if (auto durable = AssertDurable(connection); !durable) return durable;
  if (auto migrated = Migrate(connection, options_.clock->Now()); !migrated) return migrated;
  auto readers = Readers::Open(options_, derived_, following_);
  if (!readers) return readers.error();
  readers_ = *std::move(readers);
  writer_ = std::make_unique<Writer>(options_, *std::move(opened), following_);
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Reading>> OpenToRead(Options options) {
  auto reading = std::make_unique<SqliteReading>(std::move(options));
  if (const auto opened = reading->Open(); !opened) return opened.error();
  return std::unique_ptr<Reading>(std::move(reading));
}

base::Result<std::unique_ptr<Database>> Open(Options options) {
  // Counting every allocation under one lock costs 4 % and nobody reads it. Refused, and no loss,
  // where SQLite is in use already.
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
  auto database = std::make_unique<SqliteDatabase>(std::move(options));
  if (const auto opened = database->Open(); !opened) return opened.error();
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace milecastle::store::sqlite

#include "sqlite/directory.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>

#include "inside/own_file.h"
#include "inside/query.h"
#include "inside/service_fields.h"
#include "inside/set_aside.h"

namespace milecastle::store::sqlite {
namespace {

using record::DirectoryService;

constexpr std::string_view kServices = "services";
constexpr std::string_view kSources = "sources";
constexpr std::size_t kIdleReaders = 4;
constexpr std::size_t kMostFound = std::size_t{1} << 20;  // bytes of one page, as they are kept
constexpr base::Instant::duration kGoneFor = std::chrono::days(366);

// "MCDV". A file that has none yet is made; another program's is left alone.
constexpr std::int64_t kApplication = 0x4D434456;
constexpr std::int64_t kVersion = 1;
constexpr std::string_view kSchema = R"sql(
PRAGMA application_id = 0x4D434456;
PRAGMA user_version = 1;
CREATE TABLE sources (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  name TEXT NOT NULL UNIQUE,
  began INTEGER NOT NULL,
  services INTEGER NOT NULL,
  gone INTEGER NOT NULL,
  refused INTEGER NOT NULL
) STRICT;
CREATE TABLE services (
  seq INTEGER PRIMARY KEY,
  seal BLOB NOT NULL,
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  began INTEGER NOT NULL,
  gone INTEGER,
  service BLOB NOT NULL,
  UNIQUE (source, id)
) STRICT;
CREATE INDEX services_by_name ON services (name, source, id) WHERE gone IS NULL;
CREATE INDEX services_by_id ON services (id, source);
)sql";

// What these rows say is public, and can be read again: nothing of it is restored.
base::Error OfDirectory(base::Error error) {
  if (error.id != base::ErrorId::kStoreCorrupt && error.id != base::ErrorId::kStoreUnavailable) {
    return error;
  }
  error.place = "the service directory's file";
  if (error.id == base::ErrorId::kStoreCorrupt) {
    error.advice =
        "reload the gateway, which sets the file aside and has its sources read again; import "
        "again what was imported by hand";
  }
  return error;
}

HeldService ReadService(Row& row) {
  HeldService held;
  held.source = row.Text();
  const std::string id = row.Text();
  row.Text();  // the folded name
  held.read = row.Time();
  held.gone = row.Maybe(&Row::Time);
  auto service = Unpack<DirectoryService>(row.Bytes());
  if (!service || service->id != id) {
    row.Break();
    return held;
  }
  held.service = std::move(*service);
  return held;
}

base::Result<void> AddService(Connection& connection, const HeldService& held) {
  const std::string body = Pack(held.service);
  return Insert(connection,
                "INSERT INTO services (seal, source, id, name, began, gone, service)"
                " VALUES (?,?,?,?,?,?,?)",
                kServices,
                {held.source, held.service.id, record::FoldedName(held.service.name), held.read,
                 held.gone, Blob{body}});
}

base::Result<void> Drop(Connection& connection, const HeldService& held) {
  return Run(connection, "DELETE FROM services WHERE source = ? AND id = ?",
             {held.source, held.service.id});
}

HeldService Gone(HeldService held, base::Instant since) {
  const DirectoryService& was = held.service;
  held.service = DirectoryService{.id = was.id,
                                  .name = was.name,
                                  .status = was.status,
                                  .organisation_id = was.organisation_id,
                                  .organisation = was.organisation,
                                  .address_kept_back = was.address_kept_back,
                                  .assured = was.assured,
                                  .last_modified = was.last_modified};
  held.gone = since;
  return held;
}

// One reading over what is kept of its source, within a transaction.
class Replacing {
 public:
  Replacing(Connection& connection, const DirectoryReading& reading)
      : connection_(connection),
        reading_(reading),
        unread_(reading.unread.begin(), reading.unread.end()) {
    for (const DirectoryService& service : reading.services) fresh_[service.id] = &service;
  }

  base::Result<DirectoryChange> Do() {
    auto kept = All(connection_, "SELECT * FROM services WHERE source = ? ORDER BY id", kServices,
                    {reading_.source}, &ReadService);
    if (!kept) return kept.error();
    if (auto lossless = CheckLoss(*kept); !lossless) return lossless.error();
    change_.services = reading_.services.size();
    change_.added = reading_.services.size();
    for (HeldService& held : *kept) {
      if (auto settled = Settle(std::move(held)); !settled) return settled.error();
    }
    for (const auto& [id, service] : fresh_) {
      auto added = AddService(connection_, {reading_.source, *service, reading_.began, {}});
      if (!added) return added.error();
    }
    if (auto noted = NoteSource(); !noted) return noted.error();
    return change_;
  }

 private:
  bool StaysAway(const HeldService& held) const {
    return !fresh_.contains(held.service.id) && !unread_.contains(held.service.id);
  }

  base::Result<void> CheckLoss(const std::vector<HeldService>& kept) const {
    std::uint64_t there = 0;
    std::uint64_t lost = 0;
    for (const HeldService& held : kept) {
      if (held.gone) continue;
      ++there;
      if (StaysAway(held)) ++lost;
    }
    if (lost * 100 <= there * reading_.may_lose_percent) return {};
    return base::Error{base::ErrorId::kConflict, "services",
                       "of " + std::to_string(there) + " that are kept " + std::to_string(lost) +
                           " are missing: look at the source; if it is right, import it with "
                           "--accept-loss"};
  }

  // What is kept of one service, beside what was read.
  base::Result<void> Settle(HeldService held) {
    const auto fresh = fresh_.find(held.service.id);
    if (fresh != fresh_.end()) {
      if (!held.gone) --change_.added;
      if (!held.gone && !(held.service == *fresh->second)) ++change_.changed;
      return Drop(connection_, held);
    }
    if (held.gone) {
      if (*held.gone + kGoneFor < reading_.began) return Drop(connection_, held);
      ++gone_;
      return {};
    }
    if (unread_.contains(held.service.id)) {
      ++change_.unread;
      ++change_.services;
      return {};
    }
    ++change_.gone;
    ++gone_;
    if (auto dropped = Drop(connection_, held); !dropped) return dropped;
    return AddService(connection_, Gone(std::move(held), reading_.began));
  }

  base::Result<void> NoteSource() {
    auto dropped = Run(connection_, "DELETE FROM sources WHERE name = ?", {reading_.source});
    if (!dropped) return dropped;
    return Insert(connection_,
                  "INSERT INTO sources (seal, name, began, services, gone, refused)"
                  " VALUES (?,?,?,?,?,?)",
                  kSources,
                  {reading_.source, reading_.began, change_.services, gone_, reading_.refused});
  }

  Connection& connection_;
  const DirectoryReading& reading_;
  const std::set<std::string> unread_;
  std::map<std::string, const DirectoryService*> fresh_;
  DirectoryChange change_;
  std::uint64_t gone_ = 0;  // with those of earlier readings
};

// Stops at the one that is past the page.
base::Result<FoundServices> SearchIn(Connection& connection, const DirectorySearch& search) {
  const ServicePlace after = search.after.value_or(ServicePlace{});
  auto running = Running::Start(
      connection,
      "SELECT * FROM services WHERE gone IS NULL AND (name, source, id) > (?1, ?2, ?3)"
      " AND (?4 = '' OR source = ?4) ORDER BY name, source, id",
      std::array<Value, 4>{after.name, after.source, after.id, search.source});
  if (!running) return running.error();
  FoundServices found;
  std::size_t bytes = 0;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) return found;
    if (!SealHolds(kServices, running->statement())) return BrokenRow(kServices);
    Row row(running->statement(), kFirstColumn);
    HeldService held = ReadService(row);
    if (row.broken()) return BrokenRow(kServices);
    if (!record::Matches(held.service, search.query)) continue;
    constexpr int kBody = kFirstColumn + 5;
    bytes += std::get<Blob>(running->statement().Column(kBody).held).bytes.size();
    const bool full = found.services.size() == search.limit || bytes > kMostFound;
    if (full && !found.services.empty()) {
      const HeldService& last = found.services.back();
      found.next =
          ServicePlace{record::FoldedName(last.service.name), last.source, last.service.id};
      return found;
    }
    found.services.push_back(std::move(held));
  }
}

DirectorySource ReadSource(Row& row) {
  DirectorySource source;
  source.name = row.Text();
  source.began = row.Time();
  source.services = static_cast<std::uint64_t>(row.Int());
  source.gone = static_cast<std::uint64_t>(row.Int());
  source.refused = static_cast<std::uint64_t>(row.Int());
  return source;
}

base::Result<void> SetUp(Connection& connection) {
  const auto id = Number(connection, "PRAGMA application_id", {});
  if (!id) return id.error();
  const auto tables = Number(connection, "SELECT count(*) FROM sqlite_schema", {});
  if (!tables) return tables.error();
  const auto version = Number(connection, "PRAGMA user_version", {});
  if (!version) return version.error();
  const bool is_new = **tables == 0;
  if (!is_new && (**id != kApplication || **version > kVersion)) {
    return base::Error{base::ErrorId::kConfigInvalid, "the service directory's file",
                       "it is another program's, or a newer one's: take it away, and let the "
                       "sources be read again"};
  }
  for (const std::string_view pragma :
       {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON",
        "PRAGMA temp_store = MEMORY"}) {
    if (auto set = connection.Execute(pragma); !set) return set;
  }
  if (!is_new) return {};
  if (auto begun = connection.Execute("BEGIN IMMEDIATE"); !begun) return begun;
  if (auto made = connection.Execute(kSchema); !made) return made;
  return connection.Execute("COMMIT");
}

base::Error Damaged() {
  return {base::ErrorId::kStoreCorrupt, "the service directory's file", "it is damaged"};
}

// All of it: its pages, its tables, and each row's seal.
base::Result<void> CheckWhole(Connection& connection) {
  const auto tables = Number(
      connection,
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('sources', 'services')",
      {});
  if (!tables) return tables.error();
  const auto faults =
      Number(connection, "SELECT count(*) FROM pragma_quick_check WHERE quick_check <> 'ok'", {});
  if (!faults) return faults.error();
  if (**tables != 2 || **faults != 0) return Damaged();
  auto sources = Each(connection, "SELECT * FROM sources", kSources, {},
                      [](Row& row) { static_cast<void>(ReadSource(row)); });
  if (!sources) return sources;
  return Each(connection, "SELECT * FROM services", kServices, {},
              [](Row& row) { static_cast<void>(ReadService(row)); });
}

class SqliteDirectory final : public ServiceDirectory {
 public:
  SqliteDirectory(std::filesystem::path path, std::unique_ptr<Connection> writer)
      : path_(std::move(path)), writer_(std::move(writer)) {}

  base::Result<DirectoryChange> Replace(const DirectoryReading& reading) override {
    const std::lock_guard lock(write_mutex_);
    if (auto begun = writer_->Execute("BEGIN IMMEDIATE"); !begun) return OfDirectory(begun.error());
    auto change = Replacing(*writer_, reading).Do();
    if (change) {
      auto kept = writer_->Execute("COMMIT");
      // The log still holds what was overwritten; where a reader holds it up, the next one empties
      // it.
      if (kept) static_cast<void>(writer_->Execute("PRAGMA wal_checkpoint(TRUNCATE)"));
      if (kept) return change;
      change = kept.error();
    }
    if (writer_->InTransaction()) static_cast<void>(writer_->Execute("ROLLBACK"));
    return OfDirectory(change.error());
  }

  base::Result<FoundServices> Search(const DirectorySearch& search) override {
    return Reading([&](Connection& connection) { return SearchIn(connection, search); });
  }
  base::Result<std::vector<HeldService>> Find(const std::string& id) override {
    return Reading([&](Connection& connection) {
      return All(connection, "SELECT * FROM services WHERE id = ? ORDER BY source", kServices, {id},
                 &ReadService);
    });
  }
  base::Result<std::vector<DirectorySource>> Sources() override {
    return Reading([](Connection& connection) {
      return All(connection, "SELECT * FROM sources ORDER BY name", kSources, {}, &ReadSource);
    });
  }

 private:
  template <class Read>
  auto Reading(Read read) -> decltype(read(std::declval<Connection&>())) {
    auto connection = TakeReader();
    if (!connection) return OfDirectory(connection.error());
    auto answer = read(**connection);
    GiveBack(std::move(*connection));
    if (!answer) return OfDirectory(answer.error());
    return answer;
  }

  base::Result<std::unique_ptr<Connection>> TakeReader() {
    {
      const std::lock_guard lock(idle_mutex_);
      if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        return connection;
      }
    }
    return Connection::Open(path_, Access::kReadOnly, "");
  }
  void GiveBack(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(idle_mutex_);
    if (idle_.size() < kIdleReaders) idle_.push_back(std::move(connection));
  }

  const std::filesystem::path path_;
  std::mutex write_mutex_;
  const std::unique_ptr<Connection> writer_;
  std::mutex idle_mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace

base::Result<std::unique_ptr<ServiceDirectory>> OpenDirectory(const std::filesystem::path& path) {
  if (auto made = MakeOwnFile(path); !made) return OfDirectory(made.error());
  auto connection = Connection::Open(path, Access::kReadWrite, "");
  if (!connection) return OfDirectory(connection.error());
  if (auto ready = SetUp(**connection); !ready) return OfDirectory(ready.error());
  if (auto whole = CheckWhole(**connection); !whole) return OfDirectory(whole.error());
  return std::unique_ptr<ServiceDirectory>(
      std::make_unique<SqliteDirectory>(path, std::move(*connection)));
}

base::Result<OpenedDirectory> OpenOrMakeDirectory(const std::filesystem::path& path,
                                                  base::Instant now) {
  OpenedDirectory opened;
  auto directory = OpenDirectory(path);
  if (!directory && directory.error().id == base::ErrorId::kStoreCorrupt) {
    opened.damage = directory.error();
    if (auto aside = SetAside(path, now); !aside) return aside.error();
    directory = OpenDirectory(path);
  }
  DropOldSetAside(path, now);
  if (!directory) return directory.error();
  opened.directory = std::move(*directory);
  return opened;
}

}  // namespace milecastle::store::sqlite

#include "inside/migrations.h"

#include "inside/counts.h"
#include "inside/identity_row.h"
#include "inside/key_systems.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::int64_t kApplicationId = 0x4D434153;  // as 0001_first.sql sets it

constexpr std::string_view kCreateTable =
    "CREATE TABLE migrations (seq INTEGER PRIMARY KEY, seal BLOB NOT NULL, name TEXT NOT NULL,"
    " applied INTEGER NOT NULL, schema BLOB NOT NULL) STRICT";

base::Error Refused(std::string advice) {
  return {base::ErrorId::kConfigInvalid, "the record store's file", std::move(advice)};
}

// Of every table and index, by name.
base::Result<base::Digest> SchemaDigest(Connection& connection) {
  auto running = Running::Start(
      connection, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name", {});
  if (!running) return running.error();
  std::string text;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) return base::Sha256(text);
    for (int i = 0; i < running->statement().columns(); ++i) {
      const Value column = running->statement().Column(i);
      if (const auto* words = std::get_if<std::string_view>(&column.held)) text += *words;
      text += '\0';
    }
  }
}

// How many migrations the database has had.
base::Result<std::int64_t> VersionOf(Connection& connection) {
  const auto tables = Number(connection, "SELECT count(*) FROM sqlite_schema", {});
  if (!tables) return tables.error();
  if (**tables == 0) return std::int64_t{0};
  const auto id = Number(connection, "PRAGMA application_id", {});
  if (!id) return id.error();
  if (**id != kApplicationId) {
    return Refused("it is a database of another program: name another file");
  }
  const auto version = Number(connection, "SELECT max(seq) FROM migrations", {});
  if (!version) return version.error();
  return version->value_or(0);
}

base::Result<std::int64_t> VersionToMigrateFrom(Connection& connection) {
  auto version = VersionOf(connection);
  if (version && *version > static_cast<std::int64_t>(Migrations().size())) {
    return Refused("it was written by a newer program: start that one, or restore a backup");
  }
  return version;
}

// What people are found by, made anew from who they are (0015_trace): page by page, for a statement
// that is being read must not be used by what it feeds.
base::Result<void> IndexEverybody(Connection& connection) {
  constexpr std::int64_t kPage = 1000;
  if (auto cleared = connection.Execute("DELETE FROM folded_names"); !cleared) return cleared;
  std::int64_t after = 0;
  while (true) {
    std::vector<Identity> page;
    const auto read =
        Each(connection, "SELECT * FROM identities WHERE seq > ? ORDER BY seq LIMIT ?",
             kIdentitiesTable, {after, kPage}, [&](Row& row) {
               after = row.seq();
               page.push_back(ReadIdentity(row));
             });
    if (!read) return read;
    if (page.empty()) return {};
    for (const Identity& identity : page) {
      if (auto indexed = IndexNames(connection, identity); !indexed) return indexed;
    }
  }
}

// What a migration does that SQL alone cannot.
base::Result<void> Follow(Connection& connection, const Migration& migration) {
  if (migration.name == "0012_counts") return CountWhatIsThere(connection);
  if (migration.name == "0015_trace") return IndexEverybody(connection);
  if (migration.name == "0020_record_systems") return PutKeysInSystems(connection);
  if (migration.name == "0021_flag_systems") return PutFlagsInSystems(connection);
  return {};
}

base::Result<void> Apply(Connection& connection, const Migration& migration, bool first,
                         base::Instant now) {
  if (first) {
    if (auto created = connection.Execute(kCreateTable); !created) return created;
  }
  if (auto done = connection.Execute(migration.sql); !done) return done;
  if (auto followed = Follow(connection, migration); !followed) return followed;
  const auto schema = SchemaDigest(connection);
  if (!schema) return schema.error();
  return Insert(connection, "INSERT INTO migrations (seal, name, applied, schema) VALUES (?,?,?,?)",
                "migrations", {migration.name, now, *schema});
}

}  // namespace

base::Result<bool> SchemaHolds(Connection& connection) {
  const auto schema = SchemaDigest(connection);
  if (!schema) return schema.error();
  bool holds = false;
  const auto read = Each(connection, "SELECT * FROM migrations ORDER BY seq DESC LIMIT 1",
                         "migrations", {}, [&](Row& row) {
                           row.Text();
                           row.Time();
                           holds = row.Digest() == *schema;
                         });
  if (!read) return read.error();
  return holds;
}

base::Result<void> AssertOurs(Connection& connection) {
  const auto version = VersionToMigrateFrom(connection);
  if (!version) return version.error();
  return {};
}

base::Result<void> AssertCurrent(Connection& connection) {
  const auto version = VersionToMigrateFrom(connection);
  if (!version) return version.error();
  if (*version == static_cast<std::int64_t>(Migrations().size())) return {};
  return Refused("it was written by an older program: start the gateway of this one with it once");
}

base::Result<void> Migrate(Connection& connection, base::Instant now) {
  const auto version = VersionToMigrateFrom(connection);
  if (!version) return version.error();
  const auto migrations = Migrations();
  for (auto i = static_cast<std::size_t>(*version); i < migrations.size(); ++i) {
    if (auto begun = connection.Execute("BEGIN IMMEDIATE"); !begun) return begun;
    auto done = Apply(connection, migrations[i], i == 0, now);
    if (done) done = connection.Execute("COMMIT");
    if (!done) return done;  // closing the connection rolls back
  }
  const auto holds = SchemaHolds(connection);
  if (!holds) return holds.error();
  if (!*holds) {
    return base::Error{base::ErrorId::kStoreCorrupt, "the record store's schema",
                       "it is not the one that its migrations made: restore a backup"};
  }
  return {};
}

}  // namespace milecastle::store::sqlite

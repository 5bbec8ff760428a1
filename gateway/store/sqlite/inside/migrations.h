// The numbered migrations, and the runner that brings a database up to this program.
//
// Each runs in one transaction with its line in the table `migrations`: after a crash a database is
// at the old version or at the new one. The line holds a digest of the schema that resulted, so
// that a schema changed by any other hand is noticed.
//
// Thread-safety: at open, by one thread. Failure: kConfigInvalid for a database that is newer than
// the program or of another program; kStoreCorrupt; kStoreUnavailable.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "inside/connection.h"

namespace milecastle::store::sqlite {

struct Migration {
  std::string_view name;  // "0001_first"
  std::string_view sql;
};

std::span<const Migration> Migrations();

// Writes nothing: whether the database is new, or this program's or an older one's.
base::Result<void> AssertOurs(Connection& connection);

// Writes nothing: whether it had every migration of this program, and no more.
base::Result<void> AssertCurrent(Connection& connection);

base::Result<void> Migrate(Connection& connection, base::Instant now);

// Whether the schema is the one that the last migration left.
base::Result<bool> SchemaHolds(Connection& connection);

}  // namespace milecastle::store::sqlite

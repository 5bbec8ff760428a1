// Which version a source gave last of what stands under a key.
#include <array>

#include "inside/fields.h"
#include "inside/key_digest.h"
#include "inside/query.h"
#include "inside/records_table.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "versions";

std::string NameOf(const std::string& key) { return KeyDigest(key, kVersionBytes); }

record::Version ReadVersion(Row& row) {
  row.IdOf<record::IdentityId>();
  row.Bytes();  // key
  auto version = Unpack<record::Version>(row.Bytes());
  if (!version) row.Break();
  return std::move(version).value_or(record::Version());
}

}  // namespace

base::Result<std::optional<record::Version>> RecordsTable::VersionOf(record::IdentityId identity,
                                                                     const std::string& key) {
  const std::string name = NameOf(key);
  return First(connection_, "SELECT * FROM versions WHERE identity = ? AND key = ? LIMIT 1", kTable,
               {identity, Blob{name}}, &ReadVersion);
}

base::Result<void> RecordsTable::NoteVersion(record::IdentityId identity, const std::string& key,
                                             const record::Version& version) {
  const std::string name = NameOf(key);
  const std::string packed = Pack(version);
  const std::array<Value, 3> columns = {identity, Blob{name}, Blob{packed}};
  return Run(connection_,
             "INSERT INTO versions (seal, identity, key, version) VALUES (?,?,?,?)"
             " ON CONFLICT (identity, key) DO UPDATE SET seal = excluded.seal,"
             " version = excluded.version",
             {Blob{SealOf(kTable, columns)}, columns[0], columns[1], columns[2]});
}

}  // namespace milecastle::store::sqlite

// An entry as a row.
//
// Thread-safety: functions of their arguments. Failure: Row's.
#pragma once

#include "inside/row.h"
#include "store/records.h"

namespace milecastle::store::sqlite {

inline constexpr std::string_view kEntriesTable = "entries";

struct EntryRow {
  std::int64_t seq = 0;
  record::EntryId id;
  record::IdentityId identity;
  record::MessageId message;
  std::string source_key;
  std::int64_t entry_class = 0;  // its number
  record::Standing standing = record::Standing::kCurrent;
  std::optional<base::Instant> effective;
  base::Instant stored;
  std::optional<base::Instant> ended;
  std::uint16_t encoding_version = 1;
  std::uint16_t key_id = 0;
  std::string bytes;
  std::vector<record::Link> links;
  record::Likeness likeness;
  std::optional<LabelOrigin> origin;
};

EntryRow ReadEntry(Row& row);
// Nothing where there are none.
std::optional<std::string> Packed(const std::vector<record::Link>& links);
std::optional<std::string> Packed(const record::Likeness& likeness);
std::optional<std::string> Packed(const std::optional<LabelOrigin>& origin);
// Of an entry without one: of its labels nobody knows what gave them.
LabelOrigin UnknownOrigin(const record::EntryClass& entry_class);
// As it is written: nothing where the class has no labels, and the source said nothing.
std::optional<LabelOrigin> OriginToKeep(LabelOrigin origin, const record::EntryClass& entry_class);
Seal SealOfEntry(const EntryRow& entry);
// `entry_class` is the one that it names.
StoredEntry StoredOf(EntryRow row, record::EntryClass entry_class);

}  // namespace milecastle::store::sqlite

#include "inside/entry_row.h"

namespace milecastle::store::sqlite {

EntryRow ReadEntry(Row& row) {
  EntryRow entry;
  entry.seq = row.seq();
  entry.id = row.IdOf<record::EntryId>();
  entry.identity = row.IdOf<record::IdentityId>();
  entry.message = row.IdOf<record::MessageId>();
  entry.source_key = row.Text();
  entry.entry_class = row.Int();
  entry.standing = row.As<record::Standing>();
  entry.effective = row.Maybe(&Row::Time);
  entry.stored = row.Time();
  entry.ended = row.Maybe(&Row::Time);
  entry.encoding_version = static_cast<std::uint16_t>(row.Int());
  entry.key_id = static_cast<std::uint16_t>(row.Int());
  entry.bytes = row.Bytes();
  return entry;
}

std::string SealOfEntry(const EntryRow& entry) {
  const Value columns[] = {
      entry.id,          entry.identity,         entry.message,   entry.source_key,
      entry.entry_class, entry.standing,         entry.effective, entry.stored,
      entry.ended,       entry.encoding_version, entry.key_id,    Blob{entry.bytes}};
  return SealOf(kEntriesTable, columns);
}

}  // namespace milecastle::store::sqlite

#include "inside/entry_row.h"

#include "inside/fields.h"

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
  if (const auto links = row.Maybe(&Row::Bytes)) {
    auto unpacked = Unpack<std::vector<record::Link>>(*links);
    if (!unpacked) row.Break();
    entry.links = std::move(unpacked).value_or(std::vector<record::Link>());
  }
  return entry;
}

std::optional<std::string> PackedLinksOf(const EntryRow& entry) {
  if (entry.links.empty()) return std::nullopt;
  return Pack(entry.links);
}

std::string SealOfEntry(const EntryRow& entry) {
  const auto links = PackedLinksOf(entry);
  const Value columns[] = {entry.id,
                           entry.identity,
                           entry.message,
                           entry.source_key,
                           entry.entry_class,
                           entry.standing,
                           entry.effective,
                           entry.stored,
                           entry.ended,
                           entry.encoding_version,
                           entry.key_id,
                           Blob{entry.bytes},
                           links ? Value(Blob{*links}) : Value()};
  return SealOf(kEntriesTable, columns);
}

}  // namespace milecastle::store::sqlite

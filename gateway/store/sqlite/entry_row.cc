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
  if (const auto likeness = row.Maybe(&Row::Bytes)) {
    auto unpacked = Unpack<record::Likeness>(*likeness);
    if (!unpacked) row.Break();
    entry.likeness = std::move(unpacked).value_or(record::Likeness());
  }
  return entry;
}

std::optional<std::string> Packed(const std::vector<record::Link>& links) {
  if (links.empty()) return std::nullopt;
  return Pack(links);
}

std::optional<std::string> Packed(const record::Likeness& likeness) {
  if (likeness.keys.empty()) return std::nullopt;
  return Pack(likeness);
}

std::string SealOfEntry(const EntryRow& entry) {
  const auto links = Packed(entry.links);
  const auto likeness = Packed(entry.likeness);
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
                           links ? Value(Blob{*links}) : Value(),
                           likeness ? Value(Blob{*likeness}) : Value()};
  return SealOf(kEntriesTable, columns);
}

}  // namespace milecastle::store::sqlite

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
  if (const auto origin = row.Maybe(&Row::Bytes)) {
    entry.origin = Unpack<LabelOrigin>(*origin);
    if (!entry.origin) row.Break();
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

std::optional<std::string> Packed(const std::optional<LabelOrigin>& origin) {
  return origin ? std::optional(Pack(*origin)) : std::nullopt;
}

LabelOrigin UnknownOrigin(const record::EntryClass& entry_class) {
  LabelOrigin origin{.said = {}, .kept = entry_class.labels};
  if (entry_class.headline != record::Headline::kNone) {
    origin.kept.push_back("headline:" + std::string(record::KeyOf(entry_class.headline)));
  }
  return origin;
}

std::optional<LabelOrigin> OriginToKeep(LabelOrigin origin, const record::EntryClass& entry_class) {
  if (origin == LabelOrigin{} && entry_class.labels.empty() &&
      entry_class.headline == record::Headline::kNone) {
    return std::nullopt;
  }
  return origin;
}

Seal SealOfEntry(const EntryRow& entry) {
  const auto links = Packed(entry.links);
  const auto likeness = Packed(entry.likeness);
  const auto origin = Packed(entry.origin);
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
                           likeness ? Value(Blob{*likeness}) : Value(),
                           origin ? Value(Blob{*origin}) : Value()};
  return SealOf(kEntriesTable, columns);
}

StoredEntry StoredOf(EntryRow row, record::EntryClass entry_class) {
  LabelOrigin origin = row.origin ? *std::move(row.origin) : UnknownOrigin(entry_class);
  entry_class.standing = row.standing;
  return {.id = row.id,
          .identity = row.identity,
          .message = row.message,
          .source_key = std::move(row.source_key),
          .entry_class = std::move(entry_class),
          .effective = row.effective,
          .stored = row.stored,
          .encoding_version = row.encoding_version,
          .number = static_cast<std::uint64_t>(row.seq),
          .key_id = row.key_id,
          .bytes = std::move(row.bytes),
          .links = std::move(row.links),
          .likeness = std::move(row.likeness),
          .origin = std::move(origin)};
}

}  // namespace milecastle::store::sqlite

#include "audit/leaf.h"

#include "audit/bytes.h"

namespace milecastle::audit {

std::string EncodeLeaf(const Leaf& leaf) {
  std::string bytes;
  bytes.reserve(kLeafBytes);
  PutInteger(bytes, kLeafVersion);
  PutInteger(bytes, static_cast<std::uint8_t>(leaf.kind));
  PutInteger(bytes, leaf.key_id);
  bytes += leaf.event_id.AsBytes();
  PutInteger(bytes, static_cast<std::int64_t>(leaf.wall_clock.time_since_epoch().count()));
  PutInteger(bytes, static_cast<std::int64_t>(leaf.monotonic.count()));
  bytes += base::AsBytes(leaf.payload_digest);
  return bytes;
}

std::optional<Leaf> DecodeLeaf(std::string_view bytes) {
  Reader reader(bytes);
  Leaf leaf;
  const auto version = reader.Get<std::uint8_t>();
  leaf.kind = static_cast<Kind>(reader.Get<std::uint8_t>());
  leaf.key_id = reader.Get<std::uint32_t>();
  leaf.event_id.bytes = reader.TakeArray<decltype(leaf.event_id.bytes)>();
  leaf.wall_clock = base::Instant(std::chrono::microseconds(reader.Get<std::int64_t>()));
  leaf.monotonic = std::chrono::nanoseconds(reader.Get<std::int64_t>());
  leaf.payload_digest = reader.TakeArray<base::Digest>();
  if (version != kLeafVersion || !reader.AtEnd()) return std::nullopt;
  return leaf;
}

base::Digest PayloadDigest(const base::Salt& salt, std::string_view payload) {
  return base::Sha256(base::AsBytes(salt), payload);
}

}  // namespace milecastle::audit

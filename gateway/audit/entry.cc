#include "audit/entry.h"

#include <algorithm>
#include <array>
#include <utility>

#include "audit/bytes.h"

namespace milecastle::audit {
namespace {

constexpr std::uint8_t kEncodingVersion = 1;

constexpr std::array<std::pair<Kind, std::string_view>, 12> kNames = {{
    {Kind::kView, "view"},
    {Kind::kRefusal, "refusal"},
    {Kind::kIngest, "ingest"},
    {Kind::kMessageRejected, "message_rejected"},
    {Kind::kConsent, "consent"},
    {Kind::kIdentity, "identity"},
    {Kind::kPolicy, "policy"},
    {Kind::kExplain, "explain"},
    {Kind::kAuditRead, "audit_read"},
    {Kind::kAdministration, "administration"},
    {Kind::kReferral, "referral"},
    {Kind::kEmergency, "emergency"},
}};

const auto* Find(Kind kind) {
  return std::find_if(kNames.begin(), kNames.end(),
                      [kind](const auto& name) { return name.first == kind; });
}

}  // namespace

bool IsKnown(Kind kind) { return Find(kind) != kNames.end(); }

std::string_view NameOf(Kind kind) {
  const auto* const found = Find(kind);
  return found == kNames.end() ? "unknown" : found->second;
}

std::string Encode(const Entry& entry) {
  std::string bytes;
  bytes.reserve(26 + entry.payload.size());
  PutInteger(bytes, kEncodingVersion);
  PutInteger(bytes, static_cast<std::uint8_t>(entry.kind));
  PutInteger(bytes, entry.key_id);
  bytes += entry.event_id.AsBytes();
  PutInteger(bytes, static_cast<std::uint32_t>(entry.payload.size()));
  bytes += entry.payload;
  return bytes;
}

base::Result<Entry> Decode(std::string_view bytes) {
  Reader reader(bytes);
  Entry entry;
  const auto version = reader.Get<std::uint8_t>();
  entry.kind = static_cast<Kind>(reader.Get<std::uint8_t>());
  entry.key_id = reader.Get<std::uint32_t>();
  entry.event_id.bytes = reader.TakeArray<decltype(entry.event_id.bytes)>();
  const auto length = reader.Get<std::uint32_t>();
  entry.payload = reader.Take(length);
  if (version != kEncodingVersion || !IsKnown(entry.kind) || !reader.AtEnd()) {
    return base::Error{base::ErrorId::kAuditCorrupt, "encoded audit entry",
                       "the outbox row does not hold an entry of this version"};
  }
  return entry;
}

}  // namespace milecastle::audit

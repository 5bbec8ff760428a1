#include "audit/payload_bundle.h"

#include "audit/bytes.h"

namespace milecastle::audit {
namespace {

constexpr std::size_t kSaltSize = sizeof(base::Salt);

void PutState(std::string& bundle, PayloadState state, std::size_t length) {
  PutInteger(bundle, static_cast<std::uint8_t>(state));
  PutInteger(bundle, static_cast<std::uint32_t>(length));
}

}  // namespace

void AddLeftOut(std::string& bundle) { PutState(bundle, PayloadState::kLeftOut, 0); }

void AddPayload(std::string& bundle, const Record& record) {
  if (!record.body) {
    PutState(bundle, PayloadState::kDisposed, record.tombstone.size());
    bundle += record.tombstone;
    return;
  }
  PutState(bundle, PayloadState::kPresent, kSaltSize + record.body->payload.size());
  bundle += base::AsBytes(record.body->salt);
  bundle += record.body->payload;
}

std::optional<std::vector<PayloadItem>> ParsePayloads(std::string_view bundle) {
  std::vector<PayloadItem> items;
  Reader reader(bundle);
  while (!reader.AtEnd()) {
    PayloadItem item;
    item.state = static_cast<PayloadState>(reader.Get<std::uint8_t>());
    item.content = reader.Take(reader.Get<std::uint32_t>());
    if (!reader.whole() || item.state > PayloadState::kDisposed) return std::nullopt;
    if (item.state == PayloadState::kLeftOut && !item.content.empty()) return std::nullopt;
    if (item.state == PayloadState::kPresent) {
      if (item.content.size() < kSaltSize) return std::nullopt;
      item.salt = item.content.substr(0, kSaltSize);
      item.content.remove_prefix(kSaltSize);
    }
    items.push_back(item);
  }
  return items;
}

}  // namespace milecastle::audit

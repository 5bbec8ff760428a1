#include "audit/tombstone.h"

#include <algorithm>

#include "audit/note.h"

namespace milecastle::audit {
namespace {

constexpr std::size_t kMaxOrderBytes = 200;

// Everything that does not depend on when and by which order it was.
std::string Beginning(std::string_view origin, std::uint64_t index, const base::Digest& leaf_hash) {
  return "milecastle-tombstone/v1\n" + std::string(origin) + "\n" + std::to_string(index) + "\n" +
         base::ToBase64(base::AsBytes(leaf_hash)) + "\n";
}

bool IsOrder(std::string_view order) {
  return !order.empty() && order.size() <= kMaxOrderBytes &&
         std::all_of(order.begin(), order.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

}  // namespace

base::Result<std::string> SignTombstone(const Tombstone& tombstone, const SigningKey& key) {
  if (!IsOrder(tombstone.order)) {
    return base::Error{base::ErrorId::kArgumentInvalid, "order of disposal",
                       "give a reference of 1 to 200 printable ASCII characters"};
  }
  return SignNote(Beginning(key.name(), tombstone.index, tombstone.leaf_hash) +
                      base::ToRfc3339(tombstone.disposed) + "\n" + tombstone.order + "\n",
                  key);
}

base::Result<void> VerifyTombstone(std::string_view note, std::uint64_t index,
                                   const base::Digest& leaf_hash, const VerifierKey& key) {
  const auto text = VerifyNote(note, key);
  if (!text) return text.error();
  if (!text->starts_with(Beginning(key.name(), index, leaf_hash))) {
    return base::Error{base::ErrorId::kProofInvalid, "tombstone", "it is that of another leaf"};
  }
  return {};
}

}  // namespace milecastle::audit

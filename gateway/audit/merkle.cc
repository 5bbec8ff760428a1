#include "audit/merkle.h"

#include <bit>
#include <cstring>
#include <utility>

namespace milecastle::audit {

base::Digest EmptyRoot() { return base::Sha256({}); }

base::Digest HashLeaf(std::string_view leaf) {
  return base::Sha256(std::string_view("\0", 1), leaf);
}

base::Digest HashNode(const base::Digest& left, const base::Digest& right) {
  std::array<char, 65> bytes;
  bytes[0] = 1;
  std::memcpy(bytes.data() + 1, left.data(), left.size());
  std::memcpy(bytes.data() + 33, right.data(), right.size());
  return base::Sha256({bytes.data(), bytes.size()});
}

std::optional<Frontier> Frontier::FromParts(std::uint64_t size, std::vector<base::Digest> hashes) {
  if (static_cast<std::size_t>(std::popcount(size)) != hashes.size()) return std::nullopt;
  Frontier frontier;
  frontier.size_ = size;
  frontier.hashes_ = std::move(hashes);
  return frontier;
}

base::Digest Frontier::Root() const {
  if (hashes_.empty()) return EmptyRoot();
  base::Digest root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) root = HashNode(hashes_[i - 1], root);
  return root;
}

}  // namespace milecastle::audit

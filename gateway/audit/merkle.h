// The Merkle tree of RFC 6962 section 2.1: hashes, and the frontier from which a log grows.
//
// Thread-safety: values. Failure: none; a Frontier of impossible parts is not made (FromParts).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace milecastle::audit {

base::Digest EmptyRoot();                      // MTH({})
base::Digest HashLeaf(std::string_view leaf);  // SHA-256(0x00 ‖ leaf)
base::Digest HashNode(const base::Digest& left, const base::Digest& right);  // SHA-256(0x01 ‖ …)

// A complete subtree: 2^height leaves from index·2^height on.
struct Node {
  unsigned height = 0;
  std::uint64_t index = 0;
  base::Digest hash{};
};

// The roots of the complete subtrees of a tree, largest first: one for each one bit of its size.
// All that growing needs: appending costs two hashes on average, whatever the size.
class Frontier {
 public:
  Frontier() = default;
  static std::optional<Frontier> FromParts(std::uint64_t size, std::vector<base::Digest> hashes);

  std::uint64_t size() const { return size_; }
  const std::vector<base::Digest>& hashes() const { return hashes_; }

  // Adds a leaf by its hash; calls `completed` for every subtree that it completes, the leaf first.
  template <class Completed>
  void Push(const base::Digest& leaf_hash, const Completed& completed) {
    base::Digest hash = leaf_hash;
    unsigned height = 0;
    completed(Node{height, size_, hash});
    for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
      hash = HashNode(hashes_.back(), hash);
      hashes_.pop_back();
      ++height;
      completed(Node{height, size_ >> height, hash});
    }
    hashes_.push_back(hash);
    ++size_;
  }
  void Push(const base::Digest& leaf_hash) {
    Push(leaf_hash, [](const Node&) {});
  }

  base::Digest Root() const;

  bool operator==(const Frontier&) const = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<base::Digest> hashes_;
};

}  // namespace milecastle::audit

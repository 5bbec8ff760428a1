#include "audit/proof.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

namespace milecastle::audit {
namespace {

base::Error OutOfTree(std::string_view what) {
  return {base::ErrorId::kArgumentInvalid, std::string(what), "give one that the tree has"};
}

base::Error DoesNotVerify(std::string_view what) {
  return {base::ErrorId::kProofInvalid, std::string(what), "do not trust what it claims to prove"};
}

struct Range {
  std::uint64_t begin;
  std::uint64_t end;
  std::uint64_t size() const { return end - begin; }
};

// The root of the leaves in `range`, which begins at a multiple of a power of two not smaller than
// it, as every subtree of RFC 6962 does.
base::Result<base::Digest> Subtree(Range range, const NodeReader& node) {
  std::vector<base::Digest> parts;
  while (range.size() > 0) {
    const auto height = static_cast<unsigned>(std::bit_width(range.size()) - 1);
    auto part = node(height, range.begin >> height);
    if (!part) return part.error();
    parts.push_back(*part);
    range.begin += std::uint64_t{1} << height;
  }
  base::Digest root = parts.back();
  for (std::size_t i = parts.size() - 1; i > 0; --i) root = HashNode(parts[i - 1], root);
  return root;
}

// The largest power of two smaller than n (n > 1): where RFC 6962 splits a tree.
std::uint64_t SplitOf(std::uint64_t n) { return std::bit_floor(n - 1); }

base::Result<void> Add(Proof& proof, Range range, const NodeReader& node) {
  auto hash = Subtree(range, node);
  if (!hash) return hash.error();
  proof.push_back(*hash);
  return {};
}

}  // namespace

base::Result<base::Digest> RootOf(std::uint64_t size, const NodeReader& node) {
  if (size == 0) return EmptyRoot();
  return Subtree({0, size}, node);
}

// PATH(m, D[n]), written from the root downwards and then turned round.
base::Result<Proof> ProveInclusion(std::uint64_t index, std::uint64_t size,
                                   const NodeReader& node) {
  if (index >= size) return OutOfTree("leaf index");
  Proof proof;
  Range range{0, size};
  while (range.size() > 1) {
    const std::uint64_t middle = range.begin + SplitOf(range.size());
    const bool left = index < middle;
    const auto added =
        Add(proof, left ? Range{middle, range.end} : Range{range.begin, middle}, node);
    if (!added) return added.error();
    range = left ? Range{range.begin, middle} : Range{middle, range.end};
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

// PROOF(m, D[n]) = SUBPROOF(m, D[n], true), likewise from the root downwards.
base::Result<Proof> ProveConsistency(std::uint64_t from, std::uint64_t to, const NodeReader& node) {
  if (from > to) return OutOfTree("earlier tree size");
  Proof proof;
  if (from == 0 || from == to) return proof;
  Range range{0, to};
  bool whole_old_tree = true;  // the b of SUBPROOF: the range begins where the old tree did
  while (range.end != from) {
    const std::uint64_t middle = range.begin + SplitOf(range.size());
    const bool left = from <= middle;
    const auto added =
        Add(proof, left ? Range{middle, range.end} : Range{range.begin, middle}, node);
    if (!added) return added.error();
    if (!left) whole_old_tree = false;
    range = left ? Range{range.begin, middle} : Range{middle, range.end};
  }
  if (!whole_old_tree) {
    const auto added = Add(proof, range, node);
    if (!added) return added.error();
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

namespace {

// Where a verification stands on its way up: fn and sn of RFC 9162.
struct Climb {
  std::uint64_t fn;
  std::uint64_t sn;

  void Rise() {
    fn >>= 1;
    sn >>= 1;
  }
  // Goes up by one sibling; true when that sibling stands to the left.
  bool NextIsLeft() {
    const bool left = (fn & 1) != 0 || fn == sn;
    if (left) {
      while ((fn & 1) == 0 && fn != 0) Rise();
    }
    Rise();
    return left;
  }
};

}  // namespace

// RFC 9162 section 2.1.3.2.
base::Result<void> VerifyInclusion(const base::Digest& leaf_hash, std::uint64_t index,
                                   const Head& head, const Proof& proof) {
  if (index >= head.size) return OutOfTree("leaf index");
  Climb climb{index, head.size - 1};
  base::Digest hash = leaf_hash;
  for (const base::Digest& sibling : proof) {
    if (climb.sn == 0) return DoesNotVerify("inclusion proof");
    hash = climb.NextIsLeft() ? HashNode(sibling, hash) : HashNode(hash, sibling);
  }
  if (climb.sn != 0 || hash != head.root) return DoesNotVerify("inclusion proof");
  return {};
}

namespace {

// Both roots, made anew from the proof.
struct Roots {
  base::Digest old_root;
  base::Digest new_root;
};

std::optional<Roots> RootsOf(const Head& from, const Head& to, const Proof& proof) {
  Climb climb{from.size - 1, to.size - 1};
  while ((climb.fn & 1) != 0) climb.Rise();
  auto sibling = proof.begin();
  const bool starts_with_old_root = std::has_single_bit(from.size);
  if (!starts_with_old_root && sibling == proof.end()) return std::nullopt;
  const base::Digest start = starts_with_old_root ? from.root : *sibling++;
  Roots roots{.old_root = start, .new_root = start};
  for (; sibling != proof.end(); ++sibling) {
    if (climb.sn == 0) return std::nullopt;
    const bool left = climb.NextIsLeft();
    if (left) roots.old_root = HashNode(*sibling, roots.old_root);
    roots.new_root = left ? HashNode(*sibling, roots.new_root) : HashNode(roots.new_root, *sibling);
  }
  return climb.sn == 0 ? std::optional(roots) : std::nullopt;
}

}  // namespace

// RFC 9162 section 2.1.4.2.
base::Result<void> VerifyConsistency(const Head& from, const Head& to, const Proof& proof) {
  const base::Error wrong = DoesNotVerify("consistency proof");
  if (from.size > to.size) return wrong;
  if (from.size == 0 || from.size == to.size) {
    const base::Digest known = from.size == 0 ? EmptyRoot() : to.root;
    return proof.empty() && from.root == known ? base::Result<void>() : wrong;
  }
  const auto roots = RootsOf(from, to, proof);
  const bool fits = roots && roots->old_root == from.root && roots->new_root == to.root;
  return fits ? base::Result<void>() : wrong;
}

}  // namespace milecastle::audit

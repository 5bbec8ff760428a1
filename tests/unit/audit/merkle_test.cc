// RFC 6962 section 2.1 against the vectors that Certificate Transparency implementations share, and
// against a second implementation written straight from the RFC's definitions.
#include "audit/merkle.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "audit/proof.h"

namespace milecastle::audit {
namespace {

std::string Hex(const base::Digest& digest) { return base::ToHex(base::AsBytes(digest)); }

// MTH, PATH and SUBPROOF as the RFC writes them: recursive, and slow.
class Definition {
 public:
  explicit Definition(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i)
      leaves_.push_back(HashLeaf("leaf " + std::to_string(i)));
  }
  const base::Digest& leaf(std::uint64_t i) const { return leaves_[i]; }

  base::Digest Mth(std::uint64_t begin, std::uint64_t end) {
    if (begin == end) return base::Sha256("");
    if (end - begin == 1) return leaves_[begin];
    const auto [found, fresh] = cache_.try_emplace({begin, end});
    if (fresh) {
      const std::uint64_t k = begin + Split(end - begin);
      const base::Digest left = Mth(begin, k);
      const base::Digest right = Mth(k, end);
      std::string bytes = "\x01";
      bytes += base::AsBytes(left);
      bytes += base::AsBytes(right);
      cache_[{begin, end}] = base::Sha256(bytes);
    }
    return cache_[{begin, end}];
  }
  Proof Path(std::uint64_t m, std::uint64_t begin, std::uint64_t end) {
    if (end - begin == 1) return {};
    const std::uint64_t k = Split(end - begin);
    Proof path = m < k ? Path(m, begin, begin + k) : Path(m - k, begin + k, end);
    path.push_back(m < k ? Mth(begin + k, end) : Mth(begin, begin + k));
    return path;
  }
  Proof Subproof(std::uint64_t m, std::uint64_t begin, std::uint64_t end, bool whole) {
    if (m == end - begin) return whole ? Proof{} : Proof{Mth(begin, end)};
    const std::uint64_t k = Split(end - begin);
    Proof proof =
        m <= k ? Subproof(m, begin, begin + k, whole) : Subproof(m - k, begin + k, end, false);
    proof.push_back(m <= k ? Mth(begin + k, end) : Mth(begin, begin + k));
    return proof;
  }
  NodeReader Reader() {
    return [this](unsigned height, std::uint64_t index) -> base::Result<base::Digest> {
      return Mth(index << height, (index + 1) << height);
    };
  }

 private:
  static std::uint64_t Split(std::uint64_t n) {
    std::uint64_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
  }
  std::vector<base::Digest> leaves_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, base::Digest> cache_;
};

constexpr std::uint64_t kSizes = 300;

TEST(Merkle, AgreesWithTheKnownRootsOfCertificateTransparency) {
  const std::vector<std::string> leaves = {
      "",
      std::string(1, '\0'),
      "\x10",
      "\x20\x21",
      "\x30\x31",
      "\x40\x41\x42\x43",
      "\x50\x51\x52\x53\x54\x55\x56\x57",
      "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  const std::vector<std::string> roots = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  Frontier frontier;
  EXPECT_EQ(Hex(frontier.Root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    frontier.Push(HashLeaf(leaves[i]));
    EXPECT_EQ(Hex(frontier.Root()), roots[i]) << i + 1;
  }
}

TEST(Merkle, GrowsToTheRootThatTheDefinitionGives) {
  Definition definition(kSizes);
  Frontier frontier;
  for (std::uint64_t size = 0; size <= kSizes; ++size) {
    ASSERT_EQ(frontier.Root(), definition.Mth(0, size)) << size;
    ASSERT_EQ(*RootOf(size, definition.Reader()), definition.Mth(0, size)) << size;
    if (size < kSizes) frontier.Push(definition.leaf(size));
  }
}

TEST(Merkle, GoesOnFromAPersistedFrontier) {
  Definition definition(200);
  for (std::uint64_t size = 0; size < 200; ++size) {
    Frontier before;
    for (std::uint64_t i = 0; i < size; ++i) before.Push(definition.leaf(i));
    auto resumed = Frontier::FromParts(size, before.hashes());
    ASSERT_TRUE(resumed);
    for (std::uint64_t i = size; i < 200; ++i) resumed->Push(definition.leaf(i));
    ASSERT_EQ(resumed->Root(), definition.Mth(0, 200));
  }
  EXPECT_FALSE(Frontier::FromParts(3, {base::Digest{}}));
}

TEST(Merkle, ReportsEverySubtreeWhenItIsComplete) {
  Definition definition(70);
  Frontier frontier;
  std::size_t seen = 0;
  for (std::uint64_t i = 0; i < 70; ++i) {
    frontier.Push(definition.leaf(i), [&](const Node& node) {
      EXPECT_EQ(node.hash,
                definition.Mth(node.index << node.height, (node.index + 1) << node.height));
      ++seen;
    });
  }
  EXPECT_EQ(seen, 70U + 35 + 17 + 8 + 4 + 2 + 1);
}

TEST(Proof, InclusionIsTheDefinitionsPathAndVerifiesForEveryLeafOfEverySize) {
  Definition definition(kSizes);
  std::size_t proofs = 0;
  for (std::uint64_t size = 1; size <= kSizes; ++size) {
    const Head head{size, definition.Mth(0, size)};
    for (std::uint64_t index = 0; index < size; ++index, ++proofs) {
      const auto proof = ProveInclusion(index, size, definition.Reader());
      ASSERT_TRUE(proof);
      ASSERT_EQ(*proof, definition.Path(index, 0, size)) << index << " of " << size;
      ASSERT_TRUE(VerifyInclusion(definition.leaf(index), index, head, *proof));
    }
  }
  EXPECT_EQ(proofs, kSizes * (kSizes + 1) / 2);
}

TEST(Proof, ConsistencyIsTheDefinitionsProofAndVerifiesForEveryPairOfSizes) {
  Definition definition(kSizes);
  for (std::uint64_t to = 0; to <= kSizes; ++to) {
    for (std::uint64_t from = 0; from <= to; ++from) {
      const auto proof = ProveConsistency(from, to, definition.Reader());
      ASSERT_TRUE(proof);
      if (from > 0) {
        ASSERT_EQ(*proof, definition.Subproof(from, 0, to, true)) << from << " " << to;
      }
      ASSERT_TRUE(
          VerifyConsistency({from, definition.Mth(0, from)}, {to, definition.Mth(0, to)}, *proof))
          << from << " " << to;
    }
  }
}

// Every way in which somebody might bend a proof.
std::vector<Proof> Bent(const Proof& proof, std::mt19937& random) {
  std::vector<Proof> bent;
  Proof longer = proof;
  longer.push_back(base::Sha256("more"));
  bent.push_back(longer);
  longer = proof;
  longer.insert(longer.begin(), base::Sha256("more"));
  bent.push_back(longer);
  if (proof.empty()) return bent;
  Proof shorter = proof;
  shorter.pop_back();
  bent.push_back(shorter);
  bent.emplace_back(proof.begin() + 1, proof.end());
  Proof flipped = proof;
  flipped[random() % proof.size()][random() % 32] ^=
      static_cast<std::uint8_t>(1U << (random() % 8));
  bent.push_back(flipped);
  Proof swapped = proof;
  std::swap(swapped.front(), swapped.back());
  if (swapped != proof) bent.push_back(swapped);
  return bent;
}

TEST(Proof, RefusesEveryBentInclusionProof) {
  Definition definition(100);
  std::mt19937 random(1);
  std::size_t refused = 0;
  for (std::uint64_t size = 1; size <= 100; size += 3) {
    const Head head{size, definition.Mth(0, size)};
    for (std::uint64_t index = 0; index < size; ++index) {
      const Proof proof = *ProveInclusion(index, size, definition.Reader());
      const base::Digest& leaf = definition.leaf(index);
      for (const Proof& bent : Bent(proof, random)) {
        ASSERT_FALSE(VerifyInclusion(leaf, index, head, bent)) << index << " of " << size;
        ++refused;
      }
      if (size > 1) {
        ASSERT_FALSE(VerifyInclusion(leaf, (index + 1) % size, head, proof));
      }
      ASSERT_FALSE(VerifyInclusion(base::Sha256("other"), index, head, proof));
      ASSERT_FALSE(VerifyInclusion(leaf, index, {size, base::Sha256("other")}, proof));
      ASSERT_FALSE(VerifyInclusion(leaf, size, head, proof));
    }
  }
  EXPECT_GT(refused, 6000U);
}

TEST(Proof, RefusesEveryBentConsistencyProof) {
  Definition definition(64);
  std::mt19937 random(2);
  for (std::uint64_t to = 1; to <= 64; ++to) {
    for (std::uint64_t from = 1; from <= to; ++from) {
      const Head early{from, definition.Mth(0, from)};
      const Head late{to, definition.Mth(0, to)};
      const Proof proof = *ProveConsistency(from, to, definition.Reader());
      for (const Proof& bent : Bent(proof, random)) {
        ASSERT_FALSE(VerifyConsistency(early, late, bent)) << from << " " << to;
      }
      ASSERT_FALSE(VerifyConsistency({from, base::Sha256("other")}, late, proof));
      ASSERT_FALSE(VerifyConsistency(early, {to, base::Sha256("other")}, proof));
      if (from < to) {
        ASSERT_FALSE(VerifyConsistency(late, early, proof));
      }
      if (from < to) {
        ASSERT_FALSE(VerifyConsistency({to, early.root}, late, proof));
      }
    }
  }
}

TEST(Proof, IsRefusedForWhatTheTreeDoesNotHave) {
  Definition definition(8);
  EXPECT_FALSE(ProveInclusion(8, 8, definition.Reader()));
  EXPECT_FALSE(ProveInclusion(0, 0, definition.Reader()));
  EXPECT_FALSE(ProveConsistency(5, 4, definition.Reader()));
}

}  // namespace
}  // namespace milecastle::audit

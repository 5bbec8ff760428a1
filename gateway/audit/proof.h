// Inclusion and consistency proofs (RFC 6962 sections 2.1.1 and 2.1.2), made from subtree hashes
// and verified as in RFC 9162 sections 2.1.3.2 and 2.1.4.2.
//
// Thread-safety: pure functions. Failure: an index or size that the tree does not have is
// kArgumentInvalid; a proof that does not verify is kProofInvalid; a reader's error is handed on.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "audit/merkle.h"
#include "base/result.h"

namespace milecastle::audit {

using Proof = std::vector<base::Digest>;

// Gives the hash of the complete subtree (height, index).
using NodeReader = std::function<base::Result<base::Digest>(unsigned, std::uint64_t)>;

struct Head {
  std::uint64_t size = 0;
  base::Digest root = EmptyRoot();

  bool operator==(const Head&) const = default;
};

base::Result<base::Digest> RootOf(std::uint64_t size, const NodeReader& node);
base::Result<Proof> ProveInclusion(std::uint64_t index, std::uint64_t size, const NodeReader& node);
base::Result<Proof> ProveConsistency(std::uint64_t from, std::uint64_t to, const NodeReader& node);

base::Result<void> VerifyInclusion(const base::Digest& leaf_hash, std::uint64_t index,
                                   const Head& head, const Proof& proof);
base::Result<void> VerifyConsistency(const Head& from, const Head& to, const Proof& proof);

}  // namespace milecastle::audit

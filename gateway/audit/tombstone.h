// The signed note that stands for a payload that was disposed of (FORMAT.md, "Tombstone").
//
// Thread-safety: pure functions. Failure: kArgumentInvalid for an order reference that is not
// printable or too long, kProofInvalid for a note that is not exactly the tombstone of this leaf.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/key.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/result.h"

namespace milecastle::audit {

struct Tombstone {
  std::uint64_t index = 0;
  base::Digest leaf_hash{};
  base::Instant disposed;
  std::string order;
};

base::Result<std::string> SignTombstone(const Tombstone& tombstone, const SigningKey& key);
base::Result<void> VerifyTombstone(std::string_view note, std::uint64_t index,
                                   const base::Digest& leaf_hash, const VerifierKey& key);

}  // namespace milecastle::audit

// The proof, inside the process, that an entry is durable. Only the committer of a log makes one,
// so a function that takes a Receipt cannot be called before its audit entry is on disk.
//
// It keeps the payload that was written: comparing takes no digest of either.
// MUST be checked with Covers against the very payload that describes what is about to be released.
// MUST NOT be taken for proof to outsiders: that is a checkpoint and an inclusion proof.
// Thread-safety: a value that can be moved and not copied. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/crypto.h"

namespace milecastle::audit {

class Receipt {
 public:
  Receipt(Receipt&&) noexcept = default;
  Receipt& operator=(Receipt&&) noexcept = default;
  Receipt(const Receipt&) = delete;
  Receipt& operator=(const Receipt&) = delete;
  ~Receipt() = default;

  const std::string& origin() const { return origin_; }  // which log
  std::uint64_t index() const { return index_; }         // which leaf of it
  const base::Digest& leaf_hash() const { return leaf_hash_; }
  // SHA-256(salt ‖ payload), as in the leaf; tells nothing of the payload without the salt.
  const base::Digest& payload_digest() const { return payload_digest_; }

  // True when the durable entry holds exactly this payload. False for an entry whose payload was
  // disposed of before this receipt was asked for.
  bool Covers(std::string_view payload) const { return payload_ && *payload_ == payload; }

 private:
  friend class Committer;
  Receipt(std::string origin, std::uint64_t index, const base::Digest& leaf_hash,
          const base::Digest& payload_digest, std::optional<std::string> payload)
      : origin_(std::move(origin)),
        index_(index),
        leaf_hash_(leaf_hash),
        payload_digest_(payload_digest),
        payload_(std::move(payload)) {}

  std::string origin_;
  std::uint64_t index_;
  base::Digest leaf_hash_;
  base::Digest payload_digest_;
  std::optional<std::string> payload_;  // as it was written: stays in the process
};

}  // namespace milecastle::audit

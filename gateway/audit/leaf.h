// A leaf: what the Merkle tree commits to, free of personal data (FORMAT.md, "Leaf").
//
// Thread-safety: values. Failure: DecodeLeaf refuses every byte string that EncodeLeaf does not
// make.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "audit/entry.h"
#include "base/clock.h"
#include "base/crypto.h"

namespace milecastle::audit {

inline constexpr std::uint8_t kLeafVersion = 1;
inline constexpr std::size_t kLeafBytes = 70;

struct Leaf {
  EventId event_id;
  Kind kind = Kind::kView;
  std::uint32_t key_id = 0;
  base::Instant wall_clock;              // when it was written to this log
  std::chrono::nanoseconds monotonic{};  // orders wall-clock jumps within one run of the gateway
  base::Digest payload_digest{};         // SHA-256(salt ‖ payload)

  bool operator==(const Leaf&) const = default;
};

std::string EncodeLeaf(const Leaf& leaf);
std::optional<Leaf> DecodeLeaf(std::string_view bytes);

base::Digest PayloadDigest(const base::Salt& salt, std::string_view payload);

}  // namespace milecastle::audit

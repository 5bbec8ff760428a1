// An entry as it is read back from a log: the leaf, its place, and its payload unless disposed of.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/leaf.h"

namespace milecastle::audit {

// A payload with the salt that hides it in the leaf's digest.
struct SaltedPayload {
  base::Salt salt{};
  std::string payload;
};

struct Record {
  std::uint64_t index = 0;
  Leaf leaf;
  base::Digest leaf_hash{};
  std::optional<SaltedPayload> body;  // absent: disposed of
  std::string tombstone;              // the signed note that stands for a disposed body, else empty
};

}  // namespace milecastle::audit

// What tells that entries of several sources are of the same thing: the same allergy, problem or
// medicine. Derived from the entry, kept beside its bytes, and never disclosed: a view only says
// which of the entries that it shows belong together.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstdint>
#include <vector>

namespace milecastle::record {

// Whether the source holds that it is so, as far as sources can contradict each other.
enum class Holding : std::uint8_t { kNothing = 0, kStands, kEnded, kDenied };

struct Likeness {
  Holding holding = Holding::kNothing;
  // Two entries are alike that have one in common: the least first, none twice. Empty: of a kind
  // that is not compared.
  std::vector<std::uint64_t> keys;
  bool operator==(const Likeness&) const = default;
};

}  // namespace milecastle::record

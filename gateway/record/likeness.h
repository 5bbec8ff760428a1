// What tells that entries are of the same thing, told by several sources or twice by one: the same
// allergy, problem or medicine; and that one denies a kind of allergy that another is of. Derived
// from the entry, kept beside its bytes, and never disclosed: a view only says which of the entries
// that it shows belong together.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstdint>
#include <vector>

namespace milecastle::record {

// Whether the source holds that it is so, as far as sources can contradict each other.
enum class Holding : std::uint8_t { kNothing = 0, kStands, kEnded, kDenied };

// Keys of which several entries may have one and are not alike for it: what a denial of allergies
// denies, and what an allergy may be of.
constexpr std::uint64_t kFirstMark = 0xFFFFFFFFFFFFFF00;
constexpr std::uint64_t kDeniesAllergies = kFirstMark;
constexpr std::uint64_t kDeniesDrugAllergies = kFirstMark + 1;
constexpr std::uint64_t kDeniesFoodAllergies = kFirstMark + 2;
constexpr std::uint64_t kIsAllergy = kFirstMark + 3;
constexpr std::uint64_t kMayBeOfDrug = kFirstMark + 4;  // unless it says that it is of another kind
constexpr std::uint64_t kIsOfFood = kFirstMark + 5;
constexpr bool IsMark(std::uint64_t key) { return key >= kFirstMark; }

struct Likeness {
  Holding holding = Holding::kNothing;
  // Two entries are alike that have one in common: the least first, none twice. Empty: of a kind
  // that is not compared.
  std::vector<std::uint64_t> keys;
  bool operator==(const Likeness&) const = default;
};

}  // namespace milecastle::record

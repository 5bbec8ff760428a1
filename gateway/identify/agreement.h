// Whether two descriptions can be of one person. Used only beside an NHS number that is the same,
// or a merge that a source asserts: demographics alone never join anybody.
//
//   birth dates    family names   first given names   sexes           verdict
//   differ         –              –                   –               kDisagree
//   one missing    –              –                   –               kTooLittle
//   equal          one side none  –                   –               kTooLittle
//   equal          one in common  –                   –               kAgree, but for the next line
//   equal          one in common  none in common      M and F         kDisagree (twins)
//   equal          none           one in common       –               kAgree (a name changed)
//   equal          none           none in common      –               kDisagree
//
// Names are folded (case, accents, punctuation); every name of each side counts, maiden names and
// aliases included; a first given name agrees with its initial.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstdint>

#include "store/patients.h"

namespace milecastle::identify {

enum class Agreement : std::uint8_t { kAgree = 1, kDisagree, kTooLittle };

Agreement Compare(const store::Demographics& left, const store::Demographics& right);

}  // namespace milecastle::identify

// Whether two descriptions can be of one person. Used only beside an NHS number that is the same,
// or a merge that a source asserts: demographics alone never join anybody.
//
//   birth dates    family names   first given names   sexes           verdict
//   differ         –              –                   –               kDisagree
//   one missing    –              –                   –               kTooLittle
//   equal          one side none  –                   –               kTooLittle
//   equal          one in common  –                   –               kAgree, but for these two:
//   equal          one in common  none in common      M and F         kDisagree (twins)
//   equal          one in common  none alike          –               kDisagree (twins)
//   equal          none           one in common       –               kAgree (a name changed)
//   equal          none           none in common      –               kDisagree
//
// Names are folded (case, accents, punctuation); every name of each side counts, maiden names and
// aliases included; a first given name agrees with its initial. Given names are alike as the trace
// has it (trace.h): short forms, what is spelt alike, and a second name by which somebody is known
// too. "Baby" or "unknown" is no given name that another could differ from.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstdint>

#include "store/patients.h"

namespace milecastle::identify {

enum class Agreement : std::uint8_t { kAgree = 1, kDisagree, kTooLittle };

Agreement Compare(const store::Demographics& left, const store::Demographics& right);

// Without the line of which none is alike, for whom the source names by an id that it has used
// before: a given name that changed alone does not speak against it.
Agreement CompareKnown(const store::Demographics& left, const store::Demographics& right);

// Whether what a source says now of somebody whom it has described before is somebody else, and no
// correction: of birth date, family name and given name two or more differ, or the given name and
// the sex. One alone is changed every day. What either side does not say differs from nothing, and
// a name differs where none of the one side's is alike, or part of, any of the other's.
bool IsSomebodyElse(const store::Demographics& held, const store::Demographics& said);

}  // namespace milecastle::identify

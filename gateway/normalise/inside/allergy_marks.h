// Which allergies a denial denies, and by which denial an allergy is denied. For normalise/ alone.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <cstdint>
#include <vector>

#include "record/entry.h"

namespace milecastle::normalise {

// Of an entry among allergies (record/likeness.h). A denial of one substance has none: it is of
// that substance, and is known by it.
std::vector<std::uint64_t> AllergyMarksOf(const record::Entry& entry);

}  // namespace milecastle::normalise

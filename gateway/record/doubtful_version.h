// Whether a version that counts as the older may be the newer all the same.
//
// A number is what a source wrote: the largest there is, or a date, would keep back for ever, and
// unseen, what is said later of the same.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include "record/version.h"

namespace milecastle::record {

// Whether the number alone makes the one that came the older, and what is known besides speaks
// against it: by its times it is the newer, or there are none and no thing is changed so often as
// the two numbers are apart.
bool IsDoubtfullyOlder(const Version& came, const Version& other);

}  // namespace milecastle::record

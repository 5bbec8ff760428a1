// The end of the period that a date names: of "2026-05" the last moment of May.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include "base/clock.h"
#include "record/when.h"

namespace milecastle::record {

base::Instant LastMomentOf(const When& when);

}  // namespace milecastle::record

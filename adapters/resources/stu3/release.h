// What STU3 says, with the profiles of CareConnect and GP Connect, as resources/release.h.
//
// Thread-safety: a constant. Failure: none.
#pragma once

#include "resources/release.h"

namespace milecastle::stu3 {

extern const resources::Release kStu3;

}  // namespace milecastle::stu3

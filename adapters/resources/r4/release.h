// FHIR R4 with UK Core's profiles, as data for the shared readers.
#pragma once

#include "resources/release.h"

namespace milecastle::r4 {

extern const resources::Release kR4;

}  // namespace milecastle::r4

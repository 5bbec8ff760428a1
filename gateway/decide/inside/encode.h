// A decision as canonical JSON: fixed order of keys, no white space, UTF-8 as given. The same
// decision has the same bytes on any machine and day, which a receipt covers.
//
// Classes and lines name their verdict by its place in `verdicts`, so that the text stays small.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <string>

#include "decide/decision.h"

namespace milecastle::decide {

std::string EncodeDecision(const Decision& decision);

}  // namespace milecastle::decide

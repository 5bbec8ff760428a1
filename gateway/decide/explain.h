// A decision in plain English, with its rule ids, for IG roles alone: it tells hidden items too.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <string>
#include <vector>

#include "decide/decision.h"

namespace milecastle::decide {

// Lines to be read from the first to the last: the request, the outcome, the evidence, the
// person's choices, location protection, each class and line with its rule, the duties.
std::vector<std::string> Explain(const Decision& decision);

}  // namespace milecastle::decide

// A decision in plain English, with its rule ids, for IG roles alone.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "decide/decision.h"

namespace milecastle::decide {

// Sealed and locked is betrayed to nobody outside its team (safety.md 2): whoever does not see the
// whole system is told as the reader would be.
enum class Tells : std::uint8_t { kAll, kNothingHidden };

// Lines to be read from the first to the last: the request, the outcome, the evidence, the
// person's choices, location protection, each class and line with its rule, the duties.
std::vector<std::string> Explain(const Decision& decision, Tells tells = Tells::kAll);

}  // namespace milecastle::decide

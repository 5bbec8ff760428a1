// Whether one entry speaks of another thing than the one whose place it took: neither a code nor
// any word that names the thing is common to both.
//
// Thread-safety: pure. Failure: what cannot be read is another thing.
#pragma once

#include <string_view>

namespace milecastle::receive {

// Both are entries as they are stored (wire/entry.h).
bool IsAnotherThing(std::string_view before, std::string_view after);

}  // namespace milecastle::receive

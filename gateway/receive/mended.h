// What became of a message that a person had read again, or corrected.
//
// Thread-safety: a value. Failure: none.
#pragma once

#include <cstddef>
#include <string>

#include "store/journal.h"

namespace milecastle::receive {

// Who had it done, and when.
struct MendedBy {
  std::string user;
  base::Instant at;
};

struct Mended {
  store::JournalRow row;      // as it is now: of the correction, where there is one
  std::size_t held_back = 0;  // entries of it that its source said something of since
  bool changed = true;        // false: it was done before
};

}  // namespace milecastle::receive

// A message of rows: which of them can be read, and whose they are.
//
// Thread-safety: pure. Failure: in the Reading, a row at a time where that can be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "port/adapter.h"

namespace milecastle::third_sector {

std::vector<std::string> SplitRows(std::string_view file, const port::Feed& feed);
port::Reading ReadRows(std::string_view message, const port::Feed& feed);

}  // namespace milecastle::third_sector

// A message of Client Level Data: which of its rows can be read, and whose they are.
//
// Thread-safety: pure. Failure: in the Reading, a row at a time where that can be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "port/adapter.h"

namespace milecastle::social_care {

std::vector<std::string> SplitReturn(std::string_view file, const port::Feed& feed);
port::Reading ReadReturn(std::string_view message, const port::Feed& feed);

}  // namespace milecastle::social_care

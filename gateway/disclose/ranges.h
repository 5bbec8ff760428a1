// Numbers of entries, as the audit log names them.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace milecastle::disclose {

// "3-7,9": numbers in their order, each once, each run of them by its first and last. A record that
// came in few messages is few runs.
std::string RangesOf(std::vector<std::uint64_t> numbers);

}  // namespace milecastle::disclose

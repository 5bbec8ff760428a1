// How often a test of chance is tried: its own count in CI, a multiple of it before a release.
//
// MILECASTLE_THREAT_SCALE=10 makes ten times as many of each. Thread-safety: pure. Failure: what is
// no number from 1 to 10,000 counts as 1.
#pragma once

#include <algorithm>
#include <cstdlib>

namespace milecastle::kit {

inline int Count(int in_ci) {
  const char* const times = std::getenv("MILECASTLE_THREAT_SCALE");
  return in_ci * std::clamp(times == nullptr ? 1 : std::atoi(times), 1, 10'000);
}

}  // namespace milecastle::kit

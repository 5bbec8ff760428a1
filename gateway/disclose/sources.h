// What the gateway knows of its sources when it words a manifest: who feeds it, and how often each
// is expected to.
//
// Thread-safety: read-only after the configuration is loaded. Failure: none.
#pragma once

#include <chrono>
#include <vector>

#include "record/identifiers.h"
#include "record/sections.h"

namespace milecastle::disclose {

struct ExpectedSource {
  record::OdsCode organisation;
  std::chrono::minutes interval{0};  // longer silence of its own is stale; 0: none is
  std::vector<std::string> feeds;    // configured feeds that speak for it
};

}  // namespace milecastle::disclose

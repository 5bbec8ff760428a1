// Labels that the gateway gives by itself, beside those that an operator configures.
//
// Thread-safety: constants and functions without state. Failure: none.
#pragma once

#include <algorithm>
#include <string_view>

#include "record/facts.h"

namespace milecastle::record {

// On a class of entries whose own source gave no number that may be relied on for sharing (HL7
// PID-32), whoever else gave one: what that source said is shared with nobody else until its
// identity is settled (safety.md 13).
inline constexpr std::string_view kUntracedLabel = "identity:untraced";

// It is marked wherever it is shown.
inline bool IsUntraced(const EntryClass& entry_class) {
  const auto& labels = entry_class.labels;
  return std::find(labels.begin(), labels.end(), kUntracedLabel) != labels.end();
}

}  // namespace milecastle::record

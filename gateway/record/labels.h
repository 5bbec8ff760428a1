// Labels that the gateway gives by itself, beside those that an operator configures.
//
// Thread-safety: constants. Failure: none.
#pragma once

#include <string_view>

namespace milecastle::record {

// On a class of entries whose own source gave no number that may be relied on for sharing (HL7
// PID-32), whoever else gave one: what that source said is shared with nobody else until its
// identity is settled (safety.md 13).
inline constexpr std::string_view kUntracedLabel = "identity:untraced";

}  // namespace milecastle::record

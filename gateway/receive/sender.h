// For which organisation does a message speak, and may its feed speak for it?
//
//   the code itself is configured for the feed            → that organisation
//   a site code: five characters whose first three are a
//     configured three-character code (a trust)           → the trust
//   no sender named, and the feed speaks for one alone    → that one
//   anything else                                         → kSenderNotAllowed (AR)
// The prefix rule is for NHS trust sites alone; codes of other lengths are compared whole.
//
// Thread-safety: pure. Failure: kSenderNotAllowed.
#pragma once

#include <string_view>

#include "base/result.h"
#include "port/feed.h"

namespace milecastle::receive {

base::Result<record::OdsCode> SourceOf(std::string_view sender, const port::Feed& feed);

}  // namespace milecastle::receive

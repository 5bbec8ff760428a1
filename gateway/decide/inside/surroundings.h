// What is read off the facts around the person, once per request: where protection stands, and
// whether telling the person could harm.
//
// Thread-safety: pure. Failure: none; what is not known counts as the tighter case.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "decide/decision.h"
#include "decide/policy.h"

namespace milecastle::decide {

// The newest word of each system on each of its records counts, and the tighter wins. A protection
// does not age; a 'not protected' does (safety.md 12), and it counts for nothing where the reply
// keeps silent of its source (`unspoken`, sorted): it would tell of them.
struct Location {
  LocationState state = LocationState::kUnchecked;
  std::optional<base::Instant> as_of;
};
Location LocationOf(const Policy& policy, const record::PatientFacts& facts, base::Instant now,
                    const std::vector<record::OdsCode>& unspoken);
Mask MaskFor(const Policy& policy, LocationState state);

// Why a notice to the person waits for a human (safety.md 4): labels of what is held that are not
// for the person's eyes (safeguarding, domestic abuse, third parties, serious harm, and whatever
// the policy hides from the person), location protection, a proxy, a child, or an age that nobody
// knows.
std::vector<std::string> HoldsOf(const Policy& policy, const Request& request, const Known& known,
                                 LocationState state, base::Instant now);

// An enumerator that is none means a corrupt fact or a fault of the caller: no decision is made.
std::optional<base::Error> FaultOf(const Request& request, const Known& known);

}  // namespace milecastle::decide

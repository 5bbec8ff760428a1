// The one place that says whether a relationship is live at an instant (safety.md 16).
//
// Thread-safety: pure. Failure: none; evidence that no rule of the policy admits is not live.
#pragma once

#include <vector>

#include "base/clock.h"
#include "decide/decision.h"
#include "decide/policy.h"
#include "decide/request.h"

namespace milecastle::decide {

struct Relationship {
  UsedEvidence evidence;
  const EvidenceRule* rule = nullptr;  // lives as long as the policy
};

// Every live relationship between the requester and the person, of the kinds that the purpose
// admits. From facts: the requester's organisation, or one that it acts for. From the request: an
// attested launch that is fresh and bound to this NHS number, and a self-declaration with a listed
// reason.
std::vector<Relationship> LiveRelationships(const Policy& policy, const Request& request,
                                            const record::PatientFacts& facts, base::Instant now);

// Whether one fact is live, by its kind's rule: an encounter that has ended holds for the tail of
// `ended_encounter`, and a registered practice where it is one, on the word of who may say so.
bool IsLive(const Policy& policy, const record::Evidence& evidence, base::Instant now);

}  // namespace milecastle::decide

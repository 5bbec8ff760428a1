// Whether a person's choice may be recorded, and whom it binds.
//
// Thread-safety: pure. Failure: problems name the field and say what to write instead, never a
// value.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.h"
#include "decide/policy.h"
#include "record/facts.h"
#include "record/requester.h"

namespace milecastle::decide {

// Everything wrong with a choice that is about to be recorded; empty: it may be. A restriction that
// names nothing, a seal without a team and an emergency refusal that is not the person's own and
// informed are refused here, so that none is ever read as meaning everybody or nobody.
std::vector<base::Error> ValidateConsent(const Policy& policy, const record::Consent& consent);

// "CODE": everybody of the organisation; "CODE/team": that team. An empty team is nobody.
bool IsInTeam(const record::Requester& requester, std::string_view team);

}  // namespace milecastle::decide

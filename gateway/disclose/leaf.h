// What the leaf's payload says of one disclosure: of a view, or of one document.
//
// It is one shape for both, hidden classes included, so that who saw what, the duties and the
// reviews follow from either in the same way (govern/trail.h).
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/log.h"
#include "base/crypto.h"
#include "decide/decision.h"
#include "disclose/facts_for.h"
#include "disclose/live.h"
#include "disclose/view.h"

namespace milecastle::disclose {

// What is given out. `capped`: the user has spent their refusals, and is shown nothing whatever was
// decided.
struct Outgoing {
  std::vector<std::uint64_t> entries;  // their numbers
  base::Digest response;
  bool capped = false;
  // Of a call for one document: what became of it, as JSON, and whose it was where it is given.
  std::string document = {};
  std::optional<record::OdsCode> document_of = {};
  std::string history = {};  // of a call for an entry's versions: what became of each, as JSON
};

std::string Describe(const ViewRequest& request, const decide::Decision& decision, const Held& held,
                     const Live& live, const Outgoing& outgoing);

audit::Kind KindOf(const decide::Decision& decision, bool capped);

// The reader's own word, of this request (`brought_along`) or of one before; none: null.
const decide::UsedEvidence* OwnWord(const decide::Decision& decision, bool brought_along);

}  // namespace milecastle::disclose

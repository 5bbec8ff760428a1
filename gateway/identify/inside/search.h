// Who may be meant where no number says it: candidates by the store's indexes, weighed (trace.h).
//
// Nobody is looked for who is a pseudo-person or has no name of their own. Never found: the
// identity's own person, severed persons (safety.md 14), and of whom an officer said that they are
// somebody else. Of a location-protected person, or for one, neither postcode nor telecom is
// compared, so that nobody is found, ranked or left out by where they are (safety.md 12).
//
// Thread-safety: as the transaction. Failure: the store's errors.
#pragma once

#include <vector>

#include "base/result.h"
#include "identify/trace.h"
#include "store/store.h"

namespace milecastle::identify {

struct Candidate {
  record::PersonId person;
  Comparison comparison;
};
struct Traced {
  std::vector<Candidate> ranked;  // possible or certain, the likeliest first
  bool too_many = false;          // more than may be looked at were alike: there may be others
  bool unique = false;            // the first is certain, and there is nobody else, severed or not
};

enum class Whereabouts : std::uint8_t { kCompared = 1, kProtected };

// `who` need not be stored: what a waiting message claims has no identity yet.
base::Result<Traced> Search(store::Transaction& transaction, const Tracer& tracer,
                            const store::Identity& who, Whereabouts whereabouts);

}  // namespace milecastle::identify

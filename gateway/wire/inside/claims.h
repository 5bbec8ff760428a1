// The claims of a contribution that are no entries, from protobuf to plain structs. For wire/
// alone.
//
// What they read was checked (inside/faults.h). Thread-safety: functions without state. Failure:
// none.
#pragma once

#include <optional>

#include "milecastle/v1/contribution.pb.h"
#include "parts.h"
#include "record/contribution.h"

namespace milecastle::wire {

inline std::optional<record::When> WhenIn(bool there, const v1::When& when) {
  return there ? std::optional(WhenOf(when)) : std::nullopt;
}

record::PatientClaim PatientClaimOf(const v1::PatientClaim& claim);

// Encounter, preferences, protection, merge and reviews.
void ReadClaims(record::Contribution& out, const v1::PatientContribution& from);

}  // namespace milecastle::wire

#include "port/told.h"

namespace milecastle::port {

bool IsKeptApart(Disposition disposition, const std::optional<base::Error>& error) {
  return disposition == Disposition::kQuarantined && error &&
         error->id == base::ErrorId::kConflict && error->place == kKeptApart;
}

namespace {

// One patient, or a message of one.
template <class Told>
void Tell(Told& told) {
  if (IsKeptApart(told.disposition, told.error)) {
    told.disposition = Disposition::kAwaitingIdentity;
    told.error.reset();
  }
  if (told.disposition == Disposition::kAwaitingIdentity) told.entries = 0;
}

}  // namespace

Outcome AsTold(Outcome outcome) {
  const bool was_apart = IsKeptApart(outcome.disposition, outcome.error);
  Tell(outcome);
  if (outcome.patients.empty()) return outcome;
  outcome.entries = 0;
  for (PatientOutcome& patient : outcome.patients) {
    Tell(patient);
    outcome.entries += patient.entries;
    // The next gravest: it comes before whoever waits.
    if (!was_apart || outcome.error || patient.disposition != Disposition::kQuarantined) continue;
    outcome.disposition = patient.disposition;
    outcome.error = patient.error;
  }
  return outcome;
}

}  // namespace milecastle::port

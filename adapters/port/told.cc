#include "port/told.h"

#include <algorithm>

namespace milecastle::port {

bool IsKeptApart(Disposition disposition, const std::optional<base::Error>& error) {
  return disposition == Disposition::kQuarantined && error &&
         error->id == base::ErrorId::kConflict && error->place == kKeptApart;
}

namespace {

// One patient, or a message of one.
template <class Told>
void Tell(Told& told) {
  const bool taken = told.disposition == Disposition::kAccepted ||
                     told.disposition == Disposition::kAwaitingIdentity ||
                     IsKeptApart(told.disposition, told.error);
  if (!taken) return;
  told.disposition = told.repeated ? Disposition::kDuplicate : Disposition::kAccepted;
  told.error.reset();
  told.entries = told.repeated ? 0 : told.read;
}

}  // namespace

Outcome AsTold(Outcome outcome) {
  outcome.untold.clear();
  Tell(outcome);
  if (outcome.patients.empty()) return outcome;
  outcome.entries = 0;
  for (PatientOutcome& patient : outcome.patients) {
    Tell(patient);
    outcome.entries += patient.entries;
  }
  const auto first_of = [&](Disposition disposition) {
    return std::find_if(
        outcome.patients.begin(), outcome.patients.end(),
        [disposition](const PatientOutcome& one) { return one.disposition == disposition; });
  };
  auto gravest = first_of(Disposition::kQuarantined);
  if (gravest == outcome.patients.end()) gravest = first_of(Disposition::kAccepted);
  if (gravest == outcome.patients.end()) gravest = outcome.patients.begin();
  outcome.disposition = gravest->disposition;
  outcome.error = gravest->error;
  // A duplicate names no patients, unless some of them were taken again since: that would tell.
  if (outcome.disposition == Disposition::kDuplicate) outcome.patients.clear();
  return outcome;
}

}  // namespace milecastle::port

// From what the store holds of a person to what a decision reads: shared by the view and by its
// explanation, so that both decide on the same.
//
// Thread-safety: functions without state. Failure: the store's errors.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "decide/decider.h"
#include "identify/lookup.h"
#include "record/facts.h"
#include "store/store.h"

namespace milecastle::disclose {

// Everything of one person at one moment.
struct Held {
  identify::Found found;
  record::PatientFacts facts;
  std::shared_ptr<const store::Segment> segment;
  std::vector<store::SourceStatement> statements;
  std::vector<std::pair<record::OdsCode, base::Instant>>
      sources;  // that hold something, with when each last sent
};
base::Result<Held> LoadHeld(store::Snapshot& snapshot, const identify::Details& details);

// Decides on it. `request` needs everything but what was found of the patient, which is filled in
// here. `manifest_sources` are spoken of beside those that hold something.
base::Result<decide::Decision> DecideOn(const decide::Decider& decider, decide::Request request,
                                        const Held& held,
                                        const std::vector<record::OdsCode>& manifest_sources,
                                        base::Instant now);

}  // namespace milecastle::disclose

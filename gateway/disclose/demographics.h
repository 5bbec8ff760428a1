// Who the person is, by source, as far as the decision shows it, and what the reader is warned of.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <string>
#include <vector>

#include "decide/decision.h"
#include "disclose/facts_for.h"
#include "record/places.h"
#include "wire/view.h"

namespace milecastle::disclose {

std::vector<wire::ShownDemographics> ShowDemographics(const decide::Decision& decision,
                                                      const Held& held);
// No source that the reply speaks of knows them by the name asked for: one that is kept silent
// would be told of by the name that it alone knows.
bool FamilyNameDiffers(const decide::Decision& decision, const Held& held);
// The person's own addresses and numbers, of every source, shown or not: to be taken out of words.
record::KnownPlaces PlacesOf(const Held& held);
std::vector<std::string> WarningsOf(const decide::Decision& decision, const Held& held);

}  // namespace milecastle::disclose

// What an allergy says beside its code: reactions, and that there is none.
//
// Thread-safety: as Context. Failure: as Context.
#pragma once

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/context.h"

namespace milecastle::resources {

// "No known allergy" is a statement on the whole section, and stays an entry that says no; "no
// known drug allergy" is the entry alone. Where a reaction stands beside it, it is an allergy.
void StateNoneKnown(Context& context, const fhir::Element& resource, record::Draft* draft);
void ReadReaction(Context& context, const fhir::Element& reaction, record::Entry* entry);

}  // namespace milecastle::resources

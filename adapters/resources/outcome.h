// OperationOutcome beside a record (Spine-ErrorOrWarningCode-1). A source that could not or would
// not answer holds no less for it: an error says that its sections are unavailable, dissent becomes
// a preference, and a warning says nothing of the record.
//
// Thread-safety: as Context. Failure: as Context.
#pragma once

#include "fhir/document.h"
#include "resources/context.h"

namespace milecastle::resources {

// After all other readers: sections that were answered are not unavailable.
void ReadOutcome(Context& context, const fhir::Element& outcome);

}  // namespace milecastle::resources

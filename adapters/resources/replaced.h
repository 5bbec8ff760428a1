// Documents that another takes the place of.
//
// Thread-safety: as Context. Failure: what may not be ended stands.
#pragma once

#include <string>

#include "fhir/document.h"
#include "resources/context.h"

namespace milecastle::resources {

// An item of DocumentReference.relatesTo: one that replaces ends the document that it names, with
// its parts. Not where it is itself not current or not final, and neither itself nor what the same
// bundle gives as current. `key`: of the reference's own entry.
void EndReplaced(Context& context, const fhir::Element& relation, const fhir::Element& reference,
                 const std::string& key);

}  // namespace milecastle::resources

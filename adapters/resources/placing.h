// Lists: where they put what they name, and the sections that a whole list speaks for.
//
// Thread-safety: as Context. Failure: what a list names that is not there is noted by
// Context::Miss.
#pragma once

#include <string>

#include "fhir/document.h"
#include "resources/areas.h"
#include "resources/context.h"

namespace milecastle::resources {

std::string TitleOf(const fhir::Element& list);
// The resource of one list entry; notes references to nothing and entries that the list calls
// deleted.
fhir::Element ItemOf(Context& context, const fhir::Element& entry, const fhir::Element& list);
// False: something that the list names is not here to be read.
bool PlaceItems(Context& context, const fhir::Element& list);
// The list of a clinical area. True: it speaks for its sections. A list that names what is not
// here, or that could not be filled, must not end what is held already.
bool ReadArea(Context& context, const fhir::Element& list, const Area& area);
// What this source sent before in the area's sections, and does not send now, is no longer current.
void Replace(Context& context, const Area& area);

}  // namespace milecastle::resources

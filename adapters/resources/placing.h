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

// Understood, and current: a list that was retired or entered in error says nothing of today. Notes
// any other.
bool IsUsable(Context& context, const fhir::Element& list);
std::string TitleOf(const fhir::Element& list);
// Whether what a list calls deleted is so itself: of one that speaks for its section. What another
// list calls deleted was taken off that list, and stands.
enum class Ends : bool { kNothing, kItems };

// The resource of one list entry; notes references to nothing and entries that the list calls
// deleted. Empty for what is not, or no longer, of the list.
fhir::Element ItemOf(Context& context, const fhir::Element& entry, const fhir::Element& list,
                     Ends ends = Ends::kNothing);
// False: something that the list names is not here to be read.
bool PlaceItems(Context& context, const fhir::Element& list, Ends ends = Ends::kNothing);
// The list of a clinical area. True: it speaks for its sections. A list that names what is not
// here, or that could not be filled, must not end what is held already.
bool ReadArea(Context& context, const fhir::Element& list, const Area& area);
// What this source sent before in the area's sections, and does not send now, is no longer current.
void Replace(Context& context, const Area& area);

}  // namespace milecastle::resources

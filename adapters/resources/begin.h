// The parts that every clinical resource has: key, status, labels, placement, notes, group.
//
// Thread-safety: as Context. Failure: nothing where the resource must not be carried at all; it is
// listed then.
#pragma once

#include <optional>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/context.h"

namespace milecastle::resources {

std::optional<record::Draft> Begin(Context& context, const fhir::Element& resource,
                                   record::Section section, record::Kind kind);

}  // namespace milecastle::resources

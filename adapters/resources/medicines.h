// What resources about medicines share: the medicine itself, how it is taken, and why.
//
// Thread-safety: as Context. Failure: a reference to no medicine is noted by Context::Miss.
#pragma once

#include "fhir/document.h"
#include "record/entry.h"
#include "resources/context.h"

namespace milecastle::resources {

record::Coded MedicineOf(Context& context, const fhir::Element& resource);
void ReadDosage(const fhir::Element& dosages, record::Entry* entry);
// `reasonCode` and `reasonReference`, of whatever resource.
void ReadReasons(Context& context, const fhir::Element& resource, record::Entry* entry);
// A course names the plan that authorises it; the issues name that plan.
void GroupByCourse(Context& context);

}  // namespace milecastle::resources

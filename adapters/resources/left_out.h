// What a reader of a section must be told when a resource of it could not be read: that something
// is not there, and never that there is nothing.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <optional>

#include "fhir/document.h"
#include "record/contribution.h"

namespace milecastle::resources {

// The section that misses a resource which is left out, where people are harmed by what is missing
// there: allergies, alerts, medicines, problems. Of a list, that which it speaks for.
std::optional<record::Section> SectionThatMisses(const fhir::Element& resource);

// States it in the place of whatever says that the section is empty.
void StateLeftOut(record::Section section, record::Contribution& out);

}  // namespace milecastle::resources

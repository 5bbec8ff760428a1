// Elements of a PRSB message as values of the record. Reading marks what was read
// (fhir/document.h). For prsb/ alone.
//
// Thread-safety: as fhir/document.h. Failure: what is absent or cannot be read is empty.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fhir/document.h"
#include "port/mapping.h"
#include "record/entry.h"

namespace milecastle::prsb {

// The member of that plain name (headings.h).
fhir::Element Member(const fhir::Element& owner, std::string_view plain);

// A text, a number, a flag, or a group of "Coded value" and "Free text".
record::Coded CodedOf(const fhir::Element& element);
std::string TextOf(const fhir::Element& element);  // its best words
std::optional<record::When> WhenOf(const fhir::Element& element, const port::Mapping& mapping);
record::Performer PerformerOf(const fhir::Element& element, std::string_view role);
record::Address LocationOf(const fhir::Element& element);

}  // namespace milecastle::prsb

// How often a dose is taken and the most of it, and the quantities that say so, in words.
//
// Reading marks what was read (fhir/document.h). Thread-safety: as fhir/document.h. Failure: what
// is absent is empty.
#pragma once

#include <string>

#include "fhir/document.h"
#include "record/entry.h"

namespace milecastle::resources {

std::string RangeText(const fhir::Element& range);    // "4 h to 6 h"
std::string PeriodText(const fhir::Element& period);  // "from 2020, to 2021"
std::string RatioText(const fhir::Element& ratio);    // "4 g / 24 h"

// "frequency 2, period 1, periodUnit d": the source's own members, nothing computed.
std::string TimingText(const fhir::Element& timing);

// Of a Dosage: "at most 4 g in 24 h", "at most 1 g at a time", "at most 300 mg in a lifetime".
void AddMostOf(const fhir::Element& dosage, record::Entry* entry);

}  // namespace milecastle::resources

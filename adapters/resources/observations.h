// Observations, reports and specimens: times, values, components, and which result belongs to which
// report.
//
// Thread-safety: as Context. Failure: as Context.
#pragma once

#include <string_view>
#include <vector>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/context.h"

namespace milecastle::resources {

// `effective[x]` and `issued`.
void ReadTimes(Context& context, const fhir::Element& resource, record::Entry* entry);
// Without a value the flag and the range still mean something.
void ReadValue(Context& context, const fhir::Element& owner, record::Entry* entry);
// The two readings of a blood pressure are entries of their own, so that each keeps its value
// whole.
void ReadComponents(Context& context, const fhir::Element& resource, const record::Draft& whole);
void ReadSpecimen(Context& context, const fhir::Element& resource);
bool IsLaboratory(const fhir::Element& resource);

// The resources that a list of references in a resource leads to; looks without marking.
std::vector<fhir::Element> Targets(Context& context, const fhir::Element& references,
                                   const fhir::Element& within);
// All of a type, in an order of their own, so that the bundle's order decides nothing.
std::vector<fhir::Element> Sorted(Context& context, std::string_view type);
// Results and specimens that a report names belong to it.
void GroupByReport(Context& context);

}  // namespace milecastle::resources

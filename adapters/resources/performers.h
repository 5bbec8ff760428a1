// What a resource refers to: who did something, other entries, and the notes with their authors.
//
// Thread-safety: as Context. Failure: what leads nowhere is noted by Context::Miss and left out.
#pragma once

#include <string>
#include <string_view>

#include "fhir/document.h"
#include "record/entry.h"
#include "resources/context.h"

namespace milecastle::resources {

// Who did something, through whatever chain of Practitioner, PractitionerRole, Organization … the
// reference starts. `role` is what they did: "recorder".
record::Performer PerformerOf(Context& context, const fhir::Element& reference,
                              const fhir::Element& within, std::string_view role);
void AddPerformers(Context& context, const fhir::Element& references, const fhir::Element& within,
                   std::string_view role, record::Entry* entry);
// The ODS code of an Organization; empty where it has none.
std::string OdsCodeOf(const fhir::Element& organisation);
bool IsOdsSystem(std::string_view system);
// ODS code, else name, of an Organization or HealthcareService.
std::string OrganisationOf(const fhir::Element& organisation);

// The source key of what a reference names, as a detail. Links to lists are left out: they stand
// for places within a consultation, which may not show (Placement).
void AddLink(Context& context, const fhir::Element& reference, const fhir::Element& within,
             std::string_view name, record::Entry* entry);
void AddNotes(Context& context, const fhir::Element& notes, const fhir::Element& within,
              record::Entry* entry);

}  // namespace milecastle::resources

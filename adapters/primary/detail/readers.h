// One reader for each type of resource that GP Connect sends.
//
// Thread-safety: as Context. Failure: as Context.
#pragma once

#include <optional>
#include <string_view>

#include "context.h"
#include "fhir/document.h"
#include "record/contribution.h"

namespace milecastle::primary {

using ReadResource = void (*)(Context&, const fhir::Element&);

// Nothing for types of which no entry is made: they are read where something refers to them, or
// listed.
ReadResource ReaderOf(std::string_view type);

void ReadPatient(Context& context);
// Walks the lists: statements on sections, snapshots, and the placement of what they name. Before
// all other readers.
void ReadLists(Context& context);
// Finds which results belong to which report, and which issues to which course. Before the readers
// of resources.
void FindGroups(Context& context);
void ReadOutcome(Context& context, const fhir::Element& outcome);

// The parts that every clinical resource has: key, status, labels, placement, notes, group. Nothing
// where the resource must not be carried at all; it is listed then.
std::optional<record::Draft> Begin(Context& context, const fhir::Element& resource,
                                   record::Section section, record::Kind kind);

void ReadAllergy(Context& context, const fhir::Element& resource);
void ReadMedicationStatement(Context& context, const fhir::Element& resource);
void ReadMedicationRequest(Context& context, const fhir::Element& resource);
void ReadProblem(Context& context, const fhir::Element& resource);
void ReadEncounter(Context& context, const fhir::Element& resource);
void ReadImmunisation(Context& context, const fhir::Element& resource);
void ReadObservation(Context& context, const fhir::Element& resource);
void ReadReport(Context& context, const fhir::Element& resource);
void ReadSpecimen(Context& context, const fhir::Element& resource);
void ReadProcedureRequest(Context& context, const fhir::Element& resource);
void ReadReferral(Context& context, const fhir::Element& resource);
void ReadDocument(Context& context, const fhir::Element& resource);

}  // namespace milecastle::primary

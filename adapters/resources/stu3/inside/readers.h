// One reader for each type of resource of STU3 of which an entry is made.
//
// Thread-safety: as Context. Failure: as Context.
#pragma once

#include <optional>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/begin.h"
#include "resources/context.h"
#include "resources/performers.h"
#include "resources/values.h"
#include "stu3/reading.h"

namespace milecastle::stu3 {

using resources::AddDetail;
using resources::AddLink;
using resources::AddPerformers;
using resources::AddText;
using resources::CodedOf;
using resources::Context;
using resources::QuantityText;
using resources::WhenOf;
using resources::WordsOf;

// As resources::Begin, of what is understood (resources/rules.h).
std::optional<record::Draft> Start(Context& context, const fhir::Element& resource,
                                   record::Section section, record::Kind kind);

// Finds which results belong to which report, and which issues to which course. Before the readers
// of resources.
void FindGroups(Context& context);
// Walks the lists: statements on sections, snapshots, and the placement of what they name. Before
// all other readers.
void ReadLists(Context& context);
void ReadAllergy(Context& context, const fhir::Element& resource);
void ReadMedicationStatement(Context& context, const fhir::Element& resource);
void ReadMedicationRequest(Context& context, const fhir::Element& resource);
void ReadProblem(Context& context, const fhir::Element& resource);
void ReadEncounter(Context& context, const fhir::Element& resource);
void ReadImmunisation(Context& context, const fhir::Element& resource);
void ReadObservation(Context& context, const fhir::Element& resource);
void ReadReport(Context& context, const fhir::Element& resource);
void ReadProcedureRequest(Context& context, const fhir::Element& resource);
void ReadReferral(Context& context, const fhir::Element& resource);
void ReadDocument(Context& context, const fhir::Element& resource);
void ReadAppointment(Context& context, const fhir::Element& resource);
// The appointment that makes a relationship: one of a message. After the readers.
void ClaimAppointment(Context& context);

}  // namespace milecastle::stu3

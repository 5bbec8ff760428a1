// One reader for each type of resource of R4 of which an entry is made.
//
// Thread-safety: as resources/context.h. Failure: as resources/context.h.
#pragma once

#include "fhir/document.h"
#include "r4/composition.h"
#include "r4/reading.h"
#include "resources/context.h"

namespace milecastle::r4 {

// The lists' statements on sections, and where they put what they name. Before the readers of
// resources.
void ReadLists(resources::Context& context);
void FindGroups(resources::Context& context);
// The stay, attendance or caseload that makes a relationship: one of a message.
void ClaimEncounter(resources::Context& context);

void ReadAllergy(resources::Context& context, const fhir::Element& resource);
void ReadCondition(resources::Context& context, const fhir::Element& resource);
void ReadProcedure(resources::Context& context, const fhir::Element& resource);
void ReadFamilyHistory(resources::Context& context, const fhir::Element& resource);
void ReadClinicalImpression(resources::Context& context, const fhir::Element& resource);
void ReadRiskAssessment(resources::Context& context, const fhir::Element& resource);

void ReadMedicationStatement(resources::Context& context, const fhir::Element& resource);
void ReadMedicationRequest(resources::Context& context, const fhir::Element& resource);
void ReadMedicationDispense(resources::Context& context, const fhir::Element& resource);
void ReadMedicationAdministration(resources::Context& context, const fhir::Element& resource);
void ReadImmunization(resources::Context& context, const fhir::Element& resource);

void ReadObservation(resources::Context& context, const fhir::Element& resource);
void ReadReport(resources::Context& context, const fhir::Element& resource);
void ReadImagingStudy(resources::Context& context, const fhir::Element& resource);
void ReadQuestionnaireResponse(resources::Context& context, const fhir::Element& resource);

void ReadEncounter(resources::Context& context, const fhir::Element& resource);
void ReadAppointment(resources::Context& context, const fhir::Element& resource);
void ReadEpisode(resources::Context& context, const fhir::Element& resource);
void ReadCommunication(resources::Context& context, const fhir::Element& resource);

void ReadServiceRequest(resources::Context& context, const fhir::Element& resource);
void ReadCarePlan(resources::Context& context, const fhir::Element& resource);
void ReadGoal(resources::Context& context, const fhir::Element& resource);
void ReadFlag(resources::Context& context, const fhir::Element& resource);
void ReadPartly(resources::Context& context, const fhir::Element& resource);
void ReadConsent(resources::Context& context, const fhir::Element& resource);

void ReadRelatedPerson(resources::Context& context, const fhir::Element& resource);
void ReadCareTeam(resources::Context& context, const fhir::Element& resource);
void ReadDevice(resources::Context& context, const fhir::Element& resource);
void ReadDeviceRequest(resources::Context& context, const fhir::Element& resource);
void ReadDeviceUse(resources::Context& context, const fhir::Element& resource);
void ReadResearchSubject(resources::Context& context, const fhir::Element& resource);

void ReadDocumentReference(resources::Context& context, const fhir::Element& resource);
void ReadMedia(resources::Context& context, const fhir::Element& resource);
// Read before all others, and no entry of their own is made: lists.
void ReadNothing(resources::Context& context, const fhir::Element& resource);

}  // namespace milecastle::r4

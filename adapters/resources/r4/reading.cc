#include "r4/reading.h"

#include <algorithm>
#include <array>

#include "inside/readers.h"
#include "r4/composition.h"
#include "r4/release.h"
#include "resources/observations.h"
#include "resources/outcome.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using resources::Context;

constexpr auto kReaders = std::to_array<Reader>({
    {"AdverseEvent", ReadPartly},
    {"AllergyIntolerance", ReadAllergy},
    {"Appointment", ReadAppointment},
    {"BodyStructure", ReadPartly},
    {"CarePlan", ReadCarePlan},
    {"CareTeam", ReadCareTeam},
    {"ClinicalImpression", ReadClinicalImpression},
    {"Communication", ReadCommunication},
    {"Composition", ReadComposition},
    {"Condition", ReadCondition},
    {"Consent", ReadConsent},
    {"DetectedIssue", ReadPartly},
    {"Device", ReadDevice},
    {"DeviceRequest", ReadDeviceRequest},
    {"DeviceUseStatement", ReadDeviceUse},
    {"DiagnosticReport", ReadReport},
    {"DocumentReference", ReadDocumentReference},
    {"Encounter", ReadEncounter},
    {"EpisodeOfCare", ReadEpisode},
    {"FamilyMemberHistory", ReadFamilyHistory},
    {"Flag", ReadFlag},
    {"Goal", ReadGoal},
    {"ImagingStudy", ReadImagingStudy},
    {"Immunization", ReadImmunization},
    {"ImmunizationRecommendation", ReadPartly},
    {"List", ReadNothing},
    {"Media", ReadMedia},
    {"MedicationAdministration", ReadMedicationAdministration},
    {"MedicationDispense", ReadMedicationDispense},
    {"MedicationRequest", ReadMedicationRequest},
    {"MedicationStatement", ReadMedicationStatement},
    {"NutritionOrder", ReadPartly},
    {"Observation", ReadObservation},
    {"Procedure", ReadProcedure},
    {"QuestionnaireResponse", ReadQuestionnaireResponse},
    {"RelatedPerson", ReadRelatedPerson},
    {"ResearchSubject", ReadResearchSubject},
    {"RiskAssessment", ReadRiskAssessment},
    {"ServiceRequest", ReadServiceRequest},
    {"Specimen", resources::ReadSpecimen},
    {"SupplyDelivery", ReadPartly},
    {"SupplyRequest", ReadPartly},
    {"VisionPrescription", ReadPartly},
});

ReadResource FindIn(std::span<const Reader> readers, std::string_view type) {
  const auto found = std::find_if(readers.begin(), readers.end(),
                                  [&](const Reader& reader) { return reader.type == type; });
  return found == readers.end() ? nullptr : found->read;
}

void ReadOne(Context& context, const Element& resource, const ReadingOptions& options) {
  const std::string_view type = resource["resourceType"].peek();
  ReadResource read = FindIn(options.more, type);
  if (read == nullptr) read = ReaderOf(type);
  if (read != nullptr) read(context, resource);
}

// A device that belongs to nobody but did something is no equipment of the patient's.
bool IsOwn(const Element& contained) {
  return contained["resourceType"].peek() != "Device" || contained["patient"].exists();
}

void ReadResources(Context& context, const ReadingOptions& options) {
  for (const Element& resource : context.resources()) {
    if (context.Overspent()) return;
    if (context.IsDropped(resource)) continue;
    ReadOne(context, resource, options);
    for (const Element& contained : resource["contained"].items()) {
      if (IsOwn(contained)) ReadOne(context, contained, options);
    }
  }
}

// Of several patients an error answer does not say whose it is.
void ReadOutcomes(Context& context) {
  for (const Element& outcome : context.index().OfType("OperationOutcome")) {
    resources::ReadOutcome(context, outcome);
  }
}

void ReadOnePatient(Context& context, const ReadingOptions& options) {
  ReadPatient(context);
  ReadLists(context);
  ReadDocuments(context);
  FindGroups(context);
  ReadResources(context, options);
  if (context.subject().is_alone) ReadOutcomes(context);
  ClaimEncounter(context);
  SettleDocument(context);
}

}  // namespace

ReadResource ReaderOf(std::string_view type) { return FindIn(kReaders, type); }

bool MakesEntry(std::string_view type) {
  const ReadResource read = ReaderOf(type);
  return read != nullptr && read != &ReadPartly && read != &ReadNothing;
}

base::Result<Contributions> ReadPatients(resources::Bundle& bundle, const ReadingOptions& options) {
  const resources::SubjectOptions subjects{
      .about_one = options.about_one,
      .patient_limit = options.patient_limit,
      .is_read = [](std::string_view type) { return ReaderOf(type) != nullptr; },
      .deletions = options.deletions,
      .naming = options.naming};
  return resources::ReadSubjects(bundle, subjects, {.release = kR4, .read = [&](Context& context) {
                                                      ReadOnePatient(context, options);
                                                    }});
}

}  // namespace milecastle::r4

#include "r4/release.h"

#include <array>

#include "r4/reading.h"

namespace milecastle::r4 {
namespace {

using record::ClinicalStatus;
using record::Intent;
using record::Verification;
using resources::Reason;
using resources::StatusWord;
using resources::TypeReason;

// What R4 says beside the words of every release.
constexpr auto kStatuses = std::to_array<StatusWord>({
    {"relapse", ClinicalStatus::kActive},
    {"checked-in", ClinicalStatus::kActive},
    {"accepted", ClinicalStatus::kActive},
    {"fulfilled", ClinicalStatus::kCompleted},
    {"completed", ClinicalStatus::kCompleted},
    {"ended", ClinicalStatus::kCompleted},
    {"revoked", ClinicalStatus::kStopped},
    {"not-done", ClinicalStatus::kUnstated, Intent::kNotDone},
    {"not-taken", ClinicalStatus::kUnstated, Intent::kNotDone},
    {"declined", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"noshow", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"cancelled", ClinicalStatus::kCancelled, Intent::kNotDone},
    {"preparation", ClinicalStatus::kPlanned, Intent::kPlanned},
    {"planned", ClinicalStatus::kPlanned, Intent::kPlanned},
    {"intended", ClinicalStatus::kPlanned, Intent::kPlanned},
    {"proposed", ClinicalStatus::kPlanned, Intent::kPlanned},
    {"draft", ClinicalStatus::kPlanned, Intent::kPlanned},
    {"pending", ClinicalStatus::kPlanned, Intent::kPlanned},
    {"booked", ClinicalStatus::kPlanned, Intent::kPlanned},
    {"waitlist", ClinicalStatus::kPlanned, Intent::kPlanned},
});

constexpr auto kVerifications = std::to_array<resources::VerificationWord>({
    {"unconfirmed", Verification::kSuspected},
});

constexpr auto kReasons = std::to_array<Reason>({
    // How the bundle is built, not what it says.
    {"Bundle", "resourceType", ""},
    {"Bundle", "identifier*", ""},
    {"Bundle", "type", ""},
    {"Bundle", "total", ""},
    {"Bundle", "link*", ""},
    {"Bundle", "signature*", "a signature of the whole, which is not checked here"},
    {"Composition", "text*", "narrative: the sections are carried in its place"},
    {"Patient", "link*", "a link to another patient record: nobody is merged by it"},
    {"Patient", "photo*", "a picture of the patient"},
    {"List", "encounter*", "the encounter of a list: each entry keeps its own"},
});

constexpr std::string_view kMoney = "money and insurance are no part of a shared record";
constexpr std::string_view kDefinition = "a definition is no part of a patient's record";
constexpr std::string_view kWorkflow = "a step of somebody's work, not a part of the record";
constexpr std::string_view kService = "what a service offers is no part of a patient's record";
constexpr std::string_view kProof =
    "who wrote, saw or signed what at the source is proof for the source, not a part of the record";

constexpr auto kTypes = std::to_array<TypeReason>({
    {"Account", kMoney},
    {"ChargeItem", kMoney},
    {"Claim", kMoney},
    {"ClaimResponse", kMoney},
    {"Coverage", kMoney},
    {"CoverageEligibilityRequest", kMoney},
    {"CoverageEligibilityResponse", kMoney},
    {"EnrollmentRequest", kMoney},
    {"EnrollmentResponse", kMoney},
    {"ExplanationOfBenefit", kMoney},
    {"Invoice", kMoney},
    {"PaymentNotice", kMoney},
    {"PaymentReconciliation", kMoney},
    {"Contract", kMoney},
    {"AuditEvent", kProof},
    {"Provenance", kProof},
    {"VerificationResult", kProof},
    {"Task", kWorkflow},
    {"AppointmentResponse", kWorkflow},
    {"Slot", kService},
    {"Schedule", kService},
    {"Endpoint", kService},
    {"ActivityDefinition", kDefinition},
    {"CapabilityStatement", kDefinition},
    {"CodeSystem", kDefinition},
    {"ConceptMap", kDefinition},
    {"Library", kDefinition},
    {"Measure", kDefinition},
    {"MessageDefinition", kDefinition},
    {"OperationDefinition", kDefinition},
    {"PlanDefinition", kDefinition},
    {"Questionnaire", kDefinition},
    {"StructureDefinition", kDefinition},
    {"ValueSet", kDefinition},
    {"MessageHeader", "who sends the message, and how it is to be handled and answered"},
    {"OperationOutcome", "a notice on the answer, not a part of the record"},
    {"Binary", "a document's bytes that no DocumentReference names"},
    {"Parameters", "a request, not a part of the record"},
    {"Person", "a person apart from any patient's record: nobody is linked by it"},
    {"Group", "a group of people is nobody's record"},
    {"Linkage", "nobody is linked by it"},
    {"AdverseEvent"},
    {"BodyStructure"},
    {"DetectedIssue"},
    {"DeviceMetric"},
    {"EventDefinition"},
    {"GuidanceResponse"},
    {"ImmunizationEvaluation"},
    {"ImmunizationRecommendation"},
    {"MeasureReport"},
    {"MolecularSequence"},
    {"NutritionOrder"},
    {"RequestGroup"},
    {"SupplyDelivery"},
    {"SupplyRequest"},
    {"VisionPrescription"},
});

constexpr auto kOwnWords = std::to_array<resources::OwnWord>({
    {"MedicationRequest", "doNotPerform"},
    {"Observation", "focus", false},
    {"ServiceRequest", "doNotPerform"},
});
constexpr auto kStatus = std::to_array<std::string_view>(
    {"status", "lifecycleStatus", "clinicalStatus", "verificationStatus"});
constexpr auto kEncounter = std::to_array<std::string_view>({"encounter", "context"});

}  // namespace

constexpr resources::Release kR4 = {
    .statuses = kStatuses,
    .verifications = kVerifications,
    .reasons = kReasons,
    .types = kTypes,
    .status = kStatus,
    .encounter = kEncounter,
    .nhs_number_verification = "*Extension-UKCore-NHSNumberVerificationStatus",
    .ethnic_category = "*Extension-UKCore-EthnicCategory",
    .nhs_communication = "*Extension-UKCore-NHSCommunication",
    .list_warning = "*Extension-UKCore-ListWarningCode",
    .own_words = kOwnWords,
    .makes_entry = &MakesEntry,
};

}  // namespace milecastle::r4

#include "stu3/release.h"

#include <array>

namespace milecastle::stu3 {
namespace {

// GP Connect fixes this word for every allergy, so it tells nothing of this one.
constexpr std::array kVerifications = {
    resources::VerificationWord{"unconfirmed", record::Verification::kUnstated}};
// Of appointments; and a word of R4 that STU3 has flags for.
constexpr auto kStatuses = std::to_array<resources::StatusWord>({
    {"booked", record::ClinicalStatus::kPlanned, record::Intent::kPlanned},
    {"proposed", record::ClinicalStatus::kPlanned, record::Intent::kPlanned},
    {"pending", record::ClinicalStatus::kPlanned, record::Intent::kPlanned},
    {"fulfilled", record::ClinicalStatus::kCompleted},
    {"noshow", record::ClinicalStatus::kCancelled, record::Intent::kNotDone},
    {"not-done", record::ClinicalStatus::kUnstated, record::Intent::kNotDone},
    {"not-taken", record::ClinicalStatus::kUnstated, record::Intent::kNotDone},
});
constexpr auto kOwnWords = std::to_array<resources::OwnWord>({
    {"Communication", "notDone"},
    {"Communication", "notDoneReason"},
    {"Communication", "_notDone"},
    {"FamilyMemberHistory", "notDone"},
    {"FamilyMemberHistory", "notDoneReason"},
    {"FamilyMemberHistory", "_notDone"},
    {"Immunization", "notGiven"},
    {"Immunization", "_notGiven"},
    {"MedicationAdministration", "notGiven"},
    {"MedicationAdministration", "reasonNotGiven"},
    {"MedicationAdministration", "_notGiven"},
    {"MedicationDispense", "notDoneCodeableConcept"},
    {"MedicationDispense", "notDoneReference"},
    {"MedicationStatement", "taken", false},
    {"Procedure", "notDone"},
    {"Procedure", "notDoneReason"},
    {"Procedure", "_notDone"},
    {"ProcedureRequest", "doNotPerform"},
});
constexpr std::array<std::string_view, 4> kStatus = {"status", "clinicalStatus",
                                                     "verificationStatus", "docStatus"};
constexpr std::array<std::string_view, 2> kEncounter = {"context", "encounter"};

}  // namespace

constexpr resources::Release kStu3 = {
    .statuses = kStatuses,
    .verifications = kVerifications,
    .status = kStatus,
    .encounter = kEncounter,
    .nhs_number_verification = "*Extension-CareConnect-NHSNumberVerificationStatus-1",
    .ethnic_category = "*Extension-CareConnect-EthnicCategory-1",
    .nhs_communication = "*Extension-CareConnect-NHSCommunication-1",
    .list_warning = "*Extension-CareConnect-ListWarningCode-1",
    .own_words = kOwnWords,
};

}  // namespace milecastle::stu3

// Addresses and codes of GP Connect's profiles.
#pragma once

#include <string_view>

namespace milecastle::primary {

inline constexpr std::string_view kNhsNumber = "https://fhir.nhs.uk/Id/nhs-number";
inline constexpr std::string_view kOdsOrganisation = "https://fhir.nhs.uk/Id/ods-organization-code";
inline constexpr std::string_view kSnomed = "http://snomed.info/sct";

// Lists of a whole clinical area (SNOMED CT).
inline constexpr std::string_view kAllergiesList = "886921000000105";
inline constexpr std::string_view kEndedAllergiesList = "1103671000000101";
inline constexpr std::string_view kMedicationsList = "933361000000108";
inline constexpr std::string_view kProblemsList = "717711000000103";
inline constexpr std::string_view kConsultationsList = "1149501000000101";
inline constexpr std::string_view kImmunisationsList = "1102181000000102";
inline constexpr std::string_view kUncategorisedList = "826501000000100";
inline constexpr std::string_view kInvestigationsList = "887191000000108";
inline constexpr std::string_view kReferralsList = "792931000000107";
inline constexpr std::string_view kDiaryList = "714311000000108";

// Lists that make up one consultation.
inline constexpr std::string_view kConsultation = "325851000000107";
inline constexpr std::string_view kTopic = "25851000000105";
inline constexpr std::string_view kHeading = "24781000000107";

inline constexpr std::string_view kNoKnownAllergy = "716186003";

}  // namespace milecastle::primary

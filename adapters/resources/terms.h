// Addresses and codes that every release of the NHS's profiles uses.
#pragma once

#include <string_view>

namespace milecastle::resources {

inline constexpr std::string_view kNhsNumber = "https://fhir.nhs.uk/Id/nhs-number";
inline constexpr std::string_view kOdsOrganisation = "https://fhir.nhs.uk/Id/ods-organization-code";
// As BaRS spells it.
inline constexpr std::string_view kOdsOrganisationInLowerCase =
    "https://fhir.nhs.uk/id/ods-organization-code";
inline constexpr std::string_view kOdsSite = "https://fhir.nhs.uk/Id/ods-site-code";
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

}  // namespace milecastle::resources

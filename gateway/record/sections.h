// The headings under which a record is kept: PRSB Core Information Standard v2.
//
// Numbers are stored and MUST NOT change; new headings go to the end.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace milecastle::record {

enum class Section : std::uint8_t {
  kDemographics = 1,
  kGpPractice = 2,
  kAboutMe = 3,
  kIndividualRequirements = 4,
  kAlerts = 5,
  kLegalInformation = 6,
  kSafeguarding = 7,
  kProfessionalContacts = 8,
  kPersonalContacts = 9,
  kResearch = 10,
  kReferralDetails = 11,
  kContactsWithProfessionals = 12,
  kAdmissionDetails = 13,
  kDischargeDetails = 14,
  kFutureAppointments = 15,
  kVaccinations = 16,
  kProblems = 17,
  kProcedures = 18,
  kSocialContext = 19,
  kServicesAndCare = 20,
  kPrimarySupportReason = 21,
  kFamilyHistory = 22,
  kInvestigationResults = 23,
  kInvestigationsRequested = 24,
  kExaminationFindings = 25,
  kPregnancyStatus = 26,
  kAssessments = 27,
  kFormulation = 28,
  kRisks = 29,
  kAllergies = 30,
  kMedications = 31,
  kEquipment = 32,
  kPlanAndActions = 33,
  kCareAndSupportPlan = 34,
  kContingencyPlans = 35,
  kAdditionalSupportPlans = 36,
  kEndOfLifeCare = 37,
  kDocuments = 38,
};

struct SectionName {
  Section section;
  std::string_view key;   // for configuration, policy and the command line: "problems"
  std::string_view name;  // the standard's heading: "Problem list"
};

std::span<const SectionName> Sections();
std::string_view KeyOf(Section section);
std::string_view NameOf(Section section);
std::optional<Section> SectionOf(std::string_view key);

}  // namespace milecastle::record

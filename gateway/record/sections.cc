#include "record/sections.h"

#include <algorithm>
#include <array>

namespace milecastle::record {
namespace {

constexpr std::array kSections = {
    SectionName{Section::kDemographics, "demographics", "Person demographics"},
    SectionName{Section::kGpPractice, "gp_practice", "GP practice"},
    SectionName{Section::kAboutMe, "about_me", "About me"},
    SectionName{Section::kIndividualRequirements, "individual_requirements",
                "Individual requirements"},
    SectionName{Section::kAlerts, "alerts", "Alerts"},
    SectionName{Section::kLegalInformation, "legal_information", "Legal information"},
    SectionName{Section::kSafeguarding, "safeguarding", "Safeguarding"},
    SectionName{Section::kProfessionalContacts, "professional_contacts", "Professional contacts"},
    SectionName{Section::kPersonalContacts, "personal_contacts", "Personal contacts"},
    SectionName{Section::kResearch, "research", "Participation in research"},
    SectionName{Section::kReferralDetails, "referral_details", "Referral details"},
    SectionName{Section::kContactsWithProfessionals, "contacts_with_professionals",
                "Contacts with professionals"},
    SectionName{Section::kAdmissionDetails, "admission_details", "Admission details"},
    SectionName{Section::kDischargeDetails, "discharge_details", "Discharge details"},
    SectionName{Section::kFutureAppointments, "future_appointments", "Future appointments"},
    SectionName{Section::kVaccinations, "vaccinations", "Vaccinations"},
    SectionName{Section::kProblems, "problems", "Problem list"},
    SectionName{Section::kProcedures, "procedures", "Procedures and therapies"},
    SectionName{Section::kSocialContext, "social_context", "Social context"},
    SectionName{Section::kServicesAndCare, "services_and_care", "Services and care"},
    SectionName{Section::kPrimarySupportReason, "primary_support_reason", "Primary support reason"},
    SectionName{Section::kFamilyHistory, "family_history", "Family history"},
    SectionName{Section::kInvestigationResults, "investigation_results", "Investigation results"},
    SectionName{Section::kInvestigationsRequested, "investigations_requested",
                "Investigations requested"},
    SectionName{Section::kExaminationFindings, "examination_findings", "Examination findings"},
    SectionName{Section::kPregnancyStatus, "pregnancy_status", "Pregnancy status"},
    SectionName{Section::kAssessments, "assessments", "Assessments"},
    SectionName{Section::kFormulation, "formulation", "Formulation"},
    SectionName{Section::kRisks, "risks", "Risks"},
    SectionName{Section::kAllergies, "allergies", "Allergies and adverse reactions"},
    SectionName{Section::kMedications, "medications", "Medications and medical devices"},
    SectionName{Section::kEquipment, "equipment", "Equipment and adaptations"},
    SectionName{Section::kPlanAndActions, "plan_and_actions", "Plan and requested actions"},
    SectionName{Section::kCareAndSupportPlan, "care_and_support_plan", "Care and support plan"},
    SectionName{Section::kContingencyPlans, "contingency_plans", "Contingency/safety plans"},
    SectionName{Section::kAdditionalSupportPlans, "additional_support_plans",
                "Additional support plans"},
    SectionName{Section::kEndOfLifeCare, "end_of_life_care", "End of life care"},
    SectionName{Section::kDocuments, "documents", "Documents"},
};

constexpr bool InOrder() {
  for (std::size_t i = 0; i < kSections.size(); ++i) {
    if (static_cast<std::size_t>(kSections[i].section) != i + 1) return false;
  }
  return true;
}
static_assert(InOrder(), "the table follows the numbers of Section");

}  // namespace

std::span<const SectionName> Sections() { return kSections; }

std::string_view KeyOf(Section section) {
  return kSections.at(static_cast<std::size_t>(section) - 1).key;
}

std::string_view NameOf(Section section) {
  return kSections.at(static_cast<std::size_t>(section) - 1).name;
}

std::optional<Section> SectionOf(std::string_view key) {
  const auto* const line = std::find_if(kSections.begin(), kSections.end(),
                                        [key](const SectionName& name) { return name.key == key; });
  if (line == kSections.end()) return std::nullopt;
  return line->section;
}

}  // namespace milecastle::record

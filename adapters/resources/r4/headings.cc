#include "r4/headings.h"

#include <algorithm>
#include <array>

namespace milecastle::r4 {
namespace {

using record::Section;

struct Heading {
  std::string_view code;
  Section section;
};

// https://fhir.hl7.org.uk/CodeSystem/UKCore-RecordStandardHeadings, which are their titles in lower
// case, and titles of the PRSB's standards.
constexpr auto kHeadings = std::to_array<Heading>({
    {"about-me", Section::kAboutMe},
    {"additional-support-plans", Section::kAdditionalSupportPlans},
    {"admission-details", Section::kAdmissionDetails},
    {"reason-for-admission", Section::kAdmissionDetails},
    {"advance-decision-to-refuse-treatment", Section::kLegalInformation},
    {"advance-decisions-about-treatment", Section::kLegalInformation},
    {"advance-statement", Section::kAboutMe},
    {"alerts", Section::kAlerts},
    {"safety-alerts", Section::kAlerts},
    {"allergies", Section::kAllergies},
    {"allergies-and-adverse-reaction", Section::kAllergies},
    {"allergies-and-adverse-reactions", Section::kAllergies},
    {"appointment", Section::kFutureAppointments},
    {"future-appointments", Section::kFutureAppointments},
    {"new-appointment", Section::kFutureAppointments},
    {"review-appointment", Section::kFutureAppointments},
    {"assessment-scales", Section::kAssessments},
    {"assessments", Section::kAssessments},
    {"attendance-details", Section::kContactsWithProfessionals},
    {"care-and-support-plan", Section::kCareAndSupportPlan},
    {"clinical-narrative", Section::kFormulation},
    {"clinical-summary", Section::kFormulation},
    {"formulation", Section::kFormulation},
    {"clinical-risk-assessment", Section::kRisks},
    {"consent-for-information-sharing", Section::kLegalInformation},
    {"consent-for-treatment-record", Section::kLegalInformation},
    {"consent-relating-to-child", Section::kLegalInformation},
    {"contacts-with-professionals", Section::kContactsWithProfessionals},
    {"contingency-plans", Section::kContingencyPlans},
    {"current-supportive-care-for-terminal-illness", Section::kEndOfLifeCare},
    {"planned-supportive-care-for-terminal-illness", Section::kEndOfLifeCare},
    {"end-of-life-care", Section::kEndOfLifeCare},
    {"deprivation-of-liberty-safeguards-or-equivalent", Section::kLegalInformation},
    {"diagnoses", Section::kProblems},
    {"diagnosis", Section::kProblems},
    {"problems", Section::kProblems},
    {"problem-list", Section::kProblems},
    {"problems-and-issues", Section::kProblems},
    {"presenting-complaints-or-issues", Section::kProblems},
    {"presenting-complaint-or-issue", Section::kProblems},
    {"relevant-past-medical-surgical-and-mental-health-history", Section::kProblems},
    {"discharge-details", Section::kDischargeDetails},
    {"drug-substance-use", Section::kSocialContext},
    {"social-circumstances", Section::kSocialContext},
    {"social-context", Section::kSocialContext},
    {"educational-history", Section::kSocialContext},
    {"occupational-history", Section::kSocialContext},
    {"lifestyle", Section::kSocialContext},
    {"ended-allergies", Section::kAllergies},
    {"equipment-and-adaptations", Section::kEquipment},
    {"medical-devices", Section::kEquipment},
    {"examination-findings", Section::kExaminationFindings},
    {"observations", Section::kExaminationFindings},
    {"review-of-systems", Section::kExaminationFindings},
    {"family-history", Section::kFamilyHistory},
    {"general-practitioner-practice", Section::kGpPractice},
    {"gp-practice", Section::kGpPractice},
    {"immunisations", Section::kVaccinations},
    {"vaccinations", Section::kVaccinations},
    {"individual-requirement", Section::kIndividualRequirements},
    {"individual-requirements", Section::kIndividualRequirements},
    {"special-requirements", Section::kIndividualRequirements},
    {"reasonable-adjustments-for-health-and-care-access", Section::kIndividualRequirements},
    {"information-given", Section::kPlanAndActions},
    {"information-and-advice-given", Section::kPlanAndActions},
    {"investigation-results", Section::kInvestigationResults},
    {"investigations-and-results", Section::kInvestigationResults},
    {"test-result", Section::kInvestigationResults},
    {"investigations-requested", Section::kInvestigationsRequested},
    {"investigations-and-procedures-requested", Section::kInvestigationsRequested},
    {"procedures-requested", Section::kInvestigationsRequested},
    {"lasting-or-enduring-power-of-attorney-or-similar", Section::kLegalInformation},
    {"legal-information", Section::kLegalInformation},
    {"mental-capacity-assessment", Section::kLegalInformation},
    {"mental-health-act-or-equivalent-status", Section::kLegalInformation},
    {"medications-and-medical-devices", Section::kMedications},
    {"medications", Section::kMedications},
    {"active-medications", Section::kMedications},
    {"acute-medication", Section::kMedications},
    {"repeat-medication", Section::kMedications},
    {"discontinued-medications", Section::kMedications},
    {"discontinued-repeat-medication", Section::kMedications},
    {"participation-in-research", Section::kResearch},
    {"patient-and-carer-concerns", Section::kAboutMe},
    {"patient-and-carer-concerns-expectations-and-wishes", Section::kAboutMe},
    {"patient-demographics", Section::kDemographics},
    {"person-demographics", Section::kDemographics},
    {"personal-contacts", Section::kPersonalContacts},
    {"plan", Section::kPlanAndActions},
    {"actions", Section::kPlanAndActions},
    {"plan-and-requested-actions", Section::kPlanAndActions},
    {"outstanding-issues", Section::kPlanAndActions},
    {"pregnancy-status", Section::kPregnancyStatus},
    {"primary-support-reason", Section::kPrimarySupportReason},
    {"procedures", Section::kProcedures},
    {"procedures-and-therapies", Section::kProcedures},
    {"treatments-and-interventions", Section::kProcedures},
    {"professional-contacts", Section::kProfessionalContacts},
    {"person-completing-record", Section::kProfessionalContacts},
    {"distribution-list", Section::kProfessionalContacts},
    {"senior-reviewing-clinician", Section::kProfessionalContacts},
    {"referral-details", Section::kReferralDetails},
    {"referrer-details", Section::kReferralDetails},
    {"reason-for-referral", Section::kReferralDetails},
    {"inbound-referral", Section::kReferralDetails},
    {"outbound-referral", Section::kReferralDetails},
    {"relevant-clinical-risk-factors", Section::kRisks},
    {"risk-from-others", Section::kRisks},
    {"risk-information", Section::kRisks},
    {"risk-mitigation", Section::kRisks},
    {"risks", Section::kRisks},
    {"risks-to-others", Section::kRisks},
    {"risks-to-self", Section::kRisks},
    {"safeguarding", Section::kSafeguarding},
    {"safeguarding-issues", Section::kSafeguarding},
    {"services-and-care", Section::kServicesAndCare},
});

// SNOMED CT record headings as Transfer of Care uses them; LOINC as the International Patient
// Summary does.
constexpr auto kCodes = std::to_array<Heading>({
    {"886781000000108", Section::kAdmissionDetails},
    {"886921000000105", Section::kAllergies},
    {"887141000000103", Section::kAssessments},
    {"1077881000000105", Section::kContactsWithProfessionals},
    {"887181000000106", Section::kFormulation},
    {"1077901000000108", Section::kFormulation},
    {"887161000000102", Section::kProblems},
    {"886891000000102", Section::kProblems},
    {"886811000000106", Section::kDischargeDetails},
    {"887261000000109", Section::kProfessionalContacts},
    {"886711000000101", Section::kGpPractice},
    {"1078911000000106", Section::kIndividualRequirements},
    {"1052951000000105", Section::kPlanAndActions},
    {"1082101000000102", Section::kInvestigationResults},
    {"886961000000102", Section::kLegalInformation},
    {"61861000000100", Section::kLegalInformation},
    {"933361000000108", Section::kMedications},
    {"886751000000102", Section::kResearch},
    {"886731000000109", Section::kDemographics},
    {"1052941000000107", Section::kAboutMe},
    {"887231000000104", Section::kProfessionalContacts},
    {"887201000000105", Section::kPlanAndActions},
    {"887171000000109", Section::kProcedures},
    {"1052891000000108", Section::kReferralDetails},
    {"886721000000107", Section::kReferralDetails},
    {"886931000000107", Section::kAlerts},
    {"887051000000101", Section::kSocialContext},
    {"48765-2", Section::kAllergies},
    {"10160-0", Section::kMedications},
    {"11450-4", Section::kProblems},
    {"11348-0", Section::kProblems},
    {"11369-6", Section::kVaccinations},
    {"30954-2", Section::kInvestigationResults},
    {"47519-4", Section::kProcedures},
    {"46264-8", Section::kEquipment},
    {"8716-3", Section::kExaminationFindings},
    {"29762-2", Section::kSocialContext},
    {"18776-5", Section::kPlanAndActions},
    {"10162-6", Section::kPregnancyStatus},
    {"42348-3", Section::kLegalInformation},
    {"10157-6", Section::kFamilyHistory},
});

template <std::size_t N>
std::optional<Section> Find(const std::array<Heading, N>& headings, std::string_view code) {
  const auto* const found = std::find_if(headings.begin(), headings.end(),
                                         [&](const Heading& one) { return one.code == code; });
  return found == headings.end() ? std::nullopt : std::optional(found->section);
}

}  // namespace

std::string SlugOf(std::string_view title) {
  constexpr std::size_t kLongest = 80;
  std::string slug;
  for (const char c : title.substr(0, kLongest)) {
    const bool is_capital = c >= 'A' && c <= 'Z';
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || is_capital;
    if (is_plain) {
      slug += is_capital ? static_cast<char>(c | 0x20) : c;
    } else if (c != '\'' && !slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug;
}

std::optional<Section> SectionOfHeading(const record::Coded& code, std::string_view title) {
  for (const auto& coding : code.codings) {
    if (const auto section = Find(kCodes, coding.code)) return section;
    if (const auto section = Find(kHeadings, SlugOf(coding.code))) return section;
  }
  return Find(kHeadings, SlugOf(title.empty() ? std::string_view(code.text) : title));
}

}  // namespace milecastle::r4

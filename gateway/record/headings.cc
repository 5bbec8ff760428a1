#include "record/headings.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "base/text.h"

namespace milecastle::record {
namespace {

struct Heading {
  std::string_view said;
  Section section;
};

// Beside the sections' own names: UK Core's record standard headings
// (https://fhir.hl7.org.uk/CodeSystem/UKCore-RecordStandardHeadings), whose codes are their titles,
// headings of the PRSB's standards, and titles of NHS 111 reports and of letters.
//
// A clinical summary or narrative tells of one contact, and what somebody presented with is the
// reason for one: neither is on the list of problems before somebody puts it there.
constexpr auto kTitles = std::to_array<Heading>({
    {"patient demographics", Section::kDemographics},
    {"general practitioner practice", Section::kGpPractice},
    {"advance statement", Section::kAboutMe},
    {"patient and carer concerns", Section::kAboutMe},
    {"patient and carer concerns expectations and wishes", Section::kAboutMe},
    {"individual requirement", Section::kIndividualRequirements},
    {"reasonable adjustments for health and care access", Section::kIndividualRequirements},
    {"special requirements", Section::kIndividualRequirements},
    {"safety alerts", Section::kAlerts},
    {"special patient notes", Section::kAlerts},
    {"advance decision to refuse treatment", Section::kLegalInformation},
    {"advance decisions about treatment", Section::kLegalInformation},
    {"consent", Section::kLegalInformation},
    {"consent for information sharing", Section::kLegalInformation},
    {"consent for treatment record", Section::kLegalInformation},
    {"consent relating to child", Section::kLegalInformation},
    {"deprivation of liberty safeguards or equivalent", Section::kLegalInformation},
    {"lasting or enduring power of attorney or similar", Section::kLegalInformation},
    {"mental capacity assessment", Section::kLegalInformation},
    {"mental health act or equivalent status", Section::kLegalInformation},
    {"permission to view", Section::kLegalInformation},
    {"scr consent", Section::kLegalInformation},
    {"safeguarding concerns", Section::kSafeguarding},
    {"safeguarding issues", Section::kSafeguarding},
    {"distribution list", Section::kProfessionalContacts},
    {"person completing record", Section::kProfessionalContacts},
    {"senior reviewing clinician", Section::kProfessionalContacts},
    {"inbound referral", Section::kReferralDetails},
    {"outbound referral", Section::kReferralDetails},
    {"reason for referral", Section::kReferralDetails},
    {"referral", Section::kReferralDetails},
    {"referrer details", Section::kReferralDetails},
    {"attendance details", Section::kContactsWithProfessionals},
    {"case summary", Section::kContactsWithProfessionals},
    {"clinical narrative", Section::kContactsWithProfessionals},
    {"clinical summary", Section::kContactsWithProfessionals},
    {"consultation summary", Section::kContactsWithProfessionals},
    {"patient's reported condition", Section::kContactsWithProfessionals},
    {"presenting complaint", Section::kContactsWithProfessionals},
    {"presenting complaint or issue", Section::kContactsWithProfessionals},
    {"presenting complaints", Section::kContactsWithProfessionals},
    {"presenting complaints or issues", Section::kContactsWithProfessionals},
    {"primary reason for call", Section::kContactsWithProfessionals},
    {"repeat caller information", Section::kContactsWithProfessionals},
    {"reason for admission", Section::kAdmissionDetails},
    {"appointment", Section::kFutureAppointments},
    {"appointment reference", Section::kFutureAppointments},
    {"new appointment", Section::kFutureAppointments},
    {"review appointment", Section::kFutureAppointments},
    {"immunisations", Section::kVaccinations},
    {"immunizations", Section::kVaccinations},
    {"diagnoses", Section::kProblems},
    {"diagnosis", Section::kProblems},
    {"problems", Section::kProblems},
    {"problems and issues", Section::kProblems},
    {"relevant past medical surgical and mental health history", Section::kProblems},
    {"procedures", Section::kProcedures},
    {"treatments and interventions", Section::kProcedures},
    {"drug substance use", Section::kSocialContext},
    {"educational history", Section::kSocialContext},
    {"lifestyle", Section::kSocialContext},
    {"occupational history", Section::kSocialContext},
    {"social circumstances", Section::kSocialContext},
    {"social history", Section::kSocialContext},
    {"signpost details", Section::kServicesAndCare},
    {"investigations and results", Section::kInvestigationResults},
    {"results", Section::kInvestigationResults},
    {"test result", Section::kInvestigationResults},
    {"investigations and procedures requested", Section::kInvestigationsRequested},
    {"procedures requested", Section::kInvestigationsRequested},
    {"observations", Section::kExaminationFindings},
    {"review of systems", Section::kExaminationFindings},
    {"vital signs", Section::kExaminationFindings},
    {"pregnancy", Section::kPregnancyStatus},
    {"assessment scales", Section::kAssessments},
    {"pathways assessment", Section::kAssessments},
    {"triage report", Section::kAssessments},
    {"clinical risk assessment", Section::kRisks},
    {"relevant clinical risk factors", Section::kRisks},
    {"risk from others", Section::kRisks},
    {"risk information", Section::kRisks},
    {"risk mitigation", Section::kRisks},
    {"risks to others", Section::kRisks},
    {"risks to self", Section::kRisks},
    {"allergies", Section::kAllergies},
    {"allergies and adverse reaction", Section::kAllergies},
    {"ended allergies", Section::kAllergies},
    {"recorded allergies", Section::kAllergies},
    {"active medications", Section::kMedications},
    {"acute medication", Section::kMedications},
    {"discontinued medications", Section::kMedications},
    {"discontinued repeat medication", Section::kMedications},
    {"medication", Section::kMedications},
    {"medications", Section::kMedications},
    {"prescribed items", Section::kMedications},
    {"repeat medication", Section::kMedications},
    {"medical devices", Section::kEquipment},
    {"actions", Section::kPlanAndActions},
    {"advice given", Section::kPlanAndActions},
    {"disposition", Section::kPlanAndActions},
    {"disposition details", Section::kPlanAndActions},
    {"information and advice given", Section::kPlanAndActions},
    {"information given", Section::kPlanAndActions},
    {"outstanding issues", Section::kPlanAndActions},
    {"pathways disposition", Section::kPlanAndActions},
    {"plan", Section::kPlanAndActions},
    {"care plan", Section::kCareAndSupportPlan},
    {"contingency plans", Section::kContingencyPlans},
    {"current supportive care for terminal illness", Section::kEndOfLifeCare},
    {"planned supportive care for terminal illness", Section::kEndOfLifeCare},
});

// SNOMED CT record headings, as Transfer of Care and NHS 111 reports use them.
constexpr auto kSnomedCodes = std::to_array<Heading>({
    {"886731000000109", Section::kDemographics},
    {"886711000000101", Section::kGpPractice},
    {"1052941000000107", Section::kAboutMe},
    {"1078911000000106", Section::kIndividualRequirements},
    {"886931000000107", Section::kAlerts},
    {"61861000000100", Section::kLegalInformation},
    {"886961000000102", Section::kLegalInformation},
    {"887031000000108", Section::kLegalInformation},
    {"887231000000104", Section::kProfessionalContacts},
    {"887261000000109", Section::kProfessionalContacts},
    {"886751000000102", Section::kResearch},
    {"1052891000000108", Section::kReferralDetails},
    {"792931000000107", Section::kReferralDetails},
    {"886721000000107", Section::kReferralDetails},
    {"1077881000000105", Section::kContactsWithProfessionals},
    {"1077901000000108", Section::kContactsWithProfessionals},
    {"886891000000102", Section::kContactsWithProfessionals},
    {"887181000000106", Section::kContactsWithProfessionals},
    {"886781000000108", Section::kAdmissionDetails},
    {"886811000000106", Section::kDischargeDetails},
    {"714311000000108", Section::kFutureAppointments},
    {"749001000000101", Section::kFutureAppointments},
    {"1102181000000102", Section::kVaccinations},
    {"717711000000103", Section::kProblems},
    {"887161000000102", Section::kProblems},
    {"887171000000109", Section::kProcedures},
    {"887051000000101", Section::kSocialContext},
    {"1082101000000102", Section::kInvestigationResults},
    {"887191000000108", Section::kInvestigationResults},
    {"887141000000103", Section::kAssessments},
    {"886921000000105", Section::kAllergies},
    {"933361000000108", Section::kMedications},
    {"1052951000000105", Section::kPlanAndActions},
    {"887201000000105", Section::kPlanAndActions},
    {"913341000000104", Section::kPlanAndActions},
});

// LOINC section codes, as CDA R2, C-CDA and the International Patient Summary use them.
constexpr auto kLoincCodes = std::to_array<Heading>({
    {"42348-3", Section::kLegalInformation},
    {"85847-2", Section::kProfessionalContacts},
    {"42349-1", Section::kReferralDetails},
    {"10154-3", Section::kContactsWithProfessionals},
    {"10164-2", Section::kContactsWithProfessionals},
    {"29299-5", Section::kContactsWithProfessionals},
    {"46240-8", Section::kContactsWithProfessionals},
    {"8648-8", Section::kAdmissionDetails},
    {"11369-6", Section::kVaccinations},
    {"11348-0", Section::kProblems},
    {"11450-4", Section::kProblems},
    {"11535-2", Section::kProblems},
    {"46241-6", Section::kProblems},
    {"75310-3", Section::kProblems},
    {"47519-4", Section::kProcedures},
    {"29762-2", Section::kSocialContext},
    {"10157-6", Section::kFamilyHistory},
    {"30954-2", Section::kInvestigationResults},
    {"10187-3", Section::kExaminationFindings},
    {"29545-1", Section::kExaminationFindings},
    {"8716-3", Section::kExaminationFindings},
    {"10162-6", Section::kPregnancyStatus},
    {"10190-7", Section::kAssessments},
    {"47420-5", Section::kAssessments},
    {"51848-0", Section::kFormulation},
    {"48765-2", Section::kAllergies},
    {"10160-0", Section::kMedications},
    {"10183-2", Section::kMedications},
    {"29549-3", Section::kMedications},
    {"42346-7", Section::kMedications},
    {"46264-8", Section::kEquipment},
    {"18776-5", Section::kPlanAndActions},
    {"51847-2", Section::kPlanAndActions},
    {"69730-0", Section::kPlanAndActions},
    {"8653-8", Section::kPlanAndActions},
    {"61146-7", Section::kCareAndSupportPlan},
});

// Beside the sections' own names.
constexpr auto kWholeTitles = std::to_array<std::string_view>(
    {"allergies", "allergiesandadversereaction", "medications", "problems", "immunisations",
     "immunizations", "procedures", "safeguardingconcerns", "safeguardingissues",
     "individualrequirement", "pregnancy"});
constexpr auto kWholeCodes = std::to_array<std::string_view>(
    {"886921000000105", "933361000000108", "717711000000103", "1102181000000102", "48765-2",
     "10160-0", "11450-4", "11369-6", "47519-4", "46264-8", "10157-6", "10162-6"});

// No heading is longer.
std::string Plain(std::string_view title) {
  constexpr std::size_t kLongest = 80;
  return base::LettersAndDigits(title.substr(0, kLongest));
}

using Known = std::map<std::string, Section, std::less<>>;

std::optional<Section> Find(const Known& known, std::string_view said) {
  const auto found = known.find(said);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<Section> SectionOfCode(std::string_view code) {
  static const Known kKnown = [] {
    Known known;
    for (const Heading& one : kSnomedCodes) known.emplace(one.said, one.section);
    for (const Heading& one : kLoincCodes) known.emplace(one.said, one.section);
    return known;
  }();
  return Find(kKnown, code);
}

std::optional<Section> SectionOfTitle(std::string_view title) {
  static const Known kKnown = [] {
    Known known;
    for (const SectionName& one : Sections()) known.emplace(Plain(one.name), one.section);
    for (const Heading& one : kTitles) known.emplace(Plain(one.said), one.section);
    return known;
  }();
  return Find(kKnown, Plain(title));
}

bool IsWholeSection(std::string_view code_or_title) {
  const std::string plain = Plain(code_or_title);
  return std::find(kWholeCodes.begin(), kWholeCodes.end(), code_or_title) != kWholeCodes.end() ||
         std::find(kWholeTitles.begin(), kWholeTitles.end(), plain) != kWholeTitles.end() ||
         std::any_of(Sections().begin(), Sections().end(),
                     [&](const SectionName& one) { return Plain(one.name) == plain; });
}

}  // namespace milecastle::record

#include "detail/sections.h"

#include <algorithm>
#include <array>
#include <string>

namespace milecastle::cda {
namespace {

using record::Section;

struct Line {
  std::string_view key;
  Section section;
};

// SNOMED CT headings of UK documents, then LOINC section codes of CDA R2 and C-CDA.
constexpr auto kCodes = std::to_array<Line>({
    {"886921000000105", Section::kAllergies},
    {"933361000000108", Section::kMedications},
    {"717711000000103", Section::kProblems},
    {"1102181000000102", Section::kVaccinations},
    {"887191000000108", Section::kInvestigationResults},
    {"792931000000107", Section::kReferralDetails},
    {"714311000000108", Section::kFutureAppointments},
    {"749001000000101", Section::kFutureAppointments},
    {"886891000000102", Section::kContactsWithProfessionals},
    {"887181000000106", Section::kContactsWithProfessionals},
    {"887031000000108", Section::kLegalInformation},
    {"913341000000104", Section::kPlanAndActions},
    {"1052951000000105", Section::kPlanAndActions},
    {"48765-2", Section::kAllergies},
    {"10160-0", Section::kMedications},
    {"10183-2", Section::kMedications},
    {"42346-7", Section::kMedications},
    {"29549-3", Section::kMedications},
    {"11450-4", Section::kProblems},
    {"11348-0", Section::kProblems},
    {"46241-6", Section::kProblems},
    {"11535-2", Section::kProblems},
    {"75310-3", Section::kProblems},
    {"47519-4", Section::kProcedures},
    {"30954-2", Section::kInvestigationResults},
    {"8716-3", Section::kExaminationFindings},
    {"29545-1", Section::kExaminationFindings},
    {"10187-3", Section::kExaminationFindings},
    {"11369-6", Section::kVaccinations},
    {"46240-8", Section::kContactsWithProfessionals},
    {"29299-5", Section::kContactsWithProfessionals},
    {"10154-3", Section::kContactsWithProfessionals},
    {"10164-2", Section::kContactsWithProfessionals},
    {"10157-6", Section::kFamilyHistory},
    {"29762-2", Section::kSocialContext},
    {"18776-5", Section::kPlanAndActions},
    {"51847-2", Section::kPlanAndActions},
    {"69730-0", Section::kPlanAndActions},
    {"8653-8", Section::kPlanAndActions},
    {"61146-7", Section::kCareAndSupportPlan},
    {"42348-3", Section::kLegalInformation},
    {"46264-8", Section::kEquipment},
    {"47420-5", Section::kAssessments},
    {"10190-7", Section::kAssessments},
    {"51848-0", Section::kFormulation},
    {"42349-1", Section::kReferralDetails},
    {"8648-8", Section::kAdmissionDetails},
    {"85847-2", Section::kProfessionalContacts},
});

// Titles of NHS 111 and integrated urgent care reports, and of letters, in lower case. The PRSB
// headings' own names are found without standing here.
constexpr auto kTitles = std::to_array<Line>({
    {"patient's reported condition", Section::kContactsWithProfessionals},
    {"primary reason for call", Section::kContactsWithProfessionals},
    {"consultation summary", Section::kContactsWithProfessionals},
    {"clinical summary", Section::kContactsWithProfessionals},
    {"case summary", Section::kContactsWithProfessionals},
    {"repeat caller information", Section::kContactsWithProfessionals},
    {"pathways assessment", Section::kAssessments},
    {"triage report", Section::kAssessments},
    {"pathways disposition", Section::kPlanAndActions},
    {"disposition", Section::kPlanAndActions},
    {"disposition details", Section::kPlanAndActions},
    {"advice given", Section::kPlanAndActions},
    {"information and advice given", Section::kPlanAndActions},
    {"special patient notes", Section::kAlerts},
    {"scr consent", Section::kLegalInformation},
    {"permission to view", Section::kLegalInformation},
    {"recorded allergies", Section::kAllergies},
    {"allergies", Section::kAllergies},
    {"allergies and adverse reactions", Section::kAllergies},
    {"prescribed items", Section::kMedications},
    {"medications", Section::kMedications},
    {"medication", Section::kMedications},
    {"problems", Section::kProblems},
    {"diagnoses", Section::kProblems},
    {"procedures", Section::kProcedures},
    {"immunisations", Section::kVaccinations},
    {"immunizations", Section::kVaccinations},
    {"results", Section::kInvestigationResults},
    {"vital signs", Section::kExaminationFindings},
    {"social history", Section::kSocialContext},
    {"appointment reference", Section::kFutureAppointments},
    {"referral", Section::kReferralDetails},
    {"care plan", Section::kCareAndSupportPlan},
});

template <std::size_t N>
std::optional<Section> Find(const std::array<Line, N>& lines, std::string_view key) {
  for (const Line& line : lines) {
    if (line.key == key) return line.section;
  }
  return std::nullopt;
}

std::string Lower(std::string_view text) {
  std::string lower(text.substr(0, 80));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

}  // namespace

std::optional<Section> HeadingOfCode(std::string_view code) { return Find(kCodes, code); }

std::optional<Section> HeadingOfTitle(std::string_view title) {
  std::string lower = Lower(title);
  while (lower.ends_with(' ') || lower.ends_with(':')) lower.pop_back();
  if (const auto found = Find(kTitles, lower)) return found;
  for (const record::SectionName& name : record::Sections()) {
    if (Lower(name.name) == lower) return name.section;
  }
  return std::nullopt;
}

}  // namespace milecastle::cda

#include "resources/areas.h"

#include <algorithm>
#include <array>
#include <utility>

#include "resources/terms.h"

namespace milecastle::resources {
namespace {

using record::Section;

constexpr std::array kAreas = {
    Area{kAllergiesList, Section::kAllergies, Section::kAllergies},
    Area{kEndedAllergiesList, Section::kAllergies, Section::kAllergies, false},
    Area{kMedicationsList, Section::kMedications, Section::kMedications},
    Area{kProblemsList, Section::kProblems, Section::kProblems},
    Area{kConsultationsList, Section::kContactsWithProfessionals, Section::kFamilyHistory},
    Area{kImmunisationsList, Section::kVaccinations, Section::kVaccinations},
    Area{kUncategorisedList, Section::kExaminationFindings, Section::kExaminationFindings},
    Area{kInvestigationsList, Section::kInvestigationResults, Section::kInvestigationsRequested},
    Area{kReferralsList, Section::kReferralDetails, Section::kReferralDetails},
    Area{kDiaryList, Section::kPlanAndActions, Section::kPlanAndActions},
};

// "consultations-medications-contained-in-consultations": what stands after the first hyphen.
constexpr std::array<std::pair<std::string_view, Section>, 11> kSecondary = {{
    {"allergies", Section::kAllergies},
    {"medications", Section::kMedications},
    {"problems", Section::kProblems},
    {"linked-problems", Section::kProblems},
    {"consultations", Section::kContactsWithProfessionals},
    {"immunisations", Section::kVaccinations},
    {"uncategorised", Section::kExaminationFindings},
    {"investigations", Section::kInvestigationResults},
    {"outbound-referrals", Section::kReferralDetails},
    {"diary", Section::kPlanAndActions},
    {"documents", Section::kDocuments},
}};

}  // namespace

std::span<const Area> Areas() { return kAreas; }

const Area* AreaOf(std::string_view list_code) {
  const auto* const found = std::find_if(kAreas.begin(), kAreas.end(),
                                         [&](const Area& area) { return area.list == list_code; });
  return found == kAreas.end() ? nullptr : found;
}

std::optional<Section> SectionOfSecondaryList(std::string_view list_code) {
  if (!list_code.starts_with("consultations-") && !list_code.starts_with("problems-"))
    return std::nullopt;
  const std::string_view subject = list_code.substr(list_code.find('-') + 1);
  for (const auto& [name, section] : kSecondary) {
    if (subject.starts_with(name)) return section;
  }
  return std::nullopt;
}

}  // namespace milecastle::resources

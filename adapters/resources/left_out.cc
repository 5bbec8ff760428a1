#include "resources/left_out.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "fhir/datatypes.h"
#include "resources/areas.h"

namespace milecastle::resources {
namespace {

using fhir::Element;
using record::Section;
using record::SectionSaying;
using record::SectionStatement;

struct Line {
  std::string_view type;
  Section section;
};
constexpr auto kSections = std::to_array<Line>({
    {"AllergyIntolerance", Section::kAllergies},
    {"Condition", Section::kProblems},
    {"Flag", Section::kAlerts},
    {"MedicationAdministration", Section::kMedications},
    {"MedicationDispense", Section::kMedications},
    {"MedicationRequest", Section::kMedications},
    {"MedicationStatement", Section::kMedications},
});

constexpr std::string_view kWords =
    "something that the source sent for this section could not be read: ask the source";

std::optional<Section> SectionOfList(const Element& list) {
  for (const auto& coding : fhir::Codings(list["code"])) {
    const Area* const area = AreaOf(coding.code);
    if (area != nullptr && area->speaks_for_section) return area->section;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Section> SectionThatMisses(const Element& resource) {
  const std::string_view type = resource["resourceType"].peek();
  if (type == "List") return SectionOfList(resource);
  const auto* const found = std::find_if(kSections.begin(), kSections.end(),
                                         [&](const Line& line) { return line.type == type; });
  return found == kSections.end() ? std::nullopt : std::optional(found->section);
}

void StateLeftOut(Section section, record::Contribution& out) {
  std::erase_if(out.statements, [section](const SectionStatement& said) {
    return said.section == section && (said.saying == SectionSaying::kNoneKnown ||
                                       said.saying == SectionSaying::kNothingRecorded);
  });
  out.statements.push_back({.section = section,
                            .saying = SectionSaying::kUnavailable,
                            .when = std::nullopt,
                            .by = {},
                            .text = std::string(kWords)});
}

}  // namespace milecastle::resources

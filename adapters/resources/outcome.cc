#include "resources/outcome.h"

#include <algorithm>
#include <array>

#include "fhir/datatypes.h"
#include "resources/areas.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

void StateUnavailable(Context& context, std::string_view why) {
  for (const Area& area : Areas()) {
    const auto& answered = context.out().snapshot_of;
    if (!area.speaks_for_section ||
        std::find(answered.begin(), answered.end(), area.section) != answered.end()) {
      continue;
    }
    context.out().statements.push_back(
        {area.section, record::SectionSaying::kUnavailable, std::nullopt, {}, std::string(why)});
  }
}

// A practice that does not know the patient is not theirs, whatever the Patient beside its answer
// says.
void ForgetPractice(Context& context) {
  context.out().patient.gp_practice = {};
  context.out().patient.gp = {};
  std::erase_if(context.out().drafts, [](const record::Draft& draft) {
    return draft.entry.section == record::Section::kGpPractice;
  });
  const Element practice = context.patient()["managingOrganization"];
  if (practice) context.Miss(practice, "the practice answered that it does not know the patient");
}

}  // namespace

void ReadOutcome(Context& context, const Element& outcome) {
  fhir::TypeOf(outcome);
  fhir::IdOf(outcome);
  for (const Element& issue : outcome["issue"].items()) {
    const std::string_view severity = issue["severity"].text();
    if (severity == "warning" || severity == "information") {
      context.Miss(issue, "a warning on the request, not a part of the record");
      continue;
    }
    issue["code"].text();
    const auto codings = fhir::Codings(issue["details"]);
    const std::string code = codings.empty() ? "" : codings.front().code;
    if (code == "NO_PATIENT_CONSENT") {
      context.out().preferences.push_back({record::PreferenceKind::kShareDetailedRecord,
                                           record::PreferenceAnswer::kDissent,
                                           issue["details"].Place()});
    }
    if (code == "PATIENT_NOT_FOUND") ForgetPractice(context);
    StateUnavailable(context, code);
    // May repeat the NHS number or a name.
    if (issue["diagnostics"]) context.Miss(issue["diagnostics"], "a technical text of the source");
  }
}

}  // namespace milecastle::resources

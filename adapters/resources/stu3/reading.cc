#include "stu3/reading.h"

#include <algorithm>
#include <array>
#include <utility>

#include "inside/readers.h"
#include "resources/narrative.h"
#include "resources/observations.h"
#include "resources/outcome.h"
#include "resources/rules.h"

namespace milecastle::stu3 {
namespace {

using fhir::Element;

constexpr auto kReaders = std::to_array<std::pair<std::string_view, ReadResource>>({
    {"AllergyIntolerance", ReadAllergy},
    {"Appointment", ReadAppointment},
    {"Condition", ReadProblem},
    {"DiagnosticReport", ReadReport},
    {"DocumentReference", ReadDocument},
    {"Encounter", ReadEncounter},
    {"Immunization", ReadImmunisation},
    {"MedicationRequest", ReadMedicationRequest},
    {"MedicationStatement", ReadMedicationStatement},
    {"Observation", ReadObservation},
    {"ProcedureRequest", ReadProcedureRequest},
    {"ReferralRequest", ReadReferral},
    {"Specimen", resources::ReadSpecimen},
});

void ReadOne(Context& context, const Element& resource, const Around& around) {
  const std::string_view type = resource["resourceType"].peek();
  ReadResource read = ReaderOf(type);
  if (read == nullptr && around.more != nullptr) read = around.more(type);
  if (read != nullptr) read(context, resource);
}

// Everything of the bundle that has an entry of its own, contained resources included.
void ReadResources(Context& context, const Around& around) {
  for (const Element& resource : context.resources()) {
    if (context.Overspent()) return;
    if (context.IsDropped(resource)) continue;
    ReadOne(context, resource, around);
    for (const Element& contained : resource["contained"].items()) {
      ReadOne(context, contained, around);
    }
  }
}

}  // namespace

std::optional<record::Draft> Start(Context& context, const Element& resource,
                                   record::Section section, record::Kind kind) {
  const auto why = resources::WhyNotUnderstood(context.release(), resource);
  if (!why.empty()) {
    context.Miss(resource, why);
    return std::nullopt;
  }
  auto draft = resources::Begin(context, resource, section, kind);
  if (draft) resources::ReadNarrative(resource, &draft->entry);
  return draft;
}

ReadResource ReaderOf(std::string_view type) {
  const auto* const found = std::find_if(kReaders.begin(), kReaders.end(),
                                         [&](const auto& line) { return line.first == type; });
  return found == kReaders.end() ? nullptr : found->second;
}

bool IsRead(std::string_view type) {
  return type == "Patient" || type == "List" || ReaderOf(type) != nullptr;
}

void ReadContent(Context& context, const Around& around) {
  ReadLists(context);
  if (around.before != nullptr) around.before(context);
  FindGroups(context);
  ReadResources(context, around);
  if (!context.subject().is_alone) return;
  for (const Element& outcome : context.index().OfType("OperationOutcome")) {
    resources::ReadOutcome(context, outcome);
  }
}

void ReadParts(Context& context, const Around& around) {
  around.patient(context);
  ReadContent(context, around);
  context.out().snapshot_of.clear();
  ClaimAppointment(context);
  if (around.after != nullptr) around.after(context);
}

}  // namespace milecastle::stu3

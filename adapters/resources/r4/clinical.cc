// Allergies, conditions, procedures, family history, impressions and risks.
#include <array>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/start.h"
#include "resources/allergies.h"
#include "resources/medicines.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::Kind;
using record::Section;

constexpr auto kAllergyFields = std::to_array<Field>({
    {"category", "category"},
    {"type", "type"},
    {"criticality", "criticality"},
    {"onset", "onset", As::kEffectiveChoice},
    {"recordedDate", "", As::kRecorded},
    {"lastOccurrence", "last occurrence", As::kWhen},
    {"recorder", "recorder", As::kPerformer},
    {"asserter", "asserter", As::kPerformer},
});

constexpr auto kConditionFields = std::to_array<Field>({
    {"category", "category", As::kCoded},
    {"severity", "severity", As::kCoded},
    {"bodySite", "body site", As::kCoded},
    {"onset", "onset", As::kEffectiveChoice},
    {"abatement", "abatement", As::kEndedChoice},
    {"recordedDate", "", As::kRecorded},
    {"recorder", "recorder", As::kPerformer},
    {"asserter", "asserter", As::kPerformer},
});
constexpr auto kStageFields = std::to_array<Field>({
    {"summary", "stage", As::kCoded},
    {"type", "stage type", As::kCoded},
    {"assessment", "stage assessment", As::kLink},
});
constexpr auto kEvidenceFields = std::to_array<Field>({
    {"code", "evidence", As::kCoded},
    {"detail", "evidence", As::kLink},
});

constexpr auto kProcedureFields = std::to_array<Field>({
    {"category", "category", As::kCoded},
    {"statusReason", "status reason", As::kCoded},
    {"performed", "performed", As::kEffectiveChoice},
    {"recorder", "recorder", As::kPerformer},
    {"asserter", "asserter", As::kPerformer},
    {"location", "location", As::kPerformer},
    {"bodySite", "body site", As::kCoded},
    {"outcome", "outcome", As::kCoded},
    {"complication", "complication", As::kCoded},
    {"complicationDetail", "complication", As::kLink},
    {"followUp", "follow-up", As::kCoded},
    {"usedCode", "used", As::kCoded},
    {"usedReference", "used", As::kLink},
    {"report", "report", As::kLink},
    {"basedOn", "requested by", As::kLink},
    {"partOf", "part of", As::kLink},
});
constexpr auto kProcedurePerformer = std::to_array<Field>({
    {"onBehalfOf", "performer's organisation", As::kPerformer},
});

constexpr auto kFamilyFields = std::to_array<Field>({
    {"date", "", As::kRecorded},
    {"name", "name", As::kFreeText},
    {"relationship", "relationship", As::kCoded},
    {"sex", "sex", As::kCoded},
    {"born", "born", As::kChoice},
    {"age", "age", As::kChoice},
    {"estimatedAge", "age is estimated"},
    {"deceased", "deceased", As::kChoice},
    {"dataAbsentReason", "reason for nothing known", As::kCoded},
});
constexpr auto kFamilyCondition = std::to_array<Field>({
    {"outcome", "outcome", As::kCoded},
    {"contributedToDeath", "contributed to death"},
    {"onset", "onset", As::kChoice},
    {"note", "", As::kNote},
});

constexpr auto kImpressionFields = std::to_array<Field>({
    {"statusReason", "status reason", As::kCoded},
    {"description", "", As::kFreeText},
    {"effective", "effective", As::kEffectiveChoice},
    {"date", "", As::kRecorded},
    {"assessor", "assessor", As::kPerformer},
    {"previous", "previous", As::kLink},
    {"problem", "problem", As::kLink},
    {"summary", "", As::kFreeText},
    {"prognosisCodeableConcept", "prognosis", As::kCoded},
    {"prognosisReference", "prognosis", As::kLink},
    {"supportingInfo", "supporting information", As::kLink},
});
constexpr auto kFindingFields = std::to_array<Field>({
    {"itemCodeableConcept", "finding", As::kCoded},
    {"itemReference", "finding", As::kLink},
    {"basis", "", As::kFreeText},
});
constexpr auto kInvestigationFields = std::to_array<Field>({
    {"code", "investigation", As::kCoded},
    {"item", "investigation", As::kLink},
});

constexpr auto kRiskFields = std::to_array<Field>({
    {"method", "method", As::kCoded},
    {"occurrence", "occurrence", As::kEffectiveChoice},
    {"condition", "condition", As::kLink},
    {"performer", "performer", As::kPerformer},
    {"reasonCode", "reason", As::kCoded},
    {"reasonReference", "reason", As::kLink},
    {"basis", "basis", As::kLink},
    {"basedOn", "requested by", As::kLink},
    {"parent", "part of", As::kLink},
    {"mitigation", "", As::kFreeText},
});
constexpr auto kPredictionFields = std::to_array<Field>({
    {"outcome", "predicted outcome", As::kCoded},
    {"probability", "probability", As::kChoice},
    {"qualitativeRisk", "risk", As::kCoded},
    {"relativeRisk", "relative risk"},
    {"when", "predicted for", As::kChoice},
    {"rationale", "", As::kFreeText},
});

// UK Core's own examples hang it on clinicalStatus: why an allergy ended may be that there never
// was one.
void ReadAllergyEnd(Context& context, const Element& resource, record::Entry* entry) {
  ReadExtensions(context, resource["clinicalStatus"], resource, entry);
  for (const Element& owner : {resource, resource["clinicalStatus"]}) {
    const Element ended = fhir::Extension(owner, "*Extension-UKCore-AllergyIntoleranceEnd");
    const Element when = fhir::Choice(fhir::Extension(ended, "endDate"), "value");
    if (auto read = WhenOf(context, when)) entry->ended = std::move(read);
  }
}

void ReadPerformers(Context& context, const Element& resource, record::Draft* draft) {
  for (const Element& performer : resource["performer"].items()) {
    const std::string role = WordsOf(CodedOf(performer["function"]));
    AddPerformers(context, performer["actor"], resource, role.empty() ? "performer" : role,
                  &draft->entry);
    ReadFields(context, performer, resource, kProcedurePerformer, draft);
  }
}

// Each condition is an entry of its own, so that none is taken for the patient's.
void AddFamilyConditions(Context& context, const Element& resource, const record::Draft& whole) {
  for (const Element& condition : resource["condition"].items()) {
    record::Draft part = whole;
    part.entry.kind = Kind::kProblem;
    part.entry.what = CodedOf(condition["code"]);
    part.entry.free_text.clear();
    part.entry.group = whole.source_key;
    const auto& codings = part.entry.what.codings;
    part.source_key =
        whole.source_key + "/" + (codings.empty() ? part.entry.what.text : codings.front().code);
    ReadFields(context, condition, resource, kFamilyCondition, &part);
    context.Add(condition, std::move(part));
  }
}

}  // namespace

void ReadAllergy(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kAllergies, Kind::kAllergy, "code", kAllergyFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  for (const Element& reaction : resource["reaction"].items()) {
    resources::ReadReaction(context, reaction, &entry);
  }
  ReadAllergyEnd(context, resource, &entry);
  resources::StateNoneKnown(context, resource, &*draft);
  context.Add(resource, std::move(*draft));
}

void ReadCondition(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kProblems, Kind::kProblem, "code", kConditionFields});
  if (!draft) return;
  for (const Element& stage : resource["stage"].items()) {
    ReadFields(context, stage, resource, kStageFields, &*draft);
  }
  for (const Element& evidence : resource["evidence"].items()) {
    ReadFields(context, evidence, resource, kEvidenceFields, &*draft);
  }
  context.Add(resource, std::move(*draft));
}

void ReadProcedure(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kProcedures, Kind::kProcedure, "code", kProcedureFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  if (entry.intent == record::Intent::kUnstated &&
      entry.status == record::ClinicalStatus::kCompleted) {
    entry.intent = record::Intent::kDone;
  }
  resources::ReadReasons(context, resource, &entry);
  ReadPerformers(context, resource, &*draft);
  for (const Element& device : resource["focalDevice"].items()) {
    AddDetail(&entry, "device action", CodedOf(device["action"]));
    AddReference(context, device["manipulated"], resource, "device", &entry);
  }
  context.Add(resource, std::move(*draft));
}

void ReadFamilyHistory(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kFamilyHistory, Kind::kStatement, "relationship", kFamilyFields});
  if (!draft) return;
  draft->entry.subject = record::Subject::kFamily;
  resources::ReadReasons(context, resource, &draft->entry);
  AddFamilyConditions(context, resource, *draft);
  context.Add(resource, std::move(*draft));
}

void ReadClinicalImpression(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kFormulation, Kind::kStatement, "code", kImpressionFields});
  if (!draft) return;
  if (IsEmpty(draft->entry.what)) draft->entry.what.text = "Clinical impression";
  for (const Element& finding : resource["finding"].items()) {
    ReadFields(context, finding, resource, kFindingFields, &*draft);
  }
  for (const Element& investigation : resource["investigation"].items()) {
    ReadFields(context, investigation, resource, kInvestigationFields, &*draft);
  }
  context.Add(resource, std::move(*draft));
}

void ReadRiskAssessment(Context& context, const Element& resource) {
  auto draft = Start(context, resource, {Section::kRisks, Kind::kStatement, "code", kRiskFields});
  if (!draft) return;
  if (IsEmpty(draft->entry.what)) draft->entry.what.text = "Risk assessment";
  for (const Element& prediction : resource["prediction"].items()) {
    ReadFields(context, prediction, resource, kPredictionFields, &*draft);
  }
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::r4

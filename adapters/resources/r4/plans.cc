// What is asked for, planned and warned of: requests, plans, goals, flags.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/start.h"
#include "resources/medicines.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::Intent;
using record::Kind;
using record::Section;

constexpr auto kRequestFields = std::to_array<Field>({
    {"intent", "intent"},
    {"category", "category", As::kCoded},
    {"priority", "priority"},
    {"orderDetail", "detail", As::kCoded},
    {"quantity", "quantity", As::kChoice},
    {"occurrence", "occurrence", As::kEffectiveChoice},
    {"asNeeded", "as needed", As::kChoice},
    {"authoredOn", "", As::kRecorded},
    {"requester", "requester", As::kPerformer},
    {"performerType", "performer type", As::kCoded},
    {"performer", "performer", As::kPerformer},
    {"locationCode", "location", As::kCoded},
    {"locationReference", "location", As::kPerformer},
    {"supportingInfo", "supporting information", As::kLink},
    {"specimen", "specimen", As::kLink},
    {"bodySite", "body site", As::kCoded},
    {"patientInstruction", "", As::kFreeText},
    {"basedOn", "based on", As::kLink},
    {"replaces", "replaces", As::kLink},
    {"relevantHistory", "history", As::kLink},
});
constexpr auto kPlanFields = std::to_array<Field>({
    {"intent", "intent"},
    {"category", "category", As::kCoded},
    {"description", "", As::kFreeText},
    {"period", "", As::kEffective},
    {"created", "", As::kRecorded},
    {"author", "author", As::kPerformer},
    {"contributor", "contributor", As::kPerformer},
    {"careTeam", "care team", As::kLink},
    {"addresses", "problem", As::kLink},
    {"goal", "goal", As::kLink},
    {"supportingInfo", "supporting information", As::kLink},
    {"basedOn", "based on", As::kLink},
    {"partOf", "part of", As::kLink},
    {"replaces", "replaces", As::kLink},
});
constexpr auto kActivityFields = std::to_array<Field>({
    {"kind", "kind"},
    {"code", "what", As::kCoded},
    {"status", "status"},
    {"statusReason", "status reason", As::kCoded},
    {"doNotPerform", "do not perform"},
    {"prohibited", "do not perform"},  // STU3
    {"reasonCode", "reason", As::kCoded},
    {"reasonReference", "reason", As::kLink},
    {"goal", "goal", As::kLink},
    {"scheduled", "scheduled", As::kChoice},
    {"location", "location", As::kPerformer},
    {"performer", "performer", As::kPerformer},
    {"product", "product", As::kChoice},
    {"dailyAmount", "daily amount", As::kQuantity},
    {"quantity", "quantity", As::kQuantity},
    {"description", "", As::kFreeText},
});
constexpr auto kOutcomeFields = std::to_array<Field>({
    {"outcomeCodeableConcept", "outcome", As::kCoded},
    {"outcomeReference", "outcome", As::kLink},
    {"reference", "activity", As::kLink},
});
constexpr auto kGoalFields = std::to_array<Field>({
    {"achievementStatus", "achievement", As::kCoded},
    {"category", "category", As::kCoded},
    {"priority", "priority", As::kCoded},
    {"start", "start", As::kEffectiveChoice},
    {"statusDate", "status changed", As::kWhen},
    {"statusReason", "status reason"},
    {"expressedBy", "expressed by", As::kPerformer},
    {"addresses", "addresses", As::kLink},
    {"outcomeCode", "outcome", As::kCoded},
    {"outcomeReference", "outcome", As::kLink},
});
constexpr auto kTargetFields = std::to_array<Field>({
    {"measure", "target measure", As::kCoded},
    {"detail", "target", As::kChoice},
    {"due", "target due", As::kChoice},
});
constexpr auto kFlagFields = std::to_array<Field>({
    {"category", "category", As::kCoded},
    {"period", "", As::kEffective},
    {"author", "author", As::kPerformer},
});
// Categories of requests: of tests and pictures (SNOMED CT), and of referrals (with BaRS's).
constexpr auto kOfTests = std::to_array<std::string_view>(
    {"108252007", "363679005", "laboratory", "imaging", "15220000", "103693007"});
constexpr auto kOfReferrals =
    std::to_array<std::string_view>({"3457005", "306206005", "referral", "transfer-of-care"});

struct Place {
  Section section;
  Kind kind;
};
Place PlaceOf(const Element& request) {
  const auto has = [&](std::span<const std::string_view> codes) {
    return HasAnyCode(request["category"], codes) || HasAnyCode(request["code"], codes);
  };
  if (has(kOfReferrals)) return {Section::kReferralDetails, Kind::kReferral};
  if (has(kOfTests)) return {Section::kInvestigationsRequested, Kind::kRequest};
  return {Section::kPlanAndActions, Kind::kRequest};
}

// What replaces another ends it: the earlier one must not show as current.
void Replace(Context& context, const Element& within, const record::Entry& entry) {
  const bool holds = entry.verification != record::Verification::kEnteredInError &&
                     entry.status != record::ClinicalStatus::kPlanned &&
                     entry.status != record::ClinicalStatus::kCancelled;
  if (!holds) return;
  for (const Element& reference : within["replaces"].items()) {
    const Element target = context.Resolve(reference["reference"].peek(), within);
    const std::string key = context.KeyOfReference(reference, within);
    if (!key.empty() && target != within) context.out().withdrawn_keys.push_back(key);
  }
}

// "activity 2, status": what belongs together keeps its number.
void NameAfter(const std::string& what, std::size_t before, record::Entry* entry) {
  for (std::size_t i = before; i < entry->details.size(); ++i) {
    entry->details[i].name = what + ", " + entry->details[i].name;
  }
}

void ReadActivities(Context& context, const Element& plan, record::Draft* draft) {
  std::size_t number = 0;
  for (const Element& activity : plan["activity"].items()) {
    const std::string name = "activity " + std::to_string(++number);
    const std::size_t before = draft->entry.details.size();
    ReadFields(context, activity["detail"], plan, kActivityFields, draft);
    ReadFields(context, activity, plan, kOutcomeFields, draft);
    NameAfter(name, before, &draft->entry);
    for (const Element& progress : activity["progress"].items()) {
      AddText(&draft->entry, progress["text"].text());
      AddDetail(&draft->entry, name + ", progress", WhenOf(context, progress["time"]));
    }
  }
}

struct FlagPlace {
  std::string_view code;  // of category
  Section section;
};
constexpr auto kFlagPlaces = std::to_array<FlagPlace>({
    {"SG", Section::kSafeguarding},  // https://fhir.nhs.uk/CodeSystem/flag-categories-bars
    {"RA", Section::kIndividualRequirements},
    {"NRAF", Section::kIndividualRequirements},  // National Reasonable Adjustment Flag
    {"safeguarding", Section::kSafeguarding},
});

Section SectionOfFlag(const Element& flag) {
  for (const FlagPlace& place : kFlagPlaces) {
    const auto code = std::to_array<std::string_view>({place.code});
    if (HasAnyCode(flag["category"], code)) return place.section;
  }
  return Section::kAlerts;
}

// Why it is there, which labels it (record/label_flow.h).
constexpr auto kPartlyFields = std::to_array<Field>({
    {"basedOn", "requested by", As::kLink},
    {"partOf", "part of", As::kLink},
    {"reasonReference", "reason", As::kLink},
    {"implicated", "about", As::kLink},
    {"resultingCondition", "result", As::kLink},
});

struct Named {
  std::string_view type;
  std::string_view name;
};
// Of the patient, with a meaning of their own, and without a reader of their own.
constexpr auto kPartly = std::to_array<Named>({
    {"AdverseEvent", "Adverse event"},
    {"BodyStructure", "Body structure"},
    {"DetectedIssue", "Issue that was detected"},
    {"DeviceRequest", "Request for a device"},
    {"ImagingStudy", "Imaging study"},
    {"ImmunizationRecommendation", "Recommended vaccinations"},
    {"NutritionOrder", "Diet that was ordered"},
    {"SupplyDelivery", "Supplies that were delivered"},
    {"SupplyRequest", "Request for supplies"},
    {"VisionPrescription", "Prescription of lenses"},
});

}  // namespace

// Whoever reads must know that there is more, and where to ask: without an entry the source reads
// as if it had said nothing (safety.md 6).
void ReadPartly(Context& context, const Element& resource) {
  const std::string_view type = resource["resourceType"].peek();
  const auto named = std::find_if(kPartly.begin(), kPartly.end(),
                                  [type](const Named& each) { return each.type == type; });
  if (named == kPartly.end()) return;
  auto draft = Start(context, resource, {Section::kDocuments, Kind::kStatement, "", kPartlyFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what.text = std::string(named->name) + ": not all of it is shown here, ask its source";
  if (entry.intent == Intent::kUnstated) entry.intent = IntentOf(resource["intent"].text());
  context.Add(resource, std::move(*draft));
}

void ReadServiceRequest(Context& context, const Element& resource) {
  const Place place = PlaceOf(resource);
  auto draft = Start(context, resource, {place.section, place.kind, "code", kRequestFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  if (entry.intent == Intent::kUnstated) entry.intent = IntentOf(resource["intent"].peek());
  DenyIfSaid(context, resource, &entry);
  resources::ReadReasons(context, resource, &entry);
  if (IsEmpty(entry.what)) entry.what = CodedOf(resource["category"].first());
  AddDetail(&entry, "request group", resource["requisition"]["value"].text());
  Replace(context, resource, entry);
  context.Add(resource, std::move(*draft));
}

void ReadCarePlan(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kCareAndSupportPlan, Kind::kStatement, "", kPlanFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = CodedOf(resource["category"].first());
  if (const std::string_view title = resource["title"].text(); !title.empty()) {
    entry.what.text = title;
  }
  if (IsEmpty(entry.what)) entry.what.text = "Care plan";
  if (entry.intent == Intent::kUnstated) entry.intent = IntentOf(resource["intent"].peek());
  ReadActivities(context, resource, &*draft);
  Replace(context, resource, entry);
  context.Add(resource, std::move(*draft));
}

void ReadGoal(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kCareAndSupportPlan, Kind::kStatement, "description", kGoalFields});
  if (!draft) return;
  for (const Element& target : resource["target"].items()) {
    ReadFields(context, target, resource, kTargetFields, &*draft);
  }
  context.Add(resource, std::move(*draft));
}

void ReadFlag(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {SectionOfFlag(resource), Kind::kAlert, "code", kFlagFields});
  if (!draft) return;
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::r4

#include "resources/observations.h"

#include <algorithm>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "resources/begin.h"
#include "resources/performers.h"
#include "resources/rules.h"
#include "resources/values.h"

namespace milecastle::resources {

using fhir::Element;

void ReadTimes(Context& context, const Element& resource, record::Entry* entry) {
  const Element effective = fhir::Choice(resource, "effective");
  entry->effective = WhenOf(context, effective.IsText() ? effective : effective["start"]);
  entry->ended = WhenOf(context, effective["end"]);
  entry->recorded = WhenOf(context, resource["issued"]);
}

void ReadValue(Context& context, const Element& owner, record::Entry* entry) {
  entry->value = ValueOf(context, owner);
  if (!entry->value) {
    for (const Element& flag : owner["interpretation"].items()) {
      AddDetail(entry, "interpretation", CodedOf(flag));
    }
    for (const Element& range : owner["referenceRange"].items()) {
      AddDetail(entry, "reference range", range["text"].text());
    }
  }
  AddDetail(entry, "reason for no value", CodedOf(owner["dataAbsentReason"]));
}

bool IsLaboratory(const Element& resource) {
  for (const Element& category : resource["category"].items()) {
    if (fhir::HasCode(category, "laboratory") || fhir::HasCode(category, "394595002")) return true;
  }
  return false;
}

void ReadComponents(Context& context, const Element& resource, const record::Draft& whole) {
  for (const Element& component : resource["component"].items()) {
    record::Draft part;
    part.entry = whole.entry;
    part.source_labels = whole.source_labels;
    part.entry.what = CodedOf(component["code"]);
    part.entry.details.clear();
    part.entry.links.clear();
    part.entry.free_text.clear();
    part.entry.group = whole.source_key;
    const auto& codings = part.entry.what.codings;
    part.source_key =
        whole.source_key + "/" + (codings.empty() ? part.entry.what.text : codings.front().code);
    ReadValue(context, component, &part.entry);
    context.Add(component, std::move(part));
  }
}

std::vector<Element> Targets(Context& context, const Element& references, const Element& within) {
  std::vector<Element> targets;
  for (const Element& reference : references.items()) {
    const Element target = context.Resolve(reference["reference"].peek(), within);
    if (target && target != within) targets.push_back(target);
  }
  return targets;
}

std::vector<Element> Sorted(Context& context, std::string_view type) {
  std::vector<Element> sorted = context.OfType(type);
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Element& left, const Element& right) {
    return context.KeyOf(left) < context.KeyOf(right);
  });
  return sorted;
}

void GroupByReport(Context& context) {
  for (const Element& report : Sorted(context, "DiagnosticReport")) {
    for (const std::string_view part : {"result", "specimen"}) {
      for (const Element& target : Targets(context, report[part], report)) {
        context.SetGroup(context.KeyOf(target), context.KeyOf(report));
        context.MarkInvestigation(context.KeyOf(target));
      }
    }
  }
}

void ReadSpecimen(Context& context, const Element& resource) {
  if (const auto why = WhyNotUnderstood(context.release(), resource); !why.empty()) {
    return context.Miss(resource, why);
  }
  auto draft =
      Begin(context, resource, record::Section::kInvestigationResults, record::Kind::kSpecimen);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = CodedOf(resource["type"]);
  const Element collection = resource["collection"];
  const Element collected = fhir::Choice(collection, "collected");
  entry.effective = WhenOf(context, collected.IsText() ? collected : collected["start"]);
  entry.ended = WhenOf(context, collected["end"]);
  AddDetail(&entry, "received", WhenOf(context, resource["receivedTime"]));
  AddDetail(&entry, "accession", resource["accessionIdentifier"]["value"].text());
  AddDetail(&entry, "quantity", QuantityText(collection["quantity"]));
  AddDetail(&entry, "method", CodedOf(collection["method"]));
  AddDetail(&entry, "body site", CodedOf(collection["bodySite"]));
  AddPerformers(context, collection["collector"], resource, "collector", &entry);
  for (const Element& request : resource["request"].items()) {
    AddLink(context, request, resource, "requested by", &entry);
  }
  for (const Element& parent : resource["parent"].items()) {
    AddLink(context, parent, resource, "taken from", &entry);
  }
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::resources

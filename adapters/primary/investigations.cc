// Observations (results and uncategorised data), reports and specimens.
#include <map>
#include <string>
#include <vector>

#include "detail/readers.h"
#include "detail/values.h"
#include "fhir/datatypes.h"

namespace milecastle::primary {
namespace {

using fhir::Element;
using record::Kind;
using record::Section;

void ReadTimes(Context& context, const Element& resource, record::Entry* entry) {
  const Element effective = fhir::Choice(resource, "effective");
  entry->effective = WhenOf(context, effective.IsText() ? effective : effective["start"]);
  entry->ended = WhenOf(context, effective["end"]);
  entry->recorded = WhenOf(context, resource["issued"]);
}

// Without a value the flag and the range still mean something.
void ReadValue(Context& context, const Element& owner, record::Entry* entry) {
  entry->value = ValueOf(context, owner);
  if (!entry->value) {
    AddDetail(entry, "interpretation", CodedOf(owner["interpretation"]));
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

// The two readings of a blood pressure are entries of their own, so that each keeps its value
// whole.
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

void ReadLinks(Context& context, const Element& resource, record::Entry* entry) {
  for (const Element& related : resource["related"].items()) {
    const std::string_view type = related["type"].text();
    AddLink(context, related["target"], resource, type.empty() ? "related" : type, entry);
    related["target"]["display"].text();
  }
  for (const Element& request : resource["basedOn"].items()) {
    AddLink(context, request, resource, "requested by", entry);
  }
  for (const Element& specimen : resource["specimen"].items()) {
    AddLink(context, specimen, resource, "specimen", entry);
  }
}

}  // namespace

void ReadObservation(Context& context, const Element& resource) {
  const bool is_result = context.IsInvestigation(context.KeyOf(resource)) || IsLaboratory(resource);
  auto draft = Begin(context, resource,
                     is_result ? Section::kInvestigationResults : Section::kExaminationFindings,
                     Kind::kObservation);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = CodedOf(resource["code"]);
  for (const Element& category : resource["category"].items())
    AddDetail(&entry, "category", CodedOf(category));
  ReadTimes(context, resource, &entry);
  AddPerformers(context, resource["performer"], resource, "performer", &entry);
  ReadComponents(context, resource, *draft);
  ReadValue(context, resource, &entry);
  AddDetail(&entry, "body site", CodedOf(resource["bodySite"]));
  AddDetail(&entry, "method", CodedOf(resource["method"]));
  AddText(&entry, resource["comment"].text());
  ReadLinks(context, resource, &entry);
  context.Add(resource, std::move(*draft));
}

void ReadReport(Context& context, const Element& resource) {
  auto draft = Begin(context, resource, Section::kInvestigationResults, Kind::kReport);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = CodedOf(resource["code"]);
  AddDetail(&entry, "category", CodedOf(resource["category"]));
  ReadTimes(context, resource, &entry);
  for (const Element& performer : resource["performer"].items()) {
    const std::string role = WordsOf(CodedOf(performer["role"]));
    AddPerformers(context, performer["actor"], resource, role.empty() ? "performer" : role, &entry);
  }
  AddText(&entry, resource["conclusion"].text());
  for (const Element& diagnosis : resource["codedDiagnosis"].items())
    AddDetail(&entry, "diagnosis", CodedOf(diagnosis));
  for (const Element& result : resource["result"].items()) {
    const std::string key = context.KeyOfReference(result, resource);
    result["display"].text();
    if (!context.index().Resolve(result["reference"].peek(), resource)) {
      context.Miss(result, "it refers to no result in this bundle");
    }
  }
  ReadLinks(context, resource, &entry);
  context.Add(resource, std::move(*draft));
}

void ReadSpecimen(Context& context, const Element& resource) {
  auto draft = Begin(context, resource, Section::kInvestigationResults, Kind::kSpecimen);
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
  context.Add(resource, std::move(*draft));
}

namespace {

// The resources that a list of references in a resource leads to; looks without marking.
std::vector<Element> Targets(Context& context, const Element& references, const Element& within) {
  std::vector<Element> targets;
  for (const Element& reference : references.items()) {
    const Element target = context.index().Resolve(reference["reference"].peek(), within);
    if (target && target != within) targets.push_back(target);
  }
  return targets;
}

// In an order of their own, so that the bundle's order decides nothing.
std::vector<Element> Sorted(Context& context, std::string_view type) {
  std::multimap<std::string, Element> by_key;
  for (const Element& resource : context.index().OfType(type)) {
    by_key.emplace(context.KeyOf(resource), resource);
  }
  std::vector<Element> sorted;
  for (const auto& [key, resource] : by_key) sorted.push_back(resource);
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

// Members of a battery that no report names belong to it, and are results where it is one.
void GroupByBattery(Context& context) {
  for (const Element& battery : Sorted(context, "Observation")) {
    const std::string key = context.KeyOf(battery);
    for (const Element& related : battery["related"].items()) {
      if (related["type"].peek() != "has-member") continue;
      for (const Element& member : Targets(context, related["target"], battery)) {
        context.SetGroup(context.KeyOf(member), key);
        if (context.IsInvestigation(key)) context.MarkInvestigation(context.KeyOf(member));
      }
    }
  }
}

// A course names the plan that authorises it; the issues name that plan.
void GroupByCourse(Context& context) {
  std::map<std::string, std::string> courses;
  for (const Element& course : Sorted(context, "MedicationStatement")) {
    for (const Element& plan : Targets(context, course["basedOn"], course)) {
      courses.emplace(context.KeyOf(plan), context.KeyOf(course));
    }
  }
  for (const auto& [plan, course] : courses) context.SetGroup(plan, course);
  for (const Element& issue : Sorted(context, "MedicationRequest")) {
    for (const Element& plan : Targets(context, issue["basedOn"], issue)) {
      const auto course = courses.find(context.KeyOf(plan));
      if (course != courses.end()) context.SetGroup(context.KeyOf(issue), course->second);
    }
  }
}

}  // namespace

void FindGroups(Context& context) {
  GroupByReport(context);
  // Twice: a battery may stand within a battery.
  GroupByBattery(context);
  GroupByBattery(context);
  GroupByCourse(context);
}

}  // namespace milecastle::primary

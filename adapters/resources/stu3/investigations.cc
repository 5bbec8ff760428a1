// Observations (results and uncategorised data), reports and specimens.
#include <string>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "resources/medicines.h"
#include "resources/observations.h"

namespace milecastle::stu3 {
namespace {

using fhir::Element;
using record::Kind;
using record::Section;
using resources::GroupByReport;
using resources::IsLaboratory;
using resources::ReadComponents;
using resources::ReadTimes;
using resources::ReadValue;
using resources::Sorted;
using resources::Targets;

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
  auto draft = Start(context, resource,
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
  auto draft = Start(context, resource, Section::kInvestigationResults, Kind::kReport);
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

namespace {

// Members of a battery that no report names belong to it, and are results where it is one.
void GroupByBattery(Context& context) {
  if (!context.bundle().root().DocumentMayName("related")) return;
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

}  // namespace

void FindGroups(Context& context) {
  GroupByReport(context);
  // Twice: a battery may stand within a battery.
  GroupByBattery(context);
  GroupByBattery(context);
  resources::GroupByCourse(context);
}

}  // namespace milecastle::stu3

#include "resources/begin.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "resources/performers.h"
#include "resources/status.h"
#include "resources/values.h"

namespace milecastle::resources {
namespace {

using fhir::Element;

void AddNew(std::vector<std::string>* to, const std::set<std::string>& from) {
  for (const auto& item : from) {
    if (std::find(to->begin(), to->end(), item) == to->end()) to->push_back(item);
  }
}

// A heading says whose history it is; everything below it is of the family.
bool IsFamilyHistory(std::string heading) {
  std::transform(heading.begin(), heading.end(), heading.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return heading == "family history";
}

void Apply(const Placement& placement, record::Draft* draft) {
  record::Entry& entry = draft->entry;
  for (const auto& list : placement.lists) {
    if (!entry.source_list.empty()) entry.source_list += "; ";
    entry.source_list += list;
  }
  for (const auto& heading : placement.headings) AddDetail(&entry, "heading", heading);
  for (const auto& topic : placement.topics) AddText(&entry, "Topic: " + topic);
  for (const auto& problem : placement.problems) {
    entry.links.push_back({.relation = "problem", .key = problem});
  }
  AddNew(&draft->source_labels, placement.labels);
  const bool is_family =
      std::any_of(placement.headings.begin(), placement.headings.end(), IsFamilyHistory);
  if (is_family && entry.kind == record::Kind::kObservation) {
    entry.subject = record::Subject::kFamily;
    entry.section = record::Section::kFamilyHistory;
  }
}

void Place(Context& context, const Element& resource, record::Draft* draft) {
  record::Entry& entry = draft->entry;
  entry.group = context.GroupOf(draft->source_key);

  std::string consultation;
  for (const std::string_view name : context.release().encounter) {
    if (resource[name]) consultation = context.KeyOfReference(resource[name], resource);
    resource[name]["display"].text();
  }
  const Placement* placement = context.FindPlacement(draft->source_key);
  if (placement != nullptr) {
    Apply(*placement, draft);
    if (consultation.empty() && !placement->consultations.empty()) {
      consultation = *placement->consultations.begin();
    }
  }
  if (entry.group.empty()) {
    entry.group = consultation;
  } else if (!consultation.empty()) {
    entry.links.push_back({.relation = "consultation", .key = consultation});
  }
}

}  // namespace

std::optional<record::Draft> Begin(Context& context, const Element& resource,
                                   record::Section section, record::Kind kind) {
  if (const std::string_view why = context.WhyNot(resource); !why.empty()) {
    context.Miss(resource, why);
    return std::nullopt;
  }
  fhir::TypeOf(resource);
  fhir::IdOf(resource);
  std::optional<record::Draft> made(std::in_place);
  record::Draft& draft = *made;
  draft.source_key = context.KeyOf(resource);
  draft.entry.section = section;
  draft.entry.kind = kind;
  ReadStatus(context.release(), resource, &draft.entry);
  for (const Element& label : resource["meta"]["security"].items()) {
    draft.source_labels.push_back(LabelOf(label));
  }
  Place(context, resource, &draft);
  AddNotes(context, resource["note"], resource, &draft.entry);
  return made;
}

}  // namespace milecastle::resources

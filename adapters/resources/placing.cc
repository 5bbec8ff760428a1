#include "resources/placing.h"

#include "resources/rules.h"
#include "resources/statements.h"
#include "resources/values.h"

namespace milecastle::resources {

using fhir::Element;
using record::SectionSaying;

bool IsUsable(Context& context, const Element& list) {
  for (const auto why : {context.WhyNot(list), WhyNotUnderstood(context.release(), list)}) {
    if (why.empty()) continue;
    context.Drop(list, why);
    return false;
  }
  const std::string_view status = list["status"].text();
  if (status == "retired" || status == "entered-in-error") {
    context.Drop(list, "the list is not current");
    return false;
  }
  return true;
}

std::string TitleOf(const Element& list) {
  const std::string words = WordsOf(CodedOf(list["code"]));
  const std::string_view title = list["title"].text();
  return title.empty() ? words : std::string(title);
}

Element ItemOf(Context& context, const Element& entry, const Element& list, Ends ends) {
  const Element item = entry["item"];
  item["display"].text();
  const Element target = context.Follow(item, list);
  if (!target) {
    context.Miss(entry, "the list names something that is not in the bundle");
    return {};
  }
  if (!entry["deleted"].IsTrue()) return target;
  if (ends == Ends::kNothing) {
    context.Miss(entry, "taken off a list that speaks for no section: the entry itself stands");
    return {};
  }
  context.out().withdrawn_keys.push_back(context.KeyOf(target));
  return target;
}

bool PlaceItems(Context& context, const Element& list, Ends ends) {
  bool is_whole = true;
  const std::string title = TitleOf(list);
  const auto labels = LabelsOf(list);
  for (const Element& entry : list["entry"].items()) {
    const Element item = ItemOf(context, entry, list, ends);
    is_whole &= item.exists() && context.WhyNot(item).empty();
    if (!item) continue;
    context.Spend(labels.size());
    if (context.Overspent()) return false;
    Placement& placement = context.PlacementOf(context.KeyOf(item));
    placement.lists.insert(title);
    placement.labels.insert(labels.begin(), labels.end());
  }
  return is_whole;
}

bool ReadArea(Context& context, const Element& list, const Area& area) {
  const Ends ends = area.speaks_for_section ? Ends::kItems : Ends::kNothing;
  const bool is_whole = PlaceItems(context, list, ends);
  Statements statements(context, list, area.section);
  statements.ReadWarnings();
  if (!area.speaks_for_section) {
    list["emptyReason"].Take();
    return false;
  }
  const bool could_say = statements.ReadEmptiness() != SectionSaying::kUnavailable;
  return is_whole && could_say;
}

void Replace(Context& context, const Area& area) {
  context.out().snapshot_of.push_back(area.section);
  context.out().snapshot_of.push_back(area.also);
}

}  // namespace milecastle::resources

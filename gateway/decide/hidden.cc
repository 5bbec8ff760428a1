#include "decide/hidden.h"

#include <algorithm>

#include "inside/choices.h"

namespace milecastle::decide {
namespace {

std::vector<Label> LabelsOf(const Policy& policy, const record::EntryClass& entry_class) {
  std::vector<Label> labels;
  const auto add = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names) labels.push_back({name, policy.FindLabel(name)});
  };
  add(entry_class.labels);
  if (const Organisation* source = policy.Find(entry_class.source)) add(source->labels);
  return labels;
}

bool HidesFromSomebody(const LabelRule* rule) {
  return rule != nullptr && (!rule->statute.empty() || rule->hidden_from_person);
}

}  // namespace

Hiding::Hiding(const Policy& policy, const record::PatientFacts& facts,
               const record::OdsCode& reader, base::Instant now)
    : policy_(policy) {
  for (const record::Consent& consent : facts.consents) {
    if (!LeavesNoLine(consent) || !record::LiveAt(consent, now)) continue;
    if (AllOrHas(consent.scope.consumers, reader)) choices_.push_back(&consent);
  }
}

bool Hiding::Covers(const record::EntryClass& entry_class) const {
  const std::vector<Label> labels = LabelsOf(policy_, entry_class);
  const Item item{.source = &entry_class.source,
                  .section = entry_class.section,
                  .kind = entry_class.kind,
                  .labels = labels};
  return std::any_of(choices_.begin(), choices_.end(),
                     [&](const auto* consent) { return Choice(*consent).Covers(item); }) ||
         std::any_of(labels.begin(), labels.end(), [&](const Label& label) {
           // One that we derived withholds an allergy or an alert with a line.
           return HidesFromSomebody(label.rule) &&
                  !(label.rule->derived && item.IsAllergyOrAlert());
         });
}

bool Hiding::Covers(const record::OdsCode& source) const {
  return std::any_of(choices_.begin(), choices_.end(), [&](const record::Consent* choice) {
    return IsAboutSource(choice->scope, source);
  });
}

bool Hiding::LeavesNoLine(const record::Consent& consent) {
  if (consent.kind == record::ConsentKind::kHide) {
    return consent.by == record::ConsentBy::kPerson;
  }
  return consent.kind == record::ConsentKind::kSealAndLock;
}

}  // namespace milecastle::decide

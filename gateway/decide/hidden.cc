#include "decide/hidden.h"

#include <algorithm>

#include "inside/choices.h"

namespace milecastle::decide {
namespace {

Item ItemOf(const Policy& policy, const record::EntryClass& entry_class) {
  Item item{.source = &entry_class.source,
            .section = entry_class.section,
            .kind = entry_class.kind,
            .labels = {entry_class.labels.begin(), entry_class.labels.end()}};
  if (const Organisation* source = policy.Find(entry_class.source)) {
    item.labels.insert(item.labels.end(), source->labels.begin(), source->labels.end());
  }
  return item;
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
  const Item item = ItemOf(policy_, entry_class);
  return FirstCovering(choices_, item) != nullptr ||
         std::any_of(item.labels.begin(), item.labels.end(), [&](std::string_view label) {
           const LabelRule* rule = policy_.FindLabel(label);
           // One that we derived withholds an allergy or an alert with a line.
           return HidesFromSomebody(rule) && !(rule->derived && item.IsAllergyOrAlert());
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

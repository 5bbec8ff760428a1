#include "inside/items.h"

#include <algorithm>

namespace milecastle::decide {
namespace {

using record::Purpose;
using record::Section;

// Labels that an agreement must name before it covers the item.
bool MustBeNamed(const LabelRule& rule) { return rule.by_agreement && !rule.open; }

bool CoversLabels(const Agreement& agreement, const Policy& policy, const Item& item) {
  return std::all_of(item.labels.begin(), item.labels.end(), [&](std::string_view label) {
    const LabelRule* rule = policy.FindLabel(label);
    if (rule == nullptr || !MustBeNamed(*rule)) return true;
    return std::find(agreement.labels.begin(), agreement.labels.end(), rule->label) !=
           agreement.labels.end();
  });
}

SectionSet SetOf(const std::vector<Section>& sections) {
  SectionSet set;
  for (const Section section : sections) set.Add(section);
  return set;
}

// Parts each of `parts` into what is in `set` and what is not.
void Part(std::vector<SectionSet>& parts, SectionSet set) {
  for (std::size_t i = parts.size(); i-- > 0;) {
    const SectionSet inside = parts[i] & set;
    const SectionSet outside = parts[i].Without(set);
    if (inside.empty() || outside.empty()) continue;
    parts[i] = inside;
    parts.push_back(outside);
  }
}

// Of two agreements that both cover an item, the one that reaches further back.
bool ReachesFurther(const Agreement& left, const Agreement* right) {
  if (right == nullptr) return true;
  if (!right->entries_from) return false;
  return !left.entries_from || *left.entries_from < *right->entries_from;
}

}  // namespace

RuleIndex RuleIndexOf(std::vector<std::string>& rules, std::string_view id) {
  const auto found = std::find(rules.begin(), rules.end(), id);
  if (found != rules.end()) return static_cast<RuleIndex>(found - rules.begin());
  rules.emplace_back(id);
  return static_cast<RuleIndex>(rules.size() - 1);
}

// Every look of a rule at an item's section is named here, or in PartsFor.
ItemJudge::ItemJudge(const Ground& ground, std::vector<std::string>& rules)
    : ground_(ground), rules_(rules), told_apart_{SectionSet::All()} {
  for (const SectionSet set :
       {ground.asked, ground.context.granted, ground.of_relationship,
        ground.policy.system().location.also_withhold, SetOf({Section::kGpPractice}),
        SetOf({Section::kDocuments}), SetOf({Section::kAllergies, Section::kAlerts})}) {
    Part(told_apart_, set);
  }
  for (const LowerRule* rule : ground.context.lower) Part(told_apart_, SetOf(rule->sections));
  const BindingChoices& choices = ground.choices;
  for (const Choices* list : {&choices.locks, &choices.hides, &choices.seals, &choices.withholding,
                              &choices.explicit_consents}) {
    for (const record::Consent* consent : *list) Part(told_apart_, SetOf(consent->scope.sections));
  }
}

std::vector<SectionSet> ItemJudge::PartsFor(const record::OdsCode& source) {
  std::vector<SectionSet> parts = told_apart_;
  const Origin& origin = OriginOf(source);
  if (origin.agreements == nullptr) return parts;
  for (const Agreement* agreement : *origin.agreements) Part(parts, agreement->sections);
  return parts;
}

const ItemJudge::Origin& ItemJudge::OriginOf(const record::OdsCode& source) {
  if (origin_.source == source) return origin_;
  const auto found = ground_.context.agreements.find(source);
  const bool none = found == ground_.context.agreements.end();
  origin_ = {source, ground_.policy.Find(source), none ? nullptr : &found->second};
  return origin_;
}

Verdict ItemJudge::Make(Outcome outcome, Reason reason, std::string_view rule) {
  Verdict verdict;
  verdict.outcome = outcome;
  verdict.reason = reason;
  verdict.rule = RuleIndexOf(rules_, rule);
  return verdict;
}

Verdict ItemJudge::Of(const Item& item) { return Masked(Judge(item)); }

Verdict ItemJudge::IfNothingWereHidden(const Item& item) {
  const auto by_label = HiddenByLabel(item);
  return Masked(by_label ? *by_label : Reached(item));
}

Verdict ItemJudge::Masked(Verdict verdict) const {
  if (verdict.outcome == Outcome::kHide) return verdict;
  // A line that says that something is withheld masks its source too.
  verdict.mask = ground_.mask;
  if (verdict.shows() && !verdict.mask.empty()) verdict.outcome = Outcome::kMask;
  return verdict;
}

Verdict ItemJudge::Judge(const Item& item) {
  const auto hidden = Hidden(item);
  return hidden ? *hidden : Reached(item);
}

Verdict ItemJudge::Reached(const Item& item) {
  if (auto verdict = OutOfReach(item)) return *verdict;
  const Verdict shared = Shared(item);
  if (!shared.shows()) return shared;
  if (auto verdict = Labelled(item)) return *verdict;
  if (auto verdict = Chosen(item)) return *verdict;
  if (auto verdict = Lower(item)) return *verdict;
  if (auto verdict = Located(item)) return *verdict;
  const bool sealed = FirstCovering(ground_.choices.seals, item) != nullptr;
  if (sealed && !ground_.seals_open) return Withhold(Reason::kSealed, "consent.seal");
  if (auto verdict = NotAFact(item)) return *verdict;
  opened_a_seal_ = opened_a_seal_ || sealed;
  return shared;
}

std::optional<Verdict> ItemJudge::Hidden(const Item& item) {
  if (FirstCovering(ground_.choices.locks, item) != nullptr) {
    return Make(Outcome::kHide, Reason::kSealedAndLocked, "consent.seal_and_lock");
  }
  // What hides wins over a label that only withholds, or its line would betray the item.
  auto by_label = HiddenByLabel(item);
  if (by_label && by_label->outcome == Outcome::kHide) return by_label;
  if (FirstCovering(ground_.choices.hides, item) != nullptr) {
    return Make(Outcome::kHide, Reason::kHiddenByPerson, "consent.hide");
  }
  return by_label;
}

std::optional<Verdict> ItemJudge::HiddenByLabel(const Item& item) {
  std::optional<Verdict> withheld;
  for (const std::string_view label : item.labels) {
    const LabelRule* rule = ground_.policy.FindLabel(label);
    const Reason reason = rule == nullptr ? Reason::kNone : ReasonToHide(*rule);
    if (reason == Reason::kNone) continue;
    // A label that we derived never hides an allergy or an alert: a line says that one is withheld.
    const bool line = rule->derived && item.IsAllergyOrAlert();
    const Verdict verdict =
        Make(line ? Outcome::kWithhold : Outcome::kHide, reason, "label." + rule->label);
    if (!line) return verdict;
    if (!withheld) withheld = verdict;
  }
  return withheld;
}

Reason ItemJudge::ReasonToHide(const LabelRule& rule) const {
  if (!rule.statute.empty()) return Reason::kStatute;
  const bool from_person =
      rule.hidden_from_person && ground_.request.purpose == Purpose::kPatientAccess;
  return from_person ? Reason::kNotForThePerson : Reason::kNone;
}

std::optional<Verdict> ItemJudge::OutOfReach(const Item& item) {
  if (!ground_.asked.Has(item.section)) return Withhold(Reason::kNotAsked, "request.sections");
  if (AwaitsIdentity(item)) return Withhold(Reason::kAwaitingIdentity, "system.identity");
  if (!ground_.context.granted.Has(item.section)) {
    return Withhold(Reason::kNotForPurpose, ground_.context.grants_rule);
  }
  if (!ground_.of_relationship.Has(item.section)) {
    return Withhold(Reason::kNotForRelationship, ground_.relationship_rule);
  }
  return std::nullopt;
}

// safety.md 13: store, do not share. An organisation that is shown its own words is shared nothing.
bool ItemJudge::AwaitsIdentity(const Item& item) const {
  if (!ground_.facts.active) return true;
  if (!item.untraced || ground_.shows_untraced) return false;
  return *item.source != ground_.context.organisation->code;
}

Verdict ItemJudge::Shared(const Item& item) {
  if (*item.source == ground_.context.organisation->code) {
    return Make(Outcome::kShow, Reason::kNone, "system.own_records");
  }
  if (!ground_.context.purpose->needs_agreement) {
    return Make(Outcome::kShow, Reason::kNone, ground_.context.grants_rule);
  }
  const Origin& origin = OriginOf(*item.source);
  if (origin.agreements == nullptr) return Withhold(Reason::kNoAgreement, "system.agreements");
  return ByAgreement(item, *origin.agreements);
}

Verdict ItemJudge::ByAgreement(const Item& item, const std::vector<const Agreement*>& agreements) {
  const Agreement* best = nullptr;
  Reason refusal = Reason::kNoAgreement;
  std::string_view rule = "system.agreements";
  for (const Agreement* agreement : agreements) {
    if (!agreement->sections.Has(item.section)) continue;
    if (!CoversLabels(*agreement, ground_.policy, item)) {
      refusal = Reason::kSensitive;
      rule = agreement->rule;
    } else if (agreement->confidentiality_basis == "explicit" && !HasExplicitConsent(item)) {
      refusal = Reason::kExplicitConsentNeeded;
      rule = agreement->rule;
    } else if (ReachesFurther(*agreement, best)) {
      best = agreement;
    }
  }
  if (best == nullptr) return Withhold(refusal, rule);
  Verdict verdict = Make(Outcome::kShow, Reason::kNone, best->rule);
  verdict.not_before = best->entries_from;
  return verdict;
}

bool ItemJudge::HasExplicitConsent(const Item& item) const {
  return FirstCovering(ground_.choices.explicit_consents, item) != nullptr;
}

std::optional<Verdict> ItemJudge::Labelled(const Item& item) {
  for (const std::string_view label : item.labels) {
    const LabelRule* rule = ground_.policy.FindLabel(label);
    // A label that nobody configured may be one that the law restricts: deny by default.
    if (rule == nullptr) return Withhold(Reason::kUnknownLabel, "system.labels");
    if (!ground_.context.open_labels.contains(rule->label)) {
      return Withhold(Reason::kSensitive, "label." + rule->label);
    }
  }
  return std::nullopt;
}

std::optional<Verdict> ItemJudge::Chosen(const Item& item) {
  const record::Consent* consent = FirstCovering(ground_.choices.withholding, item);
  if (consent == nullptr) return std::nullopt;
  const std::string rule = "consent." + std::string(record::KeyOf(consent->kind));
  switch (consent->kind) {
    case record::ConsentKind::kObjection:
      return Withhold(Reason::kObjection, rule);
    case record::ConsentKind::kEmergencyRefusal:
      return Withhold(Reason::kEmergencyRefusal, rule);
    default:
      return Withhold(Reason::kRestriction, rule);
  }
}

bool ItemJudge::IsInLayer(const LowerRule& rule, const Organisation* organisation) const {
  if (organisation == nullptr) return false;
  switch (rule.layer) {
    case LayerKind::kPlace:
      return organisation->place == rule.at;
    case LayerKind::kNeighbourhood:
      return organisation->neighbourhood == rule.at;
    case LayerKind::kOrganisation:
      return organisation->code.text() == rule.at;
  }
  return true;
}

bool ItemJudge::Applies(const LowerRule& rule, const Item& item) {
  const bool in_chain = IsInLayer(rule, ground_.context.organisation) ||
                        IsInLayer(rule, OriginOf(*item.source).organisation);
  if (!in_chain || !AllOrHas(rule.sections, item.section) ||
      !AllOrHas(rule.sources, *item.source)) {
    return false;
  }
  return rule.labels.empty() ||
         std::any_of(rule.labels.begin(), rule.labels.end(), [&item](const std::string& label) {
           return std::find(item.labels.begin(), item.labels.end(), label) != item.labels.end();
         });
}

std::optional<Verdict> ItemJudge::Lower(const Item& item) {
  for (const LowerRule* rule : ground_.context.lower) {
    if (!Applies(*rule, item)) continue;
    const bool conditional = rule->least_assurance.has_value() || rule->explicit_consent;
    const bool assured =
        !rule->least_assurance || ground_.request.requester.assurance >= *rule->least_assurance;
    const bool consented = !rule->explicit_consent || HasExplicitConsent(item);
    if (conditional && assured && consented) continue;
    return Withhold(Reason::kLocalRule, rule->id);
  }
  return std::nullopt;
}

std::optional<Verdict> ItemJudge::Located(const Item& item) {
  const bool tells_where = item.section == Section::kGpPractice ||
                           ground_.policy.system().location.also_withhold.Has(item.section);
  // A document cannot be masked, so it is withheld whole.
  if ((ground_.location_protected && tells_where) ||
      (item.IsDocument() && ground_.mask.Has(MaskField::kDocuments))) {
    return Withhold(Reason::kLocationProtected, "system.location_protection");
  }
  return std::nullopt;
}

std::optional<Verdict> ItemJudge::NotAFact(const Item& item) {
  switch (item.verification) {
    case record::Verification::kEnteredInError:
      return Withhold(Reason::kEnteredInError, "system.verification");
    case record::Verification::kRefuted:
      return Withhold(Reason::kRefuted, "system.verification");
    default:
      break;
  }
  switch (item.standing) {
    case record::Standing::kCurrent:
      return std::nullopt;
    case record::Standing::kSuperseded:
      return Withhold(Reason::kSuperseded, "system.standing");
    case record::Standing::kWithdrawn:
      return Withhold(Reason::kWithdrawn, "system.standing");
    case record::Standing::kNoLongerSent:
      break;
  }
  return Withhold(Reason::kNoLongerSent, "system.standing");
}

}  // namespace milecastle::decide

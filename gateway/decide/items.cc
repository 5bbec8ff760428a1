#include "inside/items.h"

#include <algorithm>

#include "record/labels.h"

namespace milecastle::decide {
namespace {

using record::Purpose;
using record::Section;

// Labels that an agreement must name before it covers the item.
bool MustBeNamed(const LabelRule& rule) { return rule.by_agreement && !rule.open; }

bool CoversLabels(const Agreement& agreement, const Item& item) {
  return std::all_of(item.labels.begin(), item.labels.end(), [&](const Label& label) {
    return label.rule == nullptr || !MustBeNamed(*label.rule) || agreement.covered.Has(*label.rule);
  });
}

// Of two agreements that both cover an item, the one that reaches further back.
bool ReachesFurther(const Agreement& left, const Agreement* right) {
  if (right == nullptr) return true;
  if (!right->entries_from) return false;
  return !left.entries_from || *left.entries_from < *right->entries_from;
}

// Sections that say nothing but where somebody is.
SectionSet TellsWhere(const Ground& ground) {
  return ground.policy.system().location.also_withhold | SectionSet{Section::kGpPractice};
}

}  // namespace

RuleIndex RuleIndexOf(std::vector<std::string>& rules, std::string_view id) {
  const auto found = std::find(rules.begin(), rules.end(), id);
  if (found != rules.end()) return static_cast<RuleIndex>(found - rules.begin());
  rules.emplace_back(id);
  return static_cast<RuleIndex>(rules.size() - 1);
}

// Every look of a rule at an item's section is named here, in SourceJudge::PartsOf for its source,
// or is of the context's own parts.
SectionParts PartsOf(const Ground& ground) {
  SectionParts parts = ground.context.parts;
  parts.TellApart(ground.asked);
  parts.TellApart(ground.of_relationship);
  if (ground.location_protected) parts.TellApart(TellsWhere(ground));
  if (ground.mask.Has(MaskField::kDocuments)) parts.TellApart(SectionSet{Section::kDocuments});
  const BindingChoices& choices = ground.choices;
  for (const Choices* list : {&choices.locks, &choices.hides, &choices.seals, &choices.withholding,
                              &choices.explicit_consents}) {
    for (const Choice& choice : *list) parts.TellApart(choice.sections);
  }
  return parts;
}

SourceJudge::SourceJudge(const Ground& ground, const record::OdsCode& source,
                         const SectionParts& parts, std::vector<std::string>& rules)
    : ground_(ground),
      source_(source),
      organisation_(ground.policy.Find(source)),
      is_own_(source == ground.context.organisation->code),
      rules_(rules),
      lines_{source, {}} {
  const auto& untraced = ground.facts.untraced_sources;
  is_untraced_ = std::find(untraced.begin(), untraced.end(), source) != untraced.end();
  if (organisation_ != nullptr) {
    for (const std::string& label : organisation_->labels) labels_.push_back(LabelOf(label));
  }
  const auto shared = ground.context.agreements.find(source);
  if (shared != ground.context.agreements.end()) agreements_ = &shared->second;

  const SectionParts told_apart = PartsOf(parts);
  lines_.groups.reserve(told_apart.size());
  for (const SectionSet alike : told_apart) lines_.groups.push_back(Line(alike));
}

SectionParts SourceJudge::PartsOf(const SectionParts& of_all) const {
  SectionParts parts = of_all;
  // A label that hides withholds of these.
  if (!labels_.empty()) parts.TellApart(SectionSet{Section::kAllergies, Section::kAlerts});
  if (agreements_ == nullptr) return parts;
  for (const Agreement* agreement : *agreements_) parts.TellApart(agreement->sections);
  return parts;
}

Decision::LineGroup SourceJudge::Line(SectionSet alike) const {
  const Item item{
      .source = &source_, .section = alike.First(), .labels = labels_, .untraced = is_untraced_};
  const Verdict verdict = Masked(Judge(item));
  const bool hidden = verdict.outcome == Outcome::kHide;
  return {alike, verdict, hidden ? IfNothingWereHidden(item) : verdict};
}

Verdict SourceJudge::OfStranger(SectionSet alike) const {
  return IfNothingWereHidden({.source = &source_, .section = alike.First(), .labels = labels_});
}

Item SourceJudge::ItemOf(const record::EntryClass& entry_class) {
  Item item{.source = &source_,
            .section = entry_class.section,
            .kind = entry_class.kind,
            .standing = entry_class.standing,
            .verification = entry_class.verification,
            .labels = labels_};
  if (entry_class.labels.empty()) return item;
  labels_of_class_ = labels_;
  for (const std::string& label : entry_class.labels) {
    if (label == record::kUntracedLabel) {
      item.untraced = true;
    } else {
      labels_of_class_.push_back(LabelOf(label));
    }
  }
  item.labels = labels_of_class_;
  return item;
}

// Every look of a rule at an item, but at its source and section, is named here.
bool SourceJudge::IsAsItsLine(const Item& item) const {
  const Item line{.section = item.section};
  return item.labels.size() == labels_.size() && item.untraced == is_untraced_ &&
         item.IsAllergyOrAlert() == line.IsAllergyOrAlert() &&
         item.IsDocument() == line.IsDocument() && item.IsAFact();
}

Verdict SourceJudge::Of(const record::EntryClass& entry_class) {
  const Item item = ItemOf(entry_class);
  const Verdict verdict = IsAsItsLine(item) ? lines_.Of(item.section).verdict : Masked(Judge(item));
  if (verdict.outcome == Outcome::kHide) {
    hides_something_ = true;
    return verdict;
  }
  leaves_something_ = true;
  leaves_untraced_ = leaves_untraced_ || item.untraced;
  opened_a_seal_ = opened_a_seal_ || (verdict.shows() && IsSealed(item));
  return verdict;
}

Verdict SourceJudge::Make(Outcome outcome, Reason reason, std::string_view rule) const {
  Verdict verdict;
  verdict.outcome = outcome;
  verdict.reason = reason;
  verdict.rule = RuleIndexOf(rules_, rule);
  return verdict;
}

Verdict SourceJudge::IfNothingWereHidden(const Item& item) const {
  const auto by_label = HiddenByLabel(item);
  return Masked(by_label ? *by_label : Reached(item));
}

Verdict SourceJudge::Masked(Verdict verdict) const {
  if (verdict.outcome == Outcome::kHide) return verdict;
  // A line that says that something is withheld masks its source too.
  verdict.mask = ground_.mask;
  if (verdict.shows() && !verdict.mask.empty()) verdict.outcome = Outcome::kMask;
  return verdict;
}

Verdict SourceJudge::Judge(const Item& item) const {
  const auto hidden = Hidden(item);
  return hidden ? *hidden : Reached(item);
}

Verdict SourceJudge::Reached(const Item& item) const {
  if (auto verdict = OutOfReach(item)) return *verdict;
  const Verdict shared = Shared(item);
  if (!shared.shows()) return shared;
  if (auto verdict = Labelled(item)) return *verdict;
  if (auto verdict = Chosen(item)) return *verdict;
  if (auto verdict = Lower(item)) return *verdict;
  if (auto verdict = Located(item)) return *verdict;
  if (IsSealed(item) && !ground_.seals_open) return Withhold(Reason::kSealed, "consent.seal");
  if (auto verdict = NotAFact(item)) return *verdict;
  return shared;
}

bool SourceJudge::IsSealed(const Item& item) const {
  return FirstCovering(ground_.choices.seals, item) != nullptr;
}

std::optional<Verdict> SourceJudge::Hidden(const Item& item) const {
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

std::optional<Verdict> SourceJudge::HiddenByLabel(const Item& item) const {
  std::optional<Verdict> withheld;
  for (const auto& [label, rule] : item.labels) {
    const Reason reason = rule == nullptr ? Reason::kNone : ReasonToHide(*rule);
    if (reason == Reason::kNone) continue;
    // A label that we derived never hides an allergy or an alert: a line says that one is withheld.
    const bool line = rule->derived && item.IsAllergyOrAlert();
    const Verdict verdict = Make(line ? Outcome::kWithhold : Outcome::kHide, reason, rule->rule);
    if (!line) return verdict;
    if (!withheld) withheld = verdict;
  }
  return withheld;
}

Reason SourceJudge::ReasonToHide(const LabelRule& rule) const {
  if (!rule.statute.empty()) return Reason::kStatute;
  const bool from_person =
      rule.hidden_from_person && ground_.request.purpose == Purpose::kPatientAccess;
  return from_person ? Reason::kNotForThePerson : Reason::kNone;
}

std::optional<Verdict> SourceJudge::OutOfReach(const Item& item) const {
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
bool SourceJudge::AwaitsIdentity(const Item& item) const {
  if (!ground_.facts.active) return true;
  if (!item.untraced || ground_.shows_untraced) return false;
  return !is_own_;
}

Verdict SourceJudge::Shared(const Item& item) const {
  if (is_own_) return Make(Outcome::kShow, Reason::kNone, "system.own_records");
  if (!ground_.context.purpose->needs_agreement) {
    return Make(Outcome::kShow, Reason::kNone, ground_.context.grants_rule);
  }
  if (agreements_ == nullptr) return Withhold(Reason::kNoAgreement, "system.agreements");
  return ByAgreement(item);
}

Verdict SourceJudge::ByAgreement(const Item& item) const {
  const Agreement* best = nullptr;
  Reason refusal = Reason::kNoAgreement;
  std::string_view rule = "system.agreements";
  for (const Agreement* agreement : *agreements_) {
    if (!agreement->sections.Has(item.section)) continue;
    if (!CoversLabels(*agreement, item)) {
      refusal = Reason::kSensitive;
      rule = agreement->rule;
    } else if (agreement->on_explicit_consent && !HasExplicitConsent(item)) {
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

bool SourceJudge::HasExplicitConsent(const Item& item) const {
  return FirstCovering(ground_.choices.explicit_consents, item) != nullptr;
}

std::optional<Verdict> SourceJudge::Labelled(const Item& item) const {
  for (const auto& [label, rule] : item.labels) {
    // A label that nobody configured may be one that the law restricts: deny by default.
    if (rule == nullptr) return Withhold(Reason::kUnknownLabel, "system.labels");
    if (!ground_.context.open_labels.Has(*rule)) return Withhold(Reason::kSensitive, rule->rule);
  }
  return std::nullopt;
}

std::optional<Verdict> SourceJudge::Chosen(const Item& item) const {
  const record::Consent* consent = FirstCovering(ground_.choices.withholding, item);
  if (consent == nullptr) return std::nullopt;
  switch (consent->kind) {
    case record::ConsentKind::kObjection:
      return Withhold(Reason::kObjection, "consent.objection");
    case record::ConsentKind::kEmergencyRefusal:
      return Withhold(Reason::kEmergencyRefusal, "consent.emergency_refusal");
    case record::ConsentKind::kHide:  // not the person's own, which leaves no line
      return Withhold(Reason::kRestriction, "consent.hide");
    default:
      return Withhold(Reason::kRestriction, "consent.restriction");
  }
}

bool SourceJudge::Applies(const Narrowing& narrowing, const Item& item) const {
  const LowerRule& rule = *narrowing.rule;
  return narrowing.sections.Has(item.section) &&
         (narrowing.is_in_callers_chain || IsInChain(rule, organisation_)) &&
         AllOrHas(rule.sources, source_) && (rule.labels.empty() || item.HasAnyOf(rule.labels));
}

std::optional<Verdict> SourceJudge::Lower(const Item& item) const {
  for (const Narrowing& narrowing : ground_.context.lower) {
    if (!Applies(narrowing, item)) continue;
    const LowerRule* rule = narrowing.rule;
    const bool conditional = rule->least_assurance.has_value() || rule->explicit_consent;
    const bool assured =
        !rule->least_assurance || ground_.request.requester.assurance >= *rule->least_assurance;
    const bool consented = !rule->explicit_consent || HasExplicitConsent(item);
    if (conditional && assured && consented) continue;
    return Withhold(Reason::kLocalRule, rule->id);
  }
  return std::nullopt;
}

std::optional<Verdict> SourceJudge::Located(const Item& item) const {
  // A document cannot be masked, so it is withheld whole.
  if ((ground_.location_protected && TellsWhere(ground_).Has(item.section)) ||
      (item.IsDocument() && ground_.mask.Has(MaskField::kDocuments))) {
    return Withhold(Reason::kLocationProtected, "system.location_protection");
  }
  return std::nullopt;
}

std::optional<Verdict> SourceJudge::NotAFact(const Item& item) const {
  if (item.IsAFact()) return std::nullopt;
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

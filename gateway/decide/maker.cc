#include "inside/maker.h"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "record/labels.h"

namespace milecastle::decide {
namespace {

using record::Purpose;

// Of the manifest and of the classes, in order and once.
std::vector<record::OdsCode> SourcesOf(const Known& known) {
  std::vector<record::OdsCode> sources(known.sources.begin(), known.sources.end());
  for (const record::EntryClass& each : known.classes) {
    if (std::find(sources.begin(), sources.end(), each.source) == sources.end()) {
      sources.push_back(each.source);
    }
  }
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  return sources;
}

std::string PurposeRuleId(Purpose purpose, std::string_view what) {
  return "system.purpose." + std::string(record::KeyOf(purpose)) + "." + std::string(what);
}

std::string ReasonsRuleId(ReasonUse use) { return "system.reasons." + std::string(KeyOf(use)); }

bool Names(const std::vector<const record::OdsCode*>& list, const record::OdsCode& source) {
  return std::any_of(list.begin(), list.end(), [&](const auto* each) { return *each == source; });
}

}  // namespace

DecisionMaker::DecisionMaker(const Policy& policy, const Context& context, const Request& request,
                             const Known& known, base::Instant now)
    : policy_(policy),
      context_(context),
      request_(request),
      known_(known),
      now_(now),
      relationships_(LiveRelationships(policy, request, *known.facts, now)),
      location_(LocationOf(policy, *known.facts, now)),
      sources_(SourcesOf(known)) {}

Decision DecisionMaker::Make() && {
  decision_.request_ = request_;
  decision_.now_ = now_;
  decision_.policy_version_ = policy_.version();
  decision_.location_ = location_.state;
  decision_.location_as_of_ = location_.as_of;
  decision_.masks_sources_ = MaskFor(policy_, location_.state).Has(MaskField::kSource);
  decision_.consents_as_of_ = known_.facts->consents_as_of;
  decision_.rules_.emplace_back("system.default_deny");
  for (const Relationship& each : relationships_) {
    decision_.evidence_.push_back(each.evidence);
    decision_.has_relationship_ = decision_.has_relationship_ || each.rule->told_why;
  }
  BindingChoices choices = ChoicesFor(context_, request_, *known_.facts, now_);
  decision_.consents_ = choices.uses;
  const Refusal refusal = Overall(choices);
  JudgeAll(GroundOf(std::move(choices)));

  decision_.reason_ = refusal.reason;
  decision_.rule_ = RuleIndexOf(decision_.rules_, refusal.rule);
  if (refusal.reason != Reason::kNone) {
    Verdict withheld;
    withheld.reason = refusal.reason;
    withheld.rule = decision_.rule_;
    WithholdAll(withheld);
  } else {
    AddDuties(opened_a_seal_);
  }
  TellReader();
  decision_.Seal();
  return std::move(decision_);
}

DecisionMaker::Refusal DecisionMaker::Overall(const BindingChoices& choices) const {
  if (Refusal refusal = RequestFault(); refusal.reason != Reason::kNone) return refusal;
  if (Refusal refusal = PersonFault(); refusal.reason != Reason::kNone) return refusal;
  if (Refusal refusal = ChoiceFault(choices); refusal.reason != Reason::kNone) return refusal;
  return {Reason::kNone, context_.grants_rule};
}

DecisionMaker::Refusal DecisionMaker::RequestFault() const {
  if (context_.organisation == nullptr) {
    return {Reason::kUnknownOrganisation, "system.organisations"};
  }
  if (context_.purpose == nullptr) return {Reason::kPurposeNotGranted, "system.purposes"};
  if (context_.granted.empty()) {
    return {Reason::kRoleNotGranted, context_.grants_rule};
  }
  if (context_.purpose->needs_case_reference && !NamesACase(request_.case_reference)) {
    return {Reason::kCaseReferenceMissing, PurposeRuleId(request_.purpose, "case_reference")};
  }
  return ReasonFault();
}

DecisionMaker::Refusal DecisionMaker::ReasonFault() const {
  const std::string& code = request_.reason_code;
  if (request_.purpose == Purpose::kEmergency) {
    // It needs no declaration: a wrong one beside it counts for nothing.
    if (Refusal refusal = CodeFault(ReasonUse::kBreakGlass, code); refusal.reason != Reason::kNone)
      return refusal;
    if (!context_.may_break_glass) return {Reason::kRightMissing, "system.rights.break_glass"};
    return {};
  }
  if (request_.self_declaration) {
    const std::string& declared = request_.self_declaration->reason_code;
    Refusal refusal = CodeFault(ReasonUse::kSelfDeclare, declared);
    if (refusal.reason != Reason::kNone) return refusal;
  }
  if (code.empty()) return {};
  if (Refusal refusal = CodeFault(ReasonUse::kOpenSeal, code); refusal.reason != Reason::kNone)
    return refusal;
  if (!context_.may_open_seals) return {Reason::kRightMissing, "system.rights.open_seal"};
  return {};
}

DecisionMaker::Refusal DecisionMaker::CodeFault(ReasonUse use, std::string_view code) const {
  if (code.empty()) return {Reason::kReasonMissing, ReasonsRuleId(use)};
  if (policy_.FindReason(use, code) == nullptr) {
    return {Reason::kReasonNotListed, ReasonsRuleId(use)};
  }
  return {};
}

DecisionMaker::Refusal DecisionMaker::PersonFault() const {
  if (request_.match == Match::kNoSuchPerson) return {Reason::kNoSuchPerson, "system.identity"};
  if (request_.match == Match::kDetailsMismatch) {
    return {Reason::kDetailsMismatch, "system.identity"};
  }
  if (!context_.purpose->evidence.empty() && relationships_.empty()) {
    return {Reason::kNoRelationship, PurposeRuleId(request_.purpose, "evidence")};
  }
  return {};
}

DecisionMaker::Refusal DecisionMaker::ChoiceFault(const BindingChoices& choices) const {
  for (const record::Consent* consent : choices.withholding) {
    if (!IsAboutEverything(consent->scope)) continue;
    if (consent->kind == record::ConsentKind::kObjection) {
      return {Reason::kObjection, "consent.objection"};
    }
    if (consent->kind == record::ConsentKind::kEmergencyRefusal) {
      return {Reason::kEmergencyRefusal, "consent.emergency_refusal"};
    }
  }
  return {};
}

bool DecisionMaker::SealsOpen() const {
  if (context_.may_open_seals &&
      policy_.FindReason(ReasonUse::kOpenSeal, request_.reason_code) != nullptr) {
    return true;
  }
  if (request_.purpose != Purpose::kEmergency || !context_.may_break_glass) return false;
  const CodedReason* reason = policy_.FindReason(ReasonUse::kBreakGlass, request_.reason_code);
  return reason != nullptr && reason->opens_seals;
}

bool DecisionMaker::ShowsUntraced() const {
  return context_.purpose != nullptr && context_.purpose->shows_untraced;
}

Ground DecisionMaker::GroundOf(BindingChoices choices) const {
  Ground ground{.policy = policy_,
                .context = context_,
                .request = request_,
                .facts = *known_.facts,
                .choices = std::move(choices),
                .asked = {},
                .of_relationship = {},
                .relationship_rule = "evidence",
                .seals_open = SealsOpen(),
                .shows_untraced = ShowsUntraced(),
                .location_protected = location_.state == LocationState::kProtected,
                .mask = MaskFor(policy_, location_.state)};
  for (const record::Section section : request_.sections) ground.asked.Add(section);
  if (request_.sections.empty()) ground.asked = SectionSet::All();
  if (context_.purpose != nullptr && context_.purpose->evidence.empty()) {
    ground.of_relationship = SectionSet::All();
    return ground;
  }
  std::set<std::string_view> kinds;
  for (const Relationship& each : relationships_) {
    ground.of_relationship = ground.of_relationship | each.rule->sections;
    kinds.insert(record::KeyOf(each.rule->kind));
  }
  for (const std::string_view kind : kinds) ground.relationship_rule += "." + std::string(kind);
  return ground;
}

bool DecisionMaker::IsUntraced(const record::OdsCode& source) const {
  const auto& untraced = known_.facts->untraced_sources;
  return std::find(untraced.begin(), untraced.end(), source) != untraced.end();
}

std::vector<std::string_view> DecisionMaker::LabelsOf(const record::OdsCode& source) const {
  const Organisation* organisation = policy_.Find(source);
  if (organisation == nullptr) return {};
  return {organisation->labels.begin(), organisation->labels.end()};
}

void DecisionMaker::JudgeAll(const Ground& ground) {
  const bool can_judge = context_.organisation != nullptr && context_.purpose != nullptr;
  ItemJudge judge(ground, decision_.rules_);
  decision_.classes_.reserve(known_.classes.size());
  for (const record::EntryClass& each : known_.classes) {
    Verdict verdict;
    if (can_judge) {
      Item item{.source = &each.source,
                .section = each.section,
                .kind = each.kind,
                .standing = each.standing,
                .verification = each.verification,
                .labels = LabelsOf(each.source)};
      for (const std::string& label : each.labels) {
        if (label == record::kUntracedLabel) {
          item.untraced = true;
        } else {
          item.labels.emplace_back(label);
        }
      }
      verdict = judge.Of(item);
    }
    decision_.classes_.push_back({each, verdict});
  }
  opened_a_seal_ = judge.opened_a_seal();
  if (!can_judge) return;
  AddLines(judge);
  LeaveOutHidden(ground, judge);
  NoteUntraced();
  ProtectNames();
}

void DecisionMaker::AddLines(ItemJudge& judge) {
  decision_.lines_.reserve(sources_.size() * record::Sections().size());
  for (const record::OdsCode& source : sources_) AddLinesOf(source, judge);
}

void DecisionMaker::AddLinesOf(const record::OdsCode& source, ItemJudge& judge) {
  const std::size_t first = decision_.lines_.size();
  for (const auto& name : record::Sections()) {
    decision_.lines_.push_back({source, name.section, {}, {}});
  }
  const std::span<Decision::Line> lines = std::span(decision_.lines_).subspan(first);
  Item item{.source = &source, .labels = LabelsOf(source), .untraced = IsUntraced(source)};
  for (const SectionSet part : judge.PartsFor(source)) {
    const auto is_in = [part](const Decision::Line& line) { return part.Has(line.section); };
    item.section = std::find_if(lines.begin(), lines.end(), is_in)->section;
    const Verdict verdict = judge.Of(item);
    const bool hidden = verdict.outcome == Outcome::kHide;
    const Verdict if_nothing_hidden = hidden ? judge.IfNothingWereHidden(item) : verdict;
    for (Decision::Line& line : lines) {
      if (!is_in(line)) continue;
      line.verdict = verdict;
      line.if_nothing_hidden = if_nothing_hidden;
    }
  }
}

// Sources of which everything is hidden.
void DecisionMaker::FindUnspoken(const Ground& ground) {
  std::vector<const record::OdsCode*> hidden;
  std::vector<const record::OdsCode*> spoken;
  for (const auto& each : decision_.classes_) {
    auto& list = each.verdict.outcome == Outcome::kHide ? hidden : spoken;
    if (!Names(list, each.entry_class.source)) list.push_back(&each.entry_class.source);
  }
  for (const record::OdsCode& source : sources_) {
    const auto about_it = [&source](const record::Consent* consent) {
      return IsAboutSource(consent->scope, source);
    };
    const bool whole =
        std::any_of(ground.choices.locks.begin(), ground.choices.locks.end(), about_it) ||
        std::any_of(ground.choices.hides.begin(), ground.choices.hides.end(), about_it);
    if (whole || (Names(hidden, source) && !Names(spoken, source))) {
      decision_.unspoken_.push_back(source);
    }
  }
}

// They leave no trace: their lines and demographics go too.
void DecisionMaker::LeaveOutHidden(const Ground& ground, ItemJudge& judge) {
  FindUnspoken(ground);
  Verdict none;
  none.outcome = Outcome::kHide;
  none.reason = Reason::kHiddenByPerson;
  none.rule = RuleIndexOf(decision_.rules_, "system.nothing_left_to_speak_of");
  for (Decision::Line& line : decision_.lines_) {
    const auto& unspoken = decision_.unspoken_;
    if (!std::binary_search(unspoken.begin(), unspoken.end(), line.source)) continue;
    if (line.verdict.outcome != Outcome::kHide) line.verdict = none;
    // A source that never knew them gave no untraced number either.
    line.if_nothing_hidden = judge.IfNothingWereHidden(
        {.source = &line.source, .section = line.section, .labels = LabelsOf(line.source)});
  }
}

// Which sources the reply speaks of under a number that nobody traced.
void DecisionMaker::NoteUntraced() {
  std::set<record::OdsCode> untraced(known_.facts->untraced_sources.begin(),
                                     known_.facts->untraced_sources.end());
  for (const auto& each : decision_.classes_) {
    if (each.verdict.outcome != Outcome::kHide && record::IsUntraced(each.entry_class)) {
      untraced.insert(each.entry_class.source);
    }
  }
  for (const record::OdsCode& source : decision_.unspoken_) untraced.erase(source);
  decision_.untraced_.assign(untraced.begin(), untraced.end());
  decision_.shows_untraced_ = ShowsUntraced();
}

// What the person hid of it does not count: a source that is hidden reads as one that never was.
bool DecisionMaker::IsNameProtected(const record::OdsCode& source) const {
  const Organisation* organisation = policy_.Find(source);
  if (organisation == nullptr || organisation->labels.empty()) return false;
  if (source == context_.organisation->code) return false;
  return std::none_of(decision_.lines_.begin(), decision_.lines_.end(), [&](const auto& line) {
    return line.source == source && line.if_nothing_hidden.shows();
  });
}

// The labels of a source are its name's too (safety.md 26): who is shown nothing of a refuge or an
// HIV service is not told that what is withheld is theirs.
void DecisionMaker::ProtectNames() {
  for (const record::OdsCode& source : sources_) {
    if (IsNameProtected(source)) decision_.unnamed_.push_back(source);
  }
  if (decision_.unnamed_.empty()) return;
  const auto protect = [&](const record::OdsCode& source, Verdict& verdict) {
    const auto& unnamed = decision_.unnamed_;
    if (verdict.outcome == Outcome::kWithhold &&
        std::binary_search(unnamed.begin(), unnamed.end(), source)) {
      verdict.mask.Add(MaskField::kSource);
    }
  };
  for (auto& each : decision_.classes_) protect(each.entry_class.source, each.verdict);
  for (Decision::Line& line : decision_.lines_) {
    protect(line.source, line.verdict);
    protect(line.source, line.if_nothing_hidden);
  }
}

void DecisionMaker::WithholdAll(const Verdict& verdict) {
  for (auto& each : decision_.classes_) each.verdict = verdict;
  for (auto& each : decision_.lines_) each.verdict = each.if_nothing_hidden = verdict;
  decision_.unspoken_.clear();
  decision_.untraced_.clear();
}

void DecisionMaker::AddDuty(DutyKind kind, std::string_view cause) {
  Duty duty;
  duty.kind = kind;
  duty.cause = cause;
  duty.organisation = request_.requester.organisation;
  duty.by = now_ + policy_.system().review_within;
  if (kind == DutyKind::kTellPatient) {
    duty.held_for = HoldsOf(policy_, request_, known_, location_.state, now_);
  }
  decision_.duties_.push_back(std::move(duty));
}

// The user's own word is always reviewed (safety.md 16): when it is given, and when one of before
// reaches what nothing else does. What a purpose shows without a relationship rests on none.
bool DecisionMaker::RestsOnADeclaration() const {
  SectionSet declared;
  SectionSet vouched;
  for (const Relationship& each : relationships_) {
    const bool own_word = each.rule->kind == record::EvidenceKind::kSelfDeclared;
    if (own_word && !each.evidence.fact) return true;
    SectionSet& reached = own_word ? declared : vouched;
    reached = reached | each.rule->sections;
  }
  return !context_.purpose->evidence.empty() && !vouched.Covers(declared);
}

void DecisionMaker::AddDuties(bool opened_a_seal) {
  const auto tell_and_review = [this](std::string_view cause) {
    AddDuty(DutyKind::kTellPrivacyOfficer, cause);
    AddDuty(DutyKind::kReview, cause);
  };
  if (request_.purpose == Purpose::kEmergency) {
    tell_and_review("break_glass");
    AddDuty(DutyKind::kTellPatient, "break_glass");
  } else if (context_.purpose->reviewed) {
    tell_and_review("reviewed_purpose");
  }
  if (RestsOnADeclaration()) tell_and_review("self_declared");
  if (opened_a_seal) tell_and_review("seal_opened");
}

void DecisionMaker::TellReader() {
  for (const Reason reason : policy_.system().reader_reasons) {
    decision_.reader_reasons_ |= std::uint64_t{1} << static_cast<unsigned>(reason);
  }
  decision_.reader_rules_ = policy_.system().reader_rules;
}

}  // namespace milecastle::decide

#include "inside/maker.h"

#include <algorithm>
#include <set>
#include <utility>

namespace milecastle::decide {
namespace {

using record::Purpose;

constexpr std::size_t kMostRules = 16;  // that one decision names, mostly

std::string PurposeRuleId(Purpose purpose, std::string_view what) {
  return "system.purpose." + std::string(record::KeyOf(purpose)) + "." + std::string(what);
}

std::string ReasonsRuleId(ReasonUse use) { return "system.reasons." + std::string(KeyOf(use)); }

// Of which everything is hidden: by what the person chose of the source whole, or item by item.
bool IsUnspoken(const Ground& ground, const record::OdsCode& source, const SourceJudge& judge) {
  const auto about_it = [&source](const Choice& choice) {
    return IsAboutSource(choice.consent->scope, source);
  };
  const Choices& locks = ground.choices.locks;
  const Choices& hides = ground.choices.hides;
  return std::any_of(locks.begin(), locks.end(), about_it) ||
         std::any_of(hides.begin(), hides.end(), about_it) || judge.hides_all();
}

bool ShowsSomething(const Decision::SourceLines& lines) {
  return std::any_of(lines.groups.begin(), lines.groups.end(),
                     [](const auto& group) { return group.if_nothing_hidden.shows(); });
}

}  // namespace

DecisionMaker::DecisionMaker(const Policy& policy, const Context& context, Request request,
                             const Known& known, base::Instant now)
    : policy_(policy),
      context_(context),
      request_(std::move(request)),
      known_(known),
      now_(now),
      relationships_(LiveRelationships(policy, request_, *known.facts, now)) {
  FindSources();
}

// Those of the manifest and those of the classes.
void DecisionMaker::FindSources() {
  std::vector<const record::OdsCode*> named;
  named.reserve(known_.sources.size());
  for (const record::OdsCode& source : known_.sources) named.push_back(&source);
  const auto before = [](const auto* left, const auto* right) { return *left < *right; };
  const auto same = [](const auto* left, const auto* right) { return *left == *right; };
  std::sort(named.begin(), named.end(), before);
  named.erase(std::unique(named.begin(), named.end(), same), named.end());

  source_of_class_.reserve(known_.classes.size());
  for (const record::EntryClass& each : known_.classes) {
    const auto at = std::lower_bound(named.begin(), named.end(), &each.source, before);
    const auto place = static_cast<std::size_t>(at - named.begin());
    if (at == named.end() || **at != each.source) {
      named.insert(at, &each.source);
      for (std::size_t& other : source_of_class_) other += other >= place ? 1 : 0;
    }
    source_of_class_.push_back(place);
  }
  sources_.reserve(named.size());
  for (const auto* source : named) sources_.push_back(*source);
}

Decision DecisionMaker::Make() && {
  decision_.now_ = now_;
  decision_.policy_version_ = policy_.version();
  decision_.consents_as_of_ = known_.facts->consents_as_of;
  decision_.rules_.reserve(kMostRules);
  decision_.rules_.emplace_back("system.default_deny");
  for (const Relationship& each : relationships_) {
    decision_.evidence_.push_back(each.evidence);
    decision_.has_relationship_ = decision_.has_relationship_ || each.rule->told_why;
  }
  BindingChoices choices = ChoicesFor(context_, request_, *known_.facts, now_);
  decision_.consents_ = std::move(choices.uses);
  const Refusal refusal = Overall(choices);
  Ground ground = GroundOf(std::move(choices));
  Locate(ground);
  JudgeAll(ground);

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
  decision_.request_ = std::move(request_);
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
  for (const Choice& choice : choices.withholding) {
    const record::Consent* consent = choice.consent;
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
                .location_protected = false,
                .mask = {}};
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

// Of what the reply keeps silent of counts no 'not protected', so that comes first. No hiding rule
// asks where the person is.
void DecisionMaker::Locate(Ground& ground) {
  location_ = LocationOf(policy_, *known_.facts, now_, UnspokenThatSayNotProtected(ground));
  decision_.location_ = location_.state;
  decision_.location_as_of_ = location_.as_of;
  ground.location_protected = location_.state == LocationState::kProtected;
  ground.mask = MaskFor(policy_, location_.state);
  decision_.masks_sources_ = ground.mask.Has(MaskField::kSource);
}

std::vector<record::OdsCode> DecisionMaker::UnspokenThatSayNotProtected(
    const Ground& ground) const {
  std::set<record::OdsCode> found;
  if (context_.organisation == nullptr || context_.purpose == nullptr) return {};
  const SectionParts parts = PartsOf(ground);
  for (const record::LocationFlag& flag : known_.facts->location_flags) {
    const bool asks = flag.level == record::LocationProtection::kNone && flag.source;
    if (!asks || found.contains(*flag.source)) continue;
    std::vector<std::string> rules;  // nobody's
    SourceJudge judge(ground, *flag.source, parts, rules);
    for (const record::EntryClass& each : known_.classes) {
      if (each.source == *flag.source) judge.Of(each);
    }
    if (IsUnspoken(ground, *flag.source, judge)) found.insert(*flag.source);
  }
  return {found.begin(), found.end()};
}

void DecisionMaker::JudgeAll(const Ground& ground) {
  decision_.classes_.reserve(known_.classes.size());
  if (context_.organisation == nullptr || context_.purpose == nullptr) {
    for (const record::EntryClass& each : known_.classes) {
      decision_.classes_.emplace_back(each, Verdict{});
    }
    return;
  }
  Judges judges;
  judges.reserve(sources_.size());
  const SectionParts parts = PartsOf(ground);
  for (const record::OdsCode& source : sources_) {
    judges.emplace_back(ground, source, parts, decision_.rules_);
  }
  JudgeClasses(judges);
  decision_.lines_.reserve(sources_.size());
  for (SourceJudge& judge : judges) {
    opened_a_seal_ = opened_a_seal_ || judge.opened_a_seal();
    decision_.lines_.push_back(judge.TakeLines());
  }
  LeaveOutHidden(ground, judges);
  NoteUntraced(judges);
  ProtectNames(judges);
}

void DecisionMaker::JudgeClasses(Judges& judges) {
  for (std::size_t i = 0; i < known_.classes.size(); ++i) {
    const record::EntryClass& each = known_.classes[i];
    decision_.classes_.emplace_back(each, judges[source_of_class_[i]].Of(each));
  }
}

// They leave no trace: their lines and demographics go too.
void DecisionMaker::LeaveOutHidden(const Ground& ground, const Judges& judges) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (!IsUnspoken(ground, sources_[i], judges[i])) continue;
    decision_.unspoken_.push_back(sources_[i]);
    Verdict none;
    none.outcome = Outcome::kHide;
    none.reason = Reason::kHiddenByPerson;
    none.rule = RuleIndexOf(decision_.rules_, "system.nothing_left_to_speak_of");
    for (Decision::LineGroup& group : decision_.lines_[i].groups) {
      if (group.verdict.outcome != Outcome::kHide) group.verdict = none;
      group.if_nothing_hidden = judges[i].OfStranger(group.sections);
    }
  }
}

// Which sources the reply speaks of under a number that nobody traced.
void DecisionMaker::NoteUntraced(const Judges& judges) {
  decision_.shows_untraced_ = ShowsUntraced();
  std::vector<record::OdsCode>& untraced = decision_.untraced_;
  untraced = known_.facts->untraced_sources;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (judges[i].leaves_untraced()) untraced.push_back(sources_[i]);
  }
  std::sort(untraced.begin(), untraced.end());
  untraced.erase(std::unique(untraced.begin(), untraced.end()), untraced.end());
  std::erase_if(untraced, [this](const record::OdsCode& source) {
    const auto& unspoken = decision_.unspoken_;
    return std::binary_search(unspoken.begin(), unspoken.end(), source);
  });
}

// The labels of a source are its name's too (safety.md 26): who is shown nothing of a refuge or an
// HIV service is not told that what is withheld is theirs. What the person hid of it does not
// count: a source that is hidden reads as one that never was.
void DecisionMaker::ProtectNames(const Judges& judges) {
  const auto protect = [](Verdict& verdict) {
    if (verdict.outcome == Outcome::kWithhold) verdict.mask.Add(MaskField::kSource);
  };
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    Decision::SourceLines& lines = decision_.lines_[i];
    if (!judges[i].has_telling_name() || ShowsSomething(lines)) continue;
    decision_.unnamed_.push_back(sources_[i]);
    for (Decision::LineGroup& group : lines.groups) {
      protect(group.verdict);
      protect(group.if_nothing_hidden);
    }
    for (std::size_t place = 0; place < source_of_class_.size(); ++place) {
      if (source_of_class_[place] == i) protect(decision_.classes_[place].verdict);
    }
  }
}

void DecisionMaker::WithholdAll(const Verdict& verdict) {
  for (auto& each : decision_.classes_) each.verdict = verdict;
  for (auto& of_source : decision_.lines_) {
    for (auto& group : of_source.groups) group.verdict = group.if_nothing_hidden = verdict;
  }
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
  const auto& prefixes = policy_.system().reader_rules;
  for (const std::string& rule : decision_.rules_) {
    decision_.reader_rules_.push_back(
        std::any_of(prefixes.begin(), prefixes.end(),
                    [&rule](const std::string& prefix) { return rule.starts_with(prefix); }));
  }
}

}  // namespace milecastle::decide

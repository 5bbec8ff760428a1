// What holds of every decision, whatever the request, the facts and the record.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "world.h"

namespace milecastle::decide {
namespace {

template <class T>
T OneOf(std::initializer_list<T> values) {
  return *rc::gen::elementOf(std::vector<T>(values));
}

std::string AnyOrganisation() {
  return OneOf<std::string>(
      {"ZT1", "ZT2", "Z99001", "ZF1", "ZS1", "ZL1", "ZA1", "LOCALCARERS", "ZI1"});
}

Section AnySection() { return static_cast<Section>(*rc::gen::inRange(1, 39)); }

std::vector<std::string> AnyLabels() {
  return *rc::gen::container<std::vector<std::string>>(
      *rc::gen::inRange(0, 3),
      rc::gen::elementOf(std::vector<std::string>{"sexual_health", "hfea", "mental_health",
                                                  "no_patient_access", "source:vip", "odd"}));
}

void AddClass(World& world) {
  world.Holds(AnyOrganisation(), AnySection(), AnyLabels());
  auto& held = world.classes.back();
  held.kind = static_cast<record::Kind>(*rc::gen::inRange(1, 17));
  if (*rc::gen::inRange(0, 4) == 0) {
    held.standing = static_cast<record::Standing>(*rc::gen::inRange(1, 5));
    held.verification = static_cast<record::Verification>(*rc::gen::inRange(1, 6));
  }
}

void AddScope(record::ConsentScope& scope) {
  if (*rc::gen::arbitrary<bool>()) scope.sections = {AnySection(), AnySection()};
  if (*rc::gen::inRange(0, 3) == 0) scope.sources = {Ods(AnyOrganisation())};
  if (*rc::gen::inRange(0, 4) == 0) scope.consumers = {Ods(AnyOrganisation())};
  if (*rc::gen::inRange(0, 4) == 0) scope.labels = {"mental_health"};
}

Consent& AddChoice(World& world, ConsentKind kind) {
  auto& choice = world.Chose(kind, static_cast<ConsentBy>(*rc::gen::inRange(1, 6)));
  AddScope(choice.scope);
  choice.informed = *rc::gen::arbitrary<bool>();
  choice.team = OneOf<std::string>({"", "ZT1", "ZS1/team"});
  return choice;
}

World AnyWorld() {
  World world;
  world.By(AnyOrganisation(),
           {OneOf<std::string>({"R8000", "R8009", "R8014", "LCITIZEN", "LCARERS", "R1290"}),
            OneOf<std::string>({"B0083", "LSAFEGUARD", "X"})});
  world.request.requester.assurance = static_cast<std::uint8_t>(*rc::gen::inRange(0, 4));
  world.request.purpose = static_cast<Purpose>(*rc::gen::inRange(1, 15));
  world.request.reason_code = OneOf<std::string>({"", "", "LIFE", "URGENT", "PUBLIC-INTEREST"});
  world.request.case_reference = OneOf<std::string>({"", "CASE-1"});
  world.request.match = static_cast<Match>(OneOf<int>({1, 2, 3, 3, 3, 3, 4}));
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    world.Evidence(static_cast<EvidenceKind>(*rc::gen::inRange(1, 12)), AnyOrganisation());
  }
  for (int i = *rc::gen::inRange(1, 7); i > 0; --i) AddClass(world);
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    AddChoice(world, static_cast<ConsentKind>(*rc::gen::inRange(1, 8)));
  }
  if (*rc::gen::arbitrary<bool>()) world.NothingSaidOfLocation();
  world.sources = {Ods("ZT1"), Ods("ZS1")};
  return world;
}

// From what is most open to what is most shut.
int Openness(const Decision& decision, ClassIndex index) {
  switch (decision.Of(index).outcome) {
    case Outcome::kShow:
      return 3;
    case Outcome::kMask:
      return 2;
    case Outcome::kWithhold:
      return 1;
    case Outcome::kHide:
      return 0;
  }
  return -1;
}

void CheckNoMoreIsShown(const World& before, const World& after) {
  const Decision earlier = before.Decide();
  const Decision later = after.Decide();
  RC_ASSERT(earlier.permitted() || !later.permitted());
  for (ClassIndex index = 0; index < before.classes.size(); ++index) {
    if (Openness(later, index) < 2) continue;
    RC_ASSERT(Openness(later, index) <= Openness(earlier, index));
    RC_ASSERT(later.Of(index).mask.Covers(earlier.Of(index).mask));
  }
}

RC_GTEST_PROP(EveryDecision, ShowsNoMoreForAnObjectionRestrictionSealOrHideRule, ()) {
  const World before = AnyWorld();
  World after = before;
  AddChoice(after, OneOf<ConsentKind>({ConsentKind::kObjection, ConsentKind::kRestriction,
                                       ConsentKind::kEmergencyRefusal, ConsentKind::kSeal,
                                       ConsentKind::kSealAndLock, ConsentKind::kHide}));
  CheckNoMoreIsShown(before, after);
}

RC_GTEST_PROP(EveryDecision, ShowsNoMoreForALocationFlag, ()) {
  const World before = AnyWorld();
  World after = before;
  after.LocationSaid(record::LocationProtection::kLocal, "PDS", std::chrono::hours(3));
  CheckNoMoreIsShown(before, after);
}

RC_GTEST_PROP(EveryDecision, ShowsNoMoreUnderMergeReviewOrUntraced, ()) {
  const World before = AnyWorld();
  World after = before;
  after.facts.under_merge_review = true;
  CheckNoMoreIsShown(before, after);
  World untraced = after;
  for (const auto& each : before.classes) untraced.Untraced(each.source.text());
  CheckNoMoreIsShown(after, untraced);
  untraced.facts.active = false;
  CheckNoMoreIsShown(after, untraced);
}

RC_GTEST_PROP(EveryDecision, IsTheSameForTheSameInputs, ()) {
  const World world = AnyWorld();
  const Decision once = world.Decide();
  const World again = world;
  RC_ASSERT(again.Decide().Encode() == once.Encode());
}

// Sections are judged in parts, and an item as its section. One that carries a label is judged by
// itself: here, of a label that no rule looks at.
RC_GTEST_PROP(EveryDecision, JudgesASectionAsItJudgesAnItemOfIt, ()) {
  World world = AnyWorld();
  world.classes.clear();
  world.request.match = Match::kMatched;
  world.request.purpose = OneOf({Purpose::kDirectCare, Purpose::kSafeguarding});
  world.request.reason_code = "";
  const std::string asking = OneOf<std::string>({"ZT1", "ZT2", "ZS1"});
  world.By(asking, {OneOf<std::string>({"R8000", "R8014"}), "LSAFEGUARD"});
  world.request.requester.assurance = 3;
  world.Evidence(EvidenceKind::kOpenEncounter, asking);
  if (*rc::gen::arbitrary<bool>()) world.request.sections = {AnySection(), AnySection()};
  const std::string source = OneOf<std::string>({asking, AnyOrganisation()});
  if (*rc::gen::arbitrary<bool>()) {
    world.LocationSaid(record::LocationProtection::kLocal, "PDS", std::chrono::hours(3));
  }
  for (const auto& name : record::Sections()) {
    world.Holds(source, name.section);
    world.Holds(source, name.section, {"third_party"});
  }
  const Decision decision = world.Decide();
  if (!decision.permitted()) return;
  RC_TAG(decision.SpeaksOf(Ods(source)) ? "spoken of" : "left out");
  for (const auto& each : decision.classes()) {
    const record::EntryClass& of = each.entry_class;
    if (!decision.SpeaksOf(of.source)) continue;  // its lines are left out
    RC_ASSERT(decision.LineOf(of.source, of.section) == each.verdict);
  }
}

// An entry that is of its section's own kind is judged as the section. One that carries a label is
// judged by itself: here, of a label that no rule looks at.
RC_GTEST_PROP(EveryDecision, JudgesAnEntryAlikeWithALabelThatNoRuleLooksAt, ()) {
  World world = AnyWorld();
  world.By("ZT1", {"R8000", "LSAFEGUARD"}).InHospital();
  world.request.requester.assurance = 3;
  world.request.match = Match::kMatched;
  world.request.purpose = OneOf({Purpose::kDirectCare, Purpose::kSafeguarding});
  world.request.reason_code = "";
  if (*rc::gen::arbitrary<bool>()) {
    world.LocationSaid(record::LocationProtection::kLocal, "PDS", std::chrono::hours(3));
  }
  if (*rc::gen::arbitrary<bool>()) world.Untraced(world.classes.front().source.text());
  if (*rc::gen::arbitrary<bool>()) {
    world.Holds(world.classes.front().source.text(), AnySection(), {"identity:untraced"});
    world.Holds("ZT2", Section::kProblems);
  }
  const std::size_t plain = world.classes.size();
  for (std::size_t i = 0; i < plain; ++i) {
    world.classes.push_back(world.classes[i]);
    world.classes.back().labels.emplace_back("third_party");
  }
  const Decision decision = world.Decide();
  for (std::size_t i = 0; i < plain; ++i) {
    RC_ASSERT(decision.classes()[i].verdict == decision.classes()[plain + i].verdict);
  }
}

RC_GTEST_PROP(EveryDecision, NamesARuleForEveryVerdict, ()) {
  const Decision decision = AnyWorld().Decide();
  RC_ASSERT(!decision.rule().empty());
  for (const auto& each : decision.classes()) {
    RC_ASSERT(!decision.RuleText(each.verdict).empty());
    RC_ASSERT(each.verdict.shows() == (each.verdict.reason == Reason::kNone));
  }
  for (const auto& line : decision.lines()) RC_ASSERT(!decision.RuleText(line.verdict).empty());
}

RC_GTEST_PROP(EveryDecision, FreesNothingWhereItRefuses, ()) {
  const World world = AnyWorld();
  const Decision decision = world.Decide();
  RC_PRE(!decision.permitted());
  for (ClassIndex index = 0; index < world.classes.size(); ++index) {
    RC_ASSERT(!decision.Show(index, 0, world.now));
  }
  RC_ASSERT(decision.duties().empty());
}

// safety.md 1: whatever anybody but the person recorded, and whatever the person did not refuse
// knowing what follows.
RC_GTEST_PROP(EveryDecision, OfEmergencyOrSafeguardingIsDeniedByNoOrdinaryChoice, ()) {
  World before = AnyWorld();
  before.facts.consents.clear();
  before.request.purpose = OneOf<Purpose>({Purpose::kEmergency, Purpose::kSafeguarding});
  World after = before;
  AddChoice(after, OneOf<ConsentKind>(
                       {ConsentKind::kObjection, ConsentKind::kRestriction, ConsentKind::kHide}));
  auto& refusal = AddChoice(after, ConsentKind::kEmergencyRefusal);
  if (refusal.by == ConsentBy::kPerson) refusal.informed = false;
  const Decision earlier = before.Decide();
  const Decision later = after.Decide();
  RC_ASSERT(earlier.permitted() == later.permitted());
  for (ClassIndex index = 0; index < before.classes.size(); ++index) {
    RC_ASSERT(Openness(earlier, index) == Openness(later, index));
  }
}

RC_GTEST_PROP(EveryDecision, HidesOnlyForStatuteLocksThePersonOrFromThePerson, ()) {
  const Decision decision = AnyWorld().Decide();
  for (const auto& each : decision.classes()) {
    if (each.verdict.outcome != Outcome::kHide) continue;
    const Reason reason = each.verdict.reason;
    RC_ASSERT(reason == Reason::kStatute || reason == Reason::kSealedAndLocked ||
              reason == Reason::kHiddenByPerson || reason == Reason::kNotForThePerson);
  }
}

RC_GTEST_PROP(EveryDecision, GivesWhoeverHasNoRelationshipOneAnswerWhateverIsTrue, ()) {
  World world = AnyWorld();
  world.facts.evidence.clear();
  world.request.requester.launch.reset();
  world.request.match = Match::kMatched;
  const Decision known = world.Decide();
  RC_PRE(!known.permitted());
  World nobody = world;
  nobody.request.match = Match::kNoSuchPerson;
  nobody.facts = {};
  nobody.classes.clear();
  RC_ASSERT(nobody.Decide().ReasonForReader() == known.ReasonForReader());
}

}  // namespace
}  // namespace milecastle::decide

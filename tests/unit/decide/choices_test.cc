// safety.md 1, 2 and 6: what the person's choices deny, what they never deny, what leaves no trace.
#include "decide/consents.h"
#include "world.h"

namespace milecastle::decide {
namespace {

using std::chrono::hours;

TEST(Objection, DeniesDirectCare) {
  World world;
  const auto held = world.Holds("ZT1", Section::kProblems);
  world.InHospital().Chose(ConsentKind::kObjection);
  EXPECT_EQ(world.Decide().reason(), Reason::kObjection);
  EXPECT_FALSE(world.Decide().Show(held, 0, std::nullopt));
}

TEST(Objection, NeverDeniesEmergencyOrSafeguarding) {
  for (const ConsentBy by : {ConsentBy::kPerson, ConsentBy::kProxy, ConsentBy::kProfessional,
                             ConsentBy::kSomeoneElse, ConsentBy::kFeed}) {
    World world;
    const auto held = world.Holds("Z99001", Section::kProblems);
    world.Chose(ConsentKind::kObjection, by);
    world.Chose(ConsentKind::kRestriction, by).scope.sections = {Section::kProblems};
    world.Chose(ConsentKind::kHide, by).scope.sections = {Section::kProblems};
    EXPECT_TRUE(Shows(world.AskedFor(Purpose::kEmergency, "URGENT").Decide(), held));
    world.By("ZL1", {"R8014"}).AskedFor(Purpose::kSafeguarding);
    EXPECT_TRUE(Shows(world.Decide(), held));
  }
}

// safety.md 1: an abuser's word is not the person's, in ordinary care neither.
TEST(Objection, OfSomeoneElseBindsNobodyAndIsSaidToBeSetAside) {
  for (const ConsentKind kind :
       {ConsentKind::kObjection, ConsentKind::kRestriction, ConsentKind::kHide}) {
    World world;
    const auto held = world.Holds("Z99001", Section::kProblems);
    Consent& choice = world.InHospital().Chose(kind, ConsentBy::kSomeoneElse);
    choice.scope.sections = {Section::kProblems};
    const Decision decision = world.Decide();
    EXPECT_TRUE(Shows(decision, held)) << record::KeyOf(kind);
    ASSERT_EQ(decision.consents().size(), 1U);
    EXPECT_FALSE(decision.consents()[0].bound);
    EXPECT_EQ(decision.consents()[0].why, "not the person's own word");
    choice.by = ConsentBy::kProxy;
    EXPECT_FALSE(world.Decide().Of(held).shows()) << "who stands for them objects for them";
  }
  World whole;
  whole.InHospital().Chose(ConsentKind::kObjection, ConsentBy::kSomeoneElse);
  EXPECT_TRUE(whole.Decide().permitted());
  for (const ConsentBy by :
       {ConsentBy::kPerson, ConsentBy::kProxy, ConsentBy::kProfessional, ConsentBy::kFeed}) {
    whole.facts.consents[0].by = by;
    EXPECT_EQ(whole.Decide().reason(), Reason::kObjection) << record::KeyOf(by);
  }
}

TEST(Objection, ToSomeItemsWithholdsThem) {
  World world;
  const auto medications = world.Holds("Z99001", Section::kMedications);
  const auto problems = world.Holds("Z99001", Section::kProblems);
  world.InHospital().Chose(ConsentKind::kObjection).scope.sections = {Section::kMedications};
  const Decision decision = world.Decide();
  EXPECT_TRUE(Withholds(decision, medications, Reason::kObjection));
  EXPECT_TRUE(Shows(decision, problems));
}

TEST(Objection, ToOnePurposeOrConsumerLeavesOthers) {
  World world;
  auto& objection = world.InHospital().Chose(ConsentKind::kObjection);
  objection.scope.purposes = {Purpose::kReferral};
  EXPECT_TRUE(world.Decide().permitted());
  EXPECT_FALSE(world.AskedFor(Purpose::kReferral).Decide().permitted());
  world.AskedFor(Purpose::kDirectCare);
  objection.scope = {};
  objection.scope.consumers = {Ods("ZT2")};
  EXPECT_TRUE(world.Decide().permitted());
  objection.scope.consumers = {Ods("ZT1"), Ods("ZT2")};
  EXPECT_FALSE(world.Decide().permitted());
}

TEST(Objection, ThatIsOverWithdrawnOrNotYetBegunDoesNotCount) {
  World world;
  auto& objection = world.InHospital().Chose(ConsentKind::kObjection);
  objection.period.until = world.now;
  EXPECT_TRUE(world.Decide().permitted());
  objection.period.until = world.now + hours(1);
  EXPECT_FALSE(world.Decide().permitted());
  objection.withdrawn = world.now - hours(1);
  EXPECT_TRUE(world.Decide().permitted());
  objection.withdrawn.reset();
  objection.period.from = world.now + hours(1);
  objection.period.until.reset();
  EXPECT_TRUE(world.Decide().permitted());
}

TEST(SealAndLock, OnAnothersWordNeverDeniesEmergencyOrSafeguarding) {
  for (const ConsentKind kind : {ConsentKind::kSeal, ConsentKind::kSealAndLock}) {
    for (const ConsentBy by : {ConsentBy::kProxy, ConsentBy::kSomeoneElse}) {
      World world;
      const auto held = world.Holds("Z99001", Section::kAllergies);
      world.Chose(kind, by).team = "ZC1/refuge";
      EXPECT_TRUE(Shows(world.AskedFor(Purpose::kEmergency, "URGENT").Decide(), held));
      world.By("ZL1", {"R8014"}).AskedFor(Purpose::kSafeguarding);
      EXPECT_TRUE(Shows(world.Decide(), held));
    }
  }
}

TEST(SealAndLock, OfEverythingOrOnSomebodyElsesWordIsRefusedAtRecording) {
  World world;
  Consent& lock = world.Chose(ConsentKind::kSealAndLock);
  lock.team = "ZT1/refuge";
  auto problems = ValidateConsent(ShippedDecider().policy(), lock);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].place, "consent.scope");
  lock.scope.labels = {"domestic_abuse"};
  EXPECT_TRUE(ValidateConsent(ShippedDecider().policy(), lock).empty());
  lock.by = ConsentBy::kSomeoneElse;
  problems = ValidateConsent(ShippedDecider().policy(), lock);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].place, "consent.by");
}

TEST(SealAndLock, OfASourceReadsAsOfOneThatHoldsNothing) {
  World never;
  never.InHospital().sources = {Ods("Z99001")};
  World locked;
  locked.InHospital().sources = {Ods("Z99001")};
  locked.Holds("Z99001", Section::kProblems);
  Consent& lock = locked.Chose(ConsentKind::kSealAndLock);
  lock.team = "Z99001";
  lock.scope.sources = {Ods("Z99001")};
  for (World* world : {&never, &locked}) {
    world->NothingSaidOfLocation().LocationSaid(record::LocationProtection::kNational, "ZT1",
                                                std::chrono::hours(1));
  }
  const Decision of_never = never.Decide();
  const Decision of_locked = locked.Decide();
  for (const Section section : {Section::kDemographics, Section::kAllergies}) {
    const Verdict& told = of_locked.LineIfNothingHidden(Ods("Z99001"), section);
    EXPECT_TRUE(told.shows());
    EXPECT_TRUE(told.mask.Has(MaskField::kSource)) << "its name tells of a protected person";
    EXPECT_EQ(told.mask, of_never.LineIfNothingHidden(Ods("Z99001"), section).mask);
  }
}

TEST(SealAndLock, IsNotToldByAnExplanationToOneOrganisationsOfficer) {
  World world;
  world.Holds("Z99001", Section::kProblems, {"domestic_abuse"});
  Consent& lock = world.InHospital().Chose(ConsentKind::kSealAndLock);
  lock.team = "Z99001";
  lock.scope.labels = {"domestic_abuse"};
  std::string all;
  for (const std::string& line : Explain(world.Decide())) all += line + "\n";
  EXPECT_NE(all.find("domestic_abuse"), std::string::npos);
  std::string some;
  for (const std::string& line : Explain(world.Decide(), Tells::kNothingHidden))
    some += line + "\n";
  EXPECT_EQ(some.find("domestic_abuse"), std::string::npos);
  EXPECT_EQ(some.find("lock"), std::string::npos);
  EXPECT_EQ(some.find("hid"), std::string::npos);
}

// A refusal withholds every class: what the lock hides must not come back as one of them.
TEST(SealAndLock, IsNotToldByTheExplanationOfARefusal) {
  World world;
  world.Holds("Z99001", Section::kProblems, {"domestic_abuse"});
  Consent& lock = world.Chose(ConsentKind::kSealAndLock);
  lock.team = "Z99001";
  lock.scope.labels = {"domestic_abuse"};
  const Decision decision = world.Decide();
  ASSERT_FALSE(decision.permitted());
  for (const std::string& line : Explain(decision, Tells::kNothingHidden)) {
    EXPECT_EQ(line.find("domestic_abuse"), std::string::npos) << line;
    EXPECT_EQ(line.find("Z99001"), std::string::npos) << line;
  }
  for (const auto& each : decision.classes()) {
    EXPECT_FALSE(IsTold(decision, each.verdict, Tells::kNothingHidden));
    EXPECT_TRUE(IsTold(decision, each.verdict, Tells::kAll));
  }
}

TEST(EmergencyRefusal, OfThePersonInformedDeniesEmergencyAlone) {
  World world;
  world.InHospital().AskedFor(Purpose::kEmergency, "LIFE");
  world.Chose(ConsentKind::kEmergencyRefusal).informed = true;
  EXPECT_EQ(world.Decide().reason(), Reason::kEmergencyRefusal);
  EXPECT_EQ(world.Decide().ReasonForReader(), Reason::kEmergencyRefusal);
  EXPECT_TRUE(world.AskedFor(Purpose::kDirectCare).Decide().permitted());
  world.By("ZL1", {"R8014"}).AskedFor(Purpose::kSafeguarding);
  EXPECT_TRUE(world.Decide().permitted());
}

TEST(EmergencyRefusal, IsUniformToACallerWithoutARelationship) {
  World world;
  world.AskedFor(Purpose::kEmergency, "LIFE");
  world.Chose(ConsentKind::kEmergencyRefusal).informed = true;
  EXPECT_TRUE(world.Decide().uniform_refusal());
}

TEST(EmergencyRefusal, OfSomeoneElseOrUninformedDeniesNothing) {
  for (const ConsentBy by :
       {ConsentBy::kProxy, ConsentBy::kProfessional, ConsentBy::kSomeoneElse, ConsentBy::kFeed}) {
    World world;
    world.AskedFor(Purpose::kEmergency, "LIFE");
    world.Chose(ConsentKind::kEmergencyRefusal, by).informed = true;
    EXPECT_TRUE(world.Decide().permitted());
  }
  World uninformed;
  uninformed.AskedFor(Purpose::kEmergency, "LIFE").Chose(ConsentKind::kEmergencyRefusal);
  EXPECT_TRUE(uninformed.Decide().permitted());
}

TEST(Restriction, WithholdsWithALine) {
  World world;
  const auto held = world.Holds("Z99001", Section::kRisks);
  world.InHospital().Chose(ConsentKind::kRestriction).scope.sources = {Ods("Z99001")};
  const Decision decision = world.Decide();
  EXPECT_TRUE(Withholds(decision, held, Reason::kRestriction));
  EXPECT_EQ(decision.LineOf(Ods("Z99001"), Section::kRisks).outcome, Outcome::kWithhold);
  EXPECT_TRUE(decision.SpeaksOf(Ods("Z99001")));
}

TEST(Restriction, ThatNamesNothingMatchesNobodyAndIsRefusedAtRecording) {
  World world;
  const auto held = world.Holds("Z99001", Section::kRisks);
  const Consent& restriction = world.InHospital().Chose(ConsentKind::kRestriction);
  EXPECT_TRUE(Shows(world.Decide(), held));
  const auto problems = ValidateConsent(ShippedDecider().policy(), restriction);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].place, "consent.scope");
}

TEST(Choices, TheTighterOfConflictingOnesWins) {
  World world;
  const auto held = world.Holds("Z99001", Section::kRisks);
  world.InHospital().Chose(ConsentKind::kRestriction).scope.sections = {Section::kRisks};
  world.Chose(ConsentKind::kExplicitConsent).scope.sections = {Section::kRisks};
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kRestriction));
}

TEST(Choices, AnObjectionIsTheReasonThoughARestrictionWasRecordedFirst) {
  World world;
  const auto held = world.Holds("Z99001", Section::kRisks);
  world.InHospital().Chose(ConsentKind::kRestriction).scope.sections = {Section::kRisks};
  world.Chose(ConsentKind::kObjection).scope.sections = {Section::kRisks};
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kObjection));
}

TEST(HideRule, OfThePersonLeavesNoTrace) {
  World with;
  const auto hidden = with.Holds("Z99001", Section::kProblems, {"mental_health"});
  const auto shown = with.Holds("Z99001", Section::kProblems);
  with.InHospital().Chose(ConsentKind::kHide).scope.labels = {"mental_health"};
  const Decision decision = with.Decide();
  EXPECT_TRUE(Hides(decision, hidden, Reason::kHiddenByPerson));
  EXPECT_TRUE(Shows(decision, shown));
  // The line speaks of what is shown, as it would had the other never been.
  EXPECT_EQ(decision.LineOf(Ods("Z99001"), Section::kProblems).outcome, Outcome::kShow);
  EXPECT_EQ(decision.RuleForReader(decision.Of(hidden)), "");
}

TEST(HideRule, OfThePersonLeavesNoTraceBesideADerivedLabel) {
  World world;
  const auto held = world.Holds("Z99001", Section::kAllergies, {"hfea"});
  EXPECT_TRUE(Withholds(world.InHospital().Decide(), held, Reason::kStatute))
      << "a derived label never hides an allergy";
  world.Chose(ConsentKind::kHide).scope.sections = {Section::kAllergies};
  EXPECT_TRUE(Hides(world.Decide(), held, Reason::kHiddenByPerson));
}

TEST(HideRule, OfAProxyWithholdsWithALine) {
  World world;
  const auto held = world.Holds("Z99001", Section::kProblems);
  world.InHospital().Chose(ConsentKind::kHide, ConsentBy::kProxy).scope.sections = {
      Section::kProblems};
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kRestriction));
}

TEST(Seal, OpensByRoleRightCodedReasonAndReview) {
  World world;
  const auto held = world.Holds("Z99001", Section::kProblems);
  auto& seal = world.InHospital().Chose(ConsentKind::kSeal);
  seal.scope.sections = {Section::kProblems};
  seal.team = "Z99001/counsellors";
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kSealed));

  world.AskedFor(Purpose::kDirectCare, "EXPRESS-CONSENT");
  EXPECT_EQ(world.Decide().reason(), Reason::kRightMissing);
  world.By("ZT1", {"R8000", "B0083"});
  EXPECT_TRUE(Shows(world.Decide(), held));
  ASSERT_EQ(world.Decide().duties().size(), 2U);
  EXPECT_EQ(world.Decide().duties()[1].kind, DutyKind::kReview);
  EXPECT_EQ(world.Decide().duties()[1].cause, "seal_opened");

  world.AskedFor(Purpose::kDirectCare, "BECAUSE");
  EXPECT_EQ(world.Decide().reason(), Reason::kReasonNotListed);
  world.AskedFor(Purpose::kDirectCare);
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kSealed));
}

// safety.md 1 and 2: a seal is opened for safeguarding as any is, and denies it to nobody who may
// use the purpose.
TEST(Seal, OfThePersonOpensForSafeguardingOnACodedReasonAndIsReviewed) {
  World world;
  const auto held = world.Holds("Z99001", Section::kProblems);
  world.Chose(ConsentKind::kSeal).team = "Z99001/counsellors";
  world.By("ZL1", {"R8014"}).AskedFor(Purpose::kSafeguarding);
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kSealed));
  EXPECT_EQ(world.Decide().ReasonForReader(world.Decide().Of(held)), Reason::kSealed)
      << "told, so that they can open it";
  world.AskedFor(Purpose::kSafeguarding, "BECAUSE");
  EXPECT_EQ(world.Decide().reason(), Reason::kReasonNotListed);

  world.AskedFor(Purpose::kSafeguarding, "PUBLIC-INTEREST");
  const Decision decision = world.Decide();
  EXPECT_TRUE(Shows(decision, held));
  const auto duties = decision.duties();
  EXPECT_TRUE(std::any_of(duties.begin(), duties.end(), [](const Duty& duty) {
    return duty.kind == DutyKind::kReview && duty.cause == "seal_opened";
  }));
  world.InHospital("ZL1").AskedFor(Purpose::kDirectCare, "PUBLIC-INTEREST");
  EXPECT_EQ(world.Decide().reason(), Reason::kRightMissing) << "for safeguarding alone";
}

TEST(Seal, IsOpenToItsTeam) {
  World world;
  const auto held = world.Holds("ZT1", Section::kProblems);
  auto& seal = world.InHospital().Chose(ConsentKind::kSeal);
  seal.team = "ZT1/ward-4";
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kSealed));
  world.request.requester.team = "ward-4";
  EXPECT_TRUE(Shows(world.Decide(), held));
  seal.team = "";
  world.request.requester.team = "";
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kSealed));
  EXPECT_FALSE(ValidateConsent(ShippedDecider().policy(), seal).empty());
}

TEST(Seal, SaysNothingOfTheStandingOfWhatItHolds) {
  World world;
  const auto held = world.Holds("Z99001", Section::kProblems);
  world.classes[held].verification = record::Verification::kEnteredInError;
  world.InHospital().Chose(ConsentKind::kSeal).team = "Z99001";
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kSealed));
}

TEST(SealedAndLocked, IsNeverOpenedOrBetrayedOutsideItsTeam) {
  const std::vector<std::pair<Purpose, std::string>> ways = {
      {Purpose::kDirectCare, "EXPRESS-CONSENT"},
      {Purpose::kEmergency, "LIFE"},
      {Purpose::kSafeguarding, ""},
      {Purpose::kSafeguarding, "PUBLIC-INTEREST"},
  };
  for (const auto& [purpose, reason] : ways) {
    World world;
    const auto held = world.Holds("Z99001", Section::kProblems);
    const auto other = world.Holds("Z99001", Section::kAllergies);
    auto& lock = world.InHospital().Chose(ConsentKind::kSealAndLock);
    lock.scope.sections = {Section::kProblems};
    lock.team = "Z99001/counsellors";
    world.By("ZT1", {"R8000", "B0083", "LSAFEGUARD"}).AskedFor(purpose, reason);
    const Decision decision = world.Decide();
    EXPECT_TRUE(Hides(decision, held, Reason::kSealedAndLocked));
    EXPECT_TRUE(Shows(decision, other));
    EXPECT_EQ(decision.LineOf(Ods("Z99001"), Section::kProblems).outcome, Outcome::kHide);
    for (const Duty& duty : decision.duties()) EXPECT_NE(duty.cause, "seal_opened");
  }
}

TEST(SealedAndLocked, HidesTheSourceOfWhichNothingElseIsLeft) {
  World world;
  world.Holds("ZC1", Section::kProblems);
  const auto other = world.Holds("Z99001", Section::kProblems);
  auto& lock = world.InHospital().Chose(ConsentKind::kSealAndLock);
  lock.scope.sources = {Ods("ZC1")};
  lock.team = "ZC1";
  const Decision decision = world.Decide();
  EXPECT_FALSE(decision.SpeaksOf(Ods("ZC1")));
  EXPECT_FALSE(decision.PermitsAsking(Ods("ZC1")));
  EXPECT_EQ(decision.LineOf(Ods("ZC1"), Section::kDemographics).outcome, Outcome::kHide);
  EXPECT_TRUE(decision.SpeaksOf(Ods("Z99001")));
  EXPECT_TRUE(Shows(decision, other));
}

TEST(SealedAndLocked, HidesEvenWhatWouldBeWithheldForAnotherReason) {
  World world;
  const auto held = world.Holds("ZC1", Section::kResearch);
  world.InHospital().Chose(ConsentKind::kSealAndLock).team = "ZC1";
  EXPECT_TRUE(Hides(world.Decide(), held, Reason::kSealedAndLocked));
}

TEST(MergeReview, KeepsTheTighterOfBothConsents) {
  World world;
  const auto held = world.Holds("ZS1", Section::kMedications);
  world.InHospital().Chose(ConsentKind::kExplicitConsent).scope.sources = {Ods("ZS1")};
  EXPECT_TRUE(Shows(world.Decide(), held));
  world.facts.under_merge_review = true;
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kExplicitConsentNeeded));
  world.Chose(ConsentKind::kObjection);
  EXPECT_EQ(world.Decide().reason(), Reason::kObjection);
}

TEST(ExplicitConsent, OpensOnlyWhatWaitsForIt) {
  World world;
  const auto waits = world.Holds("ZS1", Section::kMedications);
  const auto unshared = world.Holds("ZS1", Section::kAssessments);
  auto& consent = world.InHospital().Chose(ConsentKind::kExplicitConsent);
  consent.scope.sources = {Ods("ZS1")};
  EXPECT_TRUE(Shows(world.Decide(), waits));
  EXPECT_TRUE(Withholds(world.Decide(), unshared, Reason::kNoAgreement));
  consent.by = ConsentBy::kSomeoneElse;
  EXPECT_TRUE(Withholds(world.Decide(), waits, Reason::kExplicitConsentNeeded));
  consent.by = ConsentBy::kPerson;
  consent.withdrawn = world.now;
  EXPECT_TRUE(Withholds(world.Decide(), waits, Reason::kExplicitConsentNeeded));
}

TEST(ValidateConsent, NamesEveryFieldThatIsWrong) {
  World world;
  Consent& refusal = world.Chose(ConsentKind::kEmergencyRefusal, ConsentBy::kSomeoneElse);
  refusal.scope.sources = {Ods("ZX9")};
  refusal.scope.labels = {"no_such_label"};
  refusal.period.until = refusal.period.from;
  const auto problems = ValidateConsent(ShippedDecider().policy(), refusal);
  std::vector<std::string> places;
  for (const auto& problem : problems) places.push_back(problem.place);
  EXPECT_EQ(places, (std::vector<std::string>{"consent.by", "consent.scope.sources",
                                              "consent.scope.labels", "consent.period"}));
}

TEST(ValidateConsent, TakesTheOrdinaryOnes) {
  World world;
  EXPECT_TRUE(
      ValidateConsent(ShippedDecider().policy(), world.Chose(ConsentKind::kObjection)).empty());
  Consent& refusal = world.Chose(ConsentKind::kEmergencyRefusal);
  refusal.informed = true;
  EXPECT_TRUE(ValidateConsent(ShippedDecider().policy(), refusal).empty());
  Consent& seal = world.Chose(ConsentKind::kSeal);
  seal.team = "ZT1/ward-4";
  EXPECT_TRUE(ValidateConsent(ShippedDecider().policy(), seal).empty());
}

}  // namespace
}  // namespace milecastle::decide

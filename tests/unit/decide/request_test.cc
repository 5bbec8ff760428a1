// Who may ask at all, and what is told to whom of a refusal.
#include "world.h"

namespace milecastle::decide {
namespace {

TEST(Decide, ShowsTheClinicianWhoTreatsThePersonWhatAgreementsShare) {
  World world;
  const auto own = world.Holds("ZT1", Section::kProblems);
  const auto practice = world.Holds("Z99001", Section::kMedications);
  const Decision decision = world.InHospital().Decide();
  ASSERT_TRUE(decision.permitted());
  EXPECT_TRUE(Shows(decision, own));
  EXPECT_TRUE(Shows(decision, practice));
  EXPECT_EQ(decision.RuleText(decision.Of(own)), "system.own_records");
  EXPECT_EQ(decision.RuleText(decision.Of(practice)), "agreement.DSA-001");
  EXPECT_TRUE(decision.duties().empty());
}

TEST(Decide, DeniesByDefaultWhateverWasNotDecided) {
  World world;
  const Decision decision = world.InHospital().Decide();
  EXPECT_TRUE(Withholds(decision, 7, Reason::kUndecided));
  EXPECT_FALSE(decision.Show(7, 0, std::nullopt));
  EXPECT_FALSE(decision.LineOf(Ods("Z99001"), Section::kProblems).shows());
  EXPECT_FALSE(decision.PermitsAsking(Ods("Z99001")));
}

TEST(Decide, RefusesAnOrganisationThatTakesNoPart) {
  World world;
  EXPECT_EQ(world.InHospital("ZX9").By("ZX9", {"R8000"}).Decide().reason(),
            Reason::kUnknownOrganisation);
  world.request.requester.organisation.reset();
  EXPECT_EQ(world.Decide().reason(), Reason::kUnknownOrganisation);
}

TEST(Decide, RefusesARoleThatThePurposeDoesNotName) {
  World world;
  const auto held = world.Holds("ZT1", Section::kProblems);
  const Decision decision = world.InHospital().By("ZT1", {"R8015"}).Decide();
  EXPECT_EQ(decision.reason(), Reason::kRoleNotGranted);
  EXPECT_FALSE(decision.Show(held, 0, std::nullopt));
  EXPECT_EQ(world.By("ZT1", {}).Decide().reason(), Reason::kRoleNotGranted);
}

TEST(Decide, RefusesAClinicianWhoseIdentityIsNotAssured) {
  World world;
  world.request.requester.assurance = 1;
  EXPECT_EQ(world.InHospital().Decide().reason(), Reason::kRoleNotGranted);
}

TEST(Decide, RefusesAPurposeThatThePolicyGrantsToNobody) {
  World world;
  EXPECT_EQ(world.InHospital().AskedFor(Purpose::kResearch).Decide().reason(),
            Reason::kPurposeNotGranted);
}

TEST(Decide, MakesNoDecisionOnAValueWithoutMeaning) {
  World world;
  world.InHospital().request.purpose = static_cast<Purpose>(0);
  EXPECT_FALSE(ShippedDecider().Decide(world.request, {&world.facts, {}, {}}, world.now));
  world.AskedFor(Purpose::kDirectCare).Chose(static_cast<ConsentKind>(99));
  EXPECT_FALSE(ShippedDecider().Decide(world.request, {&world.facts, {}, {}}, world.now));
  World no_facts;
  EXPECT_FALSE(ShippedDecider().Decide(no_facts.request, {nullptr, {}, {}}, no_facts.now));
}

TEST(Decide, GivesOneUniformAnswerToACallerWithoutARelationship) {
  World not_yours;
  World nobody;
  nobody.request.match = Match::kNoSuchPerson;
  World mistyped;
  mistyped.request.match = Match::kDetailsMismatch;
  World objected;
  objected.Chose(ConsentKind::kObjection);
  for (const World* world : {&not_yours, &nobody, &mistyped, &objected}) {
    const Decision decision = world->Decide();
    EXPECT_FALSE(decision.permitted());
    EXPECT_TRUE(decision.uniform_refusal());
    EXPECT_EQ(decision.ReasonForReader(), Reason::kNoRelationship);
  }
  // The truth is kept for the audit log.
  EXPECT_EQ(nobody.Decide().reason(), Reason::kNoSuchPerson);
  EXPECT_EQ(mistyped.Decide().reason(), Reason::kDetailsMismatch);
}

TEST(Decide, TellsACallerWithARelationshipThatThePersonObjected) {
  World world;
  world.InHospital().Chose(ConsentKind::kObjection);
  const Decision decision = world.Decide();
  EXPECT_EQ(decision.reason(), Reason::kObjection);
  EXPECT_EQ(decision.ReasonForReader(), Reason::kObjection);
  EXPECT_FALSE(decision.uniform_refusal());
}

TEST(Decide, DoesNotTellWhoeverMerelyDeclaresARelationshipThatThePersonObjected) {
  World world;
  world.Chose(ConsentKind::kObjection);
  world.request.self_declaration = SelfDeclaration{"NEW-PATIENT"};
  const Decision decision = world.Decide();
  EXPECT_EQ(decision.reason(), Reason::kObjection);
  EXPECT_TRUE(decision.uniform_refusal());
}

TEST(Decide, ARefusalFreesNothingAndAsksNobody) {
  World world;
  const auto own = world.Holds("ZT1", Section::kProblems);
  const Decision decision = world.Decide();
  EXPECT_FALSE(decision.Show(own, 0, std::nullopt));
  EXPECT_FALSE(decision.PermitsAsking(Ods("ZT1")));
  EXPECT_FALSE(decision.SpeaksOf(Ods("ZT1")));
  EXPECT_TRUE(decision.duties().empty());
  EXPECT_EQ(decision.ReasonForReader(decision.Of(own)), Reason::kNoRelationship);
}

TEST(Decide, AMistypedNameStillMatches) {
  World world;
  world.request.match = Match::kMatchedNameDiffers;
  EXPECT_TRUE(world.InHospital().Decide().permitted());
}

TEST(Decide, WithholdsSectionsThatTheRequestDidNotAskFor) {
  World world;
  const auto asked = world.Holds("ZT1", Section::kAllergies);
  const auto other = world.Holds("ZT1", Section::kProblems);
  world.InHospital().request.sections = {Section::kAllergies};
  const Decision decision = world.Decide();
  EXPECT_TRUE(Shows(decision, asked));
  EXPECT_TRUE(Withholds(decision, other, Reason::kNotAsked));
}

TEST(Decide, AStatutoryPurposeNeedsItsCase) {
  World world;
  const auto held = world.Holds("Z99001", Section::kProblems);
  world.By("ZI1", {"LEXAMINER"}).AskedFor(Purpose::kMedicalExaminer);
  EXPECT_EQ(world.Decide().reason(), Reason::kCaseReferenceMissing);
  world.request.case_reference = "CASE-1";
  world.Chose(ConsentKind::kObjection);
  const Decision decision = world.Decide();
  EXPECT_TRUE(Shows(decision, held));
  EXPECT_EQ(decision.duties().size(), 2U);
}

TEST(Decide, FreesItemsThatNoOtherDecisionFrees) {
  World world;
  const auto own = world.Holds("ZT1", Section::kProblems);
  const Decision decision = world.InHospital().Decide();
  const auto shown = decision.Show(own, 3, std::nullopt);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->position(), 3U);
  EXPECT_TRUE(decision.Frees(*shown));
  world.now += std::chrono::seconds(1);
  EXPECT_FALSE(world.Decide().Frees(*shown));
  static_assert(!std::is_default_constructible_v<Shown>);
  static_assert(!std::is_constructible_v<Shown, std::uint64_t, ClassIndex, std::uint32_t, Mask>);
}

TEST(Decide, GivesTheSameBytesForTheSameInputs) {
  World world;
  world.Holds("ZT1", Section::kProblems);
  world.InHospital().Chose(ConsentKind::kRestriction).scope.sections = {Section::kRisks};
  const Decider again(ShippedPolicy());
  EXPECT_EQ(world.Decide().Encode(), world.DecideWith(again).Encode());
  EXPECT_EQ(world.Decide().policy_version(), again.policy().version());
}

TEST(Decide, EncodesWhatARequestSaysWithoutBreakingItsForm) {
  World world;
  world.InHospital().request.requester.user = "a\"b\\c\n";
  EXPECT_NE(world.Decide().Encode().find(R"("user":"a\"b\\c\u000a")"), std::string::npos);
}

TEST(Decide, TellsTheReaderOnlyReasonsAndRulesThatThePolicyNames) {
  World world;
  const auto sensitive = world.Holds("Z99001", Section::kProblems, {"sexual_health"});
  const auto shared = world.Holds("Z99001", Section::kMedications);
  const auto unshared = world.Holds("ZS1", Section::kMedications);
  const Decision decision = world.InHospital().Decide();
  EXPECT_TRUE(Withholds(decision, sensitive, Reason::kSensitive));
  EXPECT_EQ(decision.ReasonForReader(decision.Of(sensitive)), Reason::kWithheld);
  EXPECT_EQ(decision.RuleForReader(decision.Of(sensitive)), "");
  EXPECT_TRUE(Withholds(decision, unshared, Reason::kExplicitConsentNeeded));
  EXPECT_EQ(decision.ReasonForReader(decision.Of(unshared)), Reason::kExplicitConsentNeeded);
  EXPECT_EQ(decision.RuleForReader(decision.Of(unshared)), "")
      << "it would name a sensitive source";
  EXPECT_EQ(decision.RuleForReader(decision.Of(shared)), "agreement.DSA-001");
}

TEST(Untraced, IsAnEntryAndNotAllThatItsSourceHolds) {
  World world;
  const auto traced = world.InHospital().Holds("Z99001", Section::kProblems);
  const auto untraced =
      world.Holds("Z99001", Section::kProblems, {std::string(record::kUntracedLabel)});
  const Decision decision = world.Decide();
  EXPECT_TRUE(Shows(decision, traced));
  EXPECT_TRUE(Withholds(decision, untraced, Reason::kAwaitingIdentity));
  ASSERT_EQ(decision.untraced().size(), 1U);
  EXPECT_EQ(decision.untraced().front(), Ods("Z99001"));
  // Nor does an identity that it never traced take away what it said under another.
  world.facts.untraced_sources = {Ods("Z99001")};
  EXPECT_TRUE(Shows(world.Decide(), traced));
}

}  // namespace
}  // namespace milecastle::decide

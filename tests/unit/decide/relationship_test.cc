// safety.md 16: what makes a relationship, how long it holds, and what it reaches.
#include "decide/relationship.h"

#include "world.h"

namespace milecastle::decide {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Relationship, AnOpenEncounterHoldsUntilItEndsAndThenForItsTail) {
  World world;
  auto& encounter = world.Evidence(EvidenceKind::kOpenEncounter, "ZT1");
  encounter.period.from = world.now - days(50);
  EXPECT_TRUE(world.Decide().permitted());
  encounter.period.until = world.now - days(41);
  EXPECT_TRUE(world.Decide().permitted());
  EXPECT_EQ(world.Decide().evidence()[0].kind, EvidenceKind::kEndedEncounter);
  encounter.period.until = world.now - days(42) + seconds(1);
  EXPECT_TRUE(world.Decide().permitted());
  encounter.period.until = world.now - days(42);
  EXPECT_EQ(world.Decide().reason(), Reason::kNoRelationship);
}

TEST(Relationship, AnEncounterThatNobodyEverClosedDoesNotHoldForEver) {
  World world;
  world.Evidence(EvidenceKind::kOpenEncounter, "ZT1").period.from = world.now - days(730);
  EXPECT_EQ(world.Decide().reason(), Reason::kNoRelationship);
}

TEST(Relationship, AnEndedEncounterWithoutAnEndCountsFromItsBeginning) {
  World world;
  auto& ended = world.Evidence(EvidenceKind::kEndedEncounter, "ZT1");
  ended.period.from = world.now - days(41);
  EXPECT_TRUE(world.Decide().permitted());
  ended.period.from = world.now - days(43);
  EXPECT_FALSE(world.Decide().permitted());
}

TEST(Relationship, AVisitThatWasTakenBackNeverWasAndHasNoTail) {
  for (const auto kind : {EvidenceKind::kOpenEncounter, EvidenceKind::kEndedEncounter,
                          EvidenceKind::kPlannedEncounter}) {
    World world;
    auto& visit = world.Evidence(kind, "ZT1");
    EXPECT_TRUE(world.Decide().permitted());
    visit.period.until = visit.period.from;
    EXPECT_EQ(world.Decide().reason(), Reason::kNoRelationship);
  }
}

TEST(Relationship, APlannedEncounterHoldsAheadOfItsDay) {
  World world;
  auto& planned = world.Evidence(EvidenceKind::kPlannedEncounter, "ZT1");
  planned.period.from = world.now + days(90);
  EXPECT_TRUE(world.Decide().permitted());
  planned.period.from = world.now + days(91);
  EXPECT_FALSE(world.Decide().permitted());
}

TEST(Relationship, BelongsToItsOrganisationAlone) {
  World world;
  world.InHospital("ZT2");
  EXPECT_EQ(world.Decide().reason(), Reason::kNoRelationship);
}

TEST(Relationship, ANetworkHasTheRelationshipsOfThePracticesThatItActsFor) {
  World world;
  world.Evidence(EvidenceKind::kRegisteredPractice, "Z99001");
  EXPECT_TRUE(world.By("ZF1", {"R8000"}).Decide().permitted());
  EXPECT_FALSE(world.By("Z99002", {"R8000"}).Decide().permitted());
  World elsewhere;
  elsewhere.Evidence(EvidenceKind::kRegisteredPractice, "Z99004");
  EXPECT_FALSE(elsewhere.By("ZF1", {"R8000"}).Decide().permitted());
  EXPECT_TRUE(elsewhere.By("ZO1", {"R8000"}).Decide().permitted());
}

TEST(Relationship, ActingForAPracticeIsNoAdmission) {
  World world;
  EXPECT_FALSE(world.InHospital("Z99001").By("ZF1", {"R8000"}).Decide().permitted());
}

TEST(Relationship, OneFunctionAnswersWhetherEvidenceIsLive) {
  World world;
  auto& contact = world.Evidence(EvidenceKind::kUrgentContact, "ZT1");
  contact.period = {world.now - hours(72), world.now - hours(72)};
  EXPECT_FALSE(IsLive(ShippedDecider().policy(), contact, world.now));
  EXPECT_FALSE(world.Decide().permitted());
  contact.period.until = world.now - hours(71);
  EXPECT_TRUE(IsLive(ShippedDecider().policy(), contact, world.now));
  EXPECT_TRUE(world.Decide().permitted());
}

TEST(Relationship, ThatAPurposeDoesNotNameIsNone) {
  World world;
  EXPECT_EQ(world.InHospital().AskedFor(Purpose::kMeeting).Decide().reason(),
            Reason::kNoRelationship);
}

TEST(SelfDeclared, NeedsAReasonFromTheList) {
  World world;
  world.request.self_declaration = SelfDeclaration{""};
  EXPECT_EQ(world.Decide().reason(), Reason::kReasonMissing);
  world.request.self_declaration = SelfDeclaration{"CURIOUS"};
  EXPECT_EQ(world.Decide().reason(), Reason::kReasonNotListed);
  world.request.self_declaration = SelfDeclaration{"NEW-PATIENT"};
  EXPECT_TRUE(world.Decide().permitted());
}

TEST(SelfDeclared, ReachesFewerSectionsAndMakesDuties) {
  World world;
  const auto allergies = world.Holds("Z99001", Section::kAllergies);
  const auto social = world.Holds("Z99001", Section::kSocialContext);
  world.request.self_declaration = SelfDeclaration{"NEW-PATIENT"};
  const Decision decision = world.Decide();
  EXPECT_TRUE(Shows(decision, allergies));
  EXPECT_TRUE(Withholds(decision, social, Reason::kNotForRelationship));
  ASSERT_EQ(decision.duties().size(), 2U);
  EXPECT_EQ(decision.duties()[0].kind, DutyKind::kTellPrivacyOfficer);
  EXPECT_EQ(decision.duties()[0].cause, "self_declared");
  EXPECT_EQ(decision.duties()[0].organisation, Ods("ZT1"));
  EXPECT_EQ(decision.duties()[1].by, world.now + hours(72));
}

TEST(SelfDeclared, HoldsForTheUserWhoDeclaredItAndNoOther) {
  World world;
  auto& declared = world.Evidence(EvidenceKind::kSelfDeclared, "ZT1");
  declared.user = "user-1";
  declared.period.from = world.now - hours(23);
  EXPECT_TRUE(world.Decide().permitted());
  declared.user = "user-2";
  EXPECT_FALSE(world.Decide().permitted());
  declared.user = "";
  world.request.requester.user = "";
  EXPECT_FALSE(world.Decide().permitted());
}

// Always reviewed: also where the word was given for an earlier view.
TEST(SelfDeclared, OfBeforeMakesDutiesWhereTheViewRestsOnIt) {
  World world;
  auto& declared = world.Evidence(EvidenceKind::kSelfDeclared, "ZT1");
  declared.user = "user-1";
  declared.period.from = world.now - hours(23);
  const Decision decision = world.Decide();
  ASSERT_EQ(decision.duties().size(), 2U);
  EXPECT_EQ(decision.duties()[0].kind, DutyKind::kTellPrivacyOfficer);
  EXPECT_EQ(decision.duties()[1].kind, DutyKind::kReview);
  EXPECT_EQ(decision.duties()[1].cause, "self_declared");

  World vouched = world;
  EXPECT_TRUE(vouched.InHospital().Decide().duties().empty()) << "an admission reaches all of it";
  vouched.request.self_declaration = SelfDeclaration{"NEW-PATIENT"};
  EXPECT_EQ(vouched.Decide().duties().size(), 2U) << "a word that is given now is reviewed";
  world.By("ZL1", {"R8014"}).AskedFor(Purpose::kSafeguarding);
  const Decision needs_none = world.Decide();
  EXPECT_TRUE(needs_none.permitted());
  for (const Duty& duty : needs_none.duties()) EXPECT_NE(duty.cause, "self_declared");
}

class AttestedLaunch : public testing::Test {
 protected:
  void SetUp() override { Launch("9990000018", minutes(14)); }
  void Launch(std::string_view number, seconds ago) {
    world_.request.requester.launch = record::AttestedLaunch{std::string(number), world_.now - ago};
  }
  bool Permitted() const { return world_.Decide().permitted(); }
  World world_;
};

TEST_F(AttestedLaunch, IsEvidenceWhileItIsFresh) {
  EXPECT_TRUE(Permitted());
  Launch("9990000018", minutes(15));
  EXPECT_FALSE(Permitted());
}

TEST_F(AttestedLaunch, IsBoundToItsNhsNumber) {
  Launch("9990000026", minutes(1));
  EXPECT_FALSE(Permitted());
  Launch("", minutes(1));
  EXPECT_FALSE(Permitted());
}

TEST_F(AttestedLaunch, FromTheFutureIsNone) {
  Launch("9990000018", minutes(-2));
  EXPECT_FALSE(Permitted());
  Launch("9990000018", seconds(-30));
  EXPECT_TRUE(Permitted());
}

TEST_F(AttestedLaunch, CountsFromACertifiedSystemAlone) {
  world_.request.requester.system = "somebody-elses";
  EXPECT_FALSE(Permitted());
}

}  // namespace
}  // namespace milecastle::decide

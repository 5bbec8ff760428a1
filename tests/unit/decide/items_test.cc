// What an item's labels, standing and whereabouts make of it; and what break glass opens.
#include "base/config.h"
#include "world.h"

namespace milecastle::decide {
namespace {

// safety.md 26: the labels of a source are its name's.
TEST(SourceName, OfASensitiveSourceIsToldWhereSomethingOfItIsShown) {
  World world;
  const auto held = world.Holds("ZS1", Section::kMedications);
  const auto other = world.Holds("ZT2", Section::kResearch);
  Decision decision = world.InHospital().Decide();
  EXPECT_TRUE(Withholds(decision, held, Reason::kExplicitConsentNeeded));
  EXPECT_FALSE(decision.NamesSource(Ods("ZS1")));
  EXPECT_TRUE(decision.Of(held).mask.Has(MaskField::kSource));
  EXPECT_EQ(decision.RuleForReader(decision.Of(held)), "") << "the agreement's id names it too";
  EXPECT_FALSE(decision.LineOf(Ods("ZS1"), Section::kAllergies).shows());
  EXPECT_TRUE(decision.LineOf(Ods("ZS1"), Section::kAllergies).mask.Has(MaskField::kSource));
  EXPECT_TRUE(decision.NamesSource(Ods("ZT2")));
  EXPECT_FALSE(decision.Of(other).mask.Has(MaskField::kSource)) << "no label, no secret";

  world.Chose(ConsentKind::kExplicitConsent).scope.sources = {Ods("ZS1")};
  EXPECT_TRUE(world.Decide().NamesSource(Ods("ZS1")));
  world.facts.consents.clear();
  EXPECT_TRUE(world.AskedFor(Purpose::kEmergency, "LIFE").Decide().NamesSource(Ods("ZS1")));
  world.InHospital("ZS1").By("ZS1", {"R8000"}).AskedFor(Purpose::kDirectCare);
  world.NothingSaidOfLocation();
  EXPECT_TRUE(world.Decide().NamesSource(Ods("ZS1"))) << "its own";
}

// A source that the person hid reads as one that never knew them.
TEST(SourceName, IsNotToldOrKeptByWhatThePersonHid) {
  for (const bool consents : {false, true}) {
    World never;
    never.InHospital().sources = {Ods("ZS1")};
    if (consents) never.Chose(ConsentKind::kExplicitConsent).scope.sources = {Ods("ZS1")};
    World hidden = never;
    hidden.Holds("ZS1", Section::kMedications);
    hidden.Chose(ConsentKind::kHide).scope.sources = {Ods("ZS1")};
    EXPECT_EQ(hidden.Decide().NamesSource(Ods("ZS1")), consents);
    EXPECT_EQ(never.Decide().NamesSource(Ods("ZS1")), consents);
  }
}

TEST(SourceName, OfASensitiveSourceIsMaskedInAnExplanationWithItsLabelsAndRules) {
  World world;
  world.Holds("ZS1", Section::kMedications, {"hiv"});
  const Decision decision = world.InHospital().Decide();
  std::string text;
  for (const std::string& line : Explain(decision, Tells::kAll, SourceNames({Ods("ZS1")}))) {
    text += line + "\n";
  }
  for (const char* const betrays : {"ZS1", "hiv", "DSA-003"}) {
    EXPECT_EQ(text.find(betrays), std::string::npos) << betrays;
  }
  EXPECT_NE(text.find("medications of a source whose name is protected: withhold"),
            std::string::npos);
}

using record::LocationProtection;
using record::Standing;
using record::Verification;
using std::chrono::days;
using std::chrono::hours;

TEST(Agreements, WhatNoneSharesIsWithheldExceptInEmergencyAndSafeguarding) {
  World world;
  const auto held = world.Holds("ZS1", Section::kAssessments);
  EXPECT_TRUE(Withholds(world.InHospital().Decide(), held, Reason::kNoAgreement));
  EXPECT_TRUE(Shows(world.AskedFor(Purpose::kEmergency, "URGENT").Decide(), held));
  World abuse;
  const auto risk = abuse.Holds("Z99001", Section::kRisks);
  EXPECT_TRUE(Shows(abuse.By("ZL2", {"R8014"}).AskedFor(Purpose::kSafeguarding).Decide(), risk));
}

TEST(Agreements, ReachBackOnlyAsFarAsTheySay) {
  World world;
  const auto about = world.Holds("Z99001", Section::kAboutMe);
  world.By("LOCALCARERS", {"LCARERS"}).Evidence(EvidenceKind::kCaseload, "LOCALCARERS");
  world.Chose(ConsentKind::kExplicitConsent).scope.consumers = {Ods("LOCALCARERS")};
  const Decision decision = world.Decide();
  const base::Instant first = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
  EXPECT_TRUE(decision.Show(about, 0, first));
  EXPECT_FALSE(decision.Show(about, 0, first - std::chrono::microseconds(1)));
  EXPECT_FALSE(decision.Show(about, 0, std::nullopt));
  EXPECT_EQ(decision.Of(about, std::nullopt).reason, Reason::kOutsidePeriod);
}

TEST(BreakGlass, NeedsACodedReasonAndARight) {
  World world;
  EXPECT_EQ(world.AskedFor(Purpose::kEmergency).Decide().reason(), Reason::kReasonMissing);
  EXPECT_EQ(world.AskedFor(Purpose::kEmergency, "HURRY").Decide().reason(),
            Reason::kReasonNotListed);
  world.AskedFor(Purpose::kEmergency, "LIFE");
  EXPECT_TRUE(world.Decide().permitted());
  EXPECT_EQ(world.By("ZT1", {"R8009"}).Decide().reason(), Reason::kRoleNotGranted);
}

TEST(BreakGlass, IsNotRefusedForADeclarationThatItDoesNotNeed) {
  World world;
  world.AskedFor(Purpose::kEmergency, "LIFE");
  world.request.self_declaration = SelfDeclaration{"NO-SUCH-CODE"};
  EXPECT_TRUE(world.Decide().permitted());
  world.AskedFor(Purpose::kDirectCare);
  EXPECT_EQ(world.Decide().reason(), Reason::kReasonNotListed);
}

TEST(BreakGlass, AlwaysMakesDuties) {
  World world;
  const Decision decision = world.AskedFor(Purpose::kEmergency, "URGENT").Decide();
  ASSERT_EQ(decision.duties().size(), 3U);
  EXPECT_EQ(decision.duties()[0].kind, DutyKind::kTellPrivacyOfficer);
  EXPECT_EQ(decision.duties()[0].organisation, Ods("ZT1"));
  EXPECT_EQ(decision.duties()[1].kind, DutyKind::kReview);
  EXPECT_EQ(decision.duties()[2].kind, DutyKind::kTellPatient);
  EXPECT_FALSE(decision.duties()[2].held());
  EXPECT_EQ(world.InHospital().Decide().duties().size(), 3U);
}

TEST(BreakGlass, HoldsTheNoticeToThePersonWhereTellingCanHarm) {
  const auto held_for = [](const World& world) { return world.Decide().duties()[2].held_for; };
  World world;
  world.AskedFor(Purpose::kEmergency, "URGENT");

  World child = world;
  child.request.birth_date = record::BirthDate::Parse("2008-11-23");
  EXPECT_EQ(held_for(child), std::vector<std::string>{"child"});
  child.request.birth_date = record::BirthDate::Parse("2008-11-22");
  EXPECT_TRUE(held_for(child).empty());
  child.request.birth_date.reset();
  EXPECT_EQ(held_for(child), std::vector<std::string>{"age_unknown"});

  World safeguarded = world;
  safeguarded.Holds("ZL1", Section::kSafeguarding);
  EXPECT_EQ(held_for(safeguarded), std::vector<std::string>{"safeguarding"});
  World proxied = world;
  for (const char* const label : {"domestic_abuse", "third_party", "serious_harm"}) {
    World marked = world;
    marked.Holds("Z99001", Section::kSocialContext, {label});
    EXPECT_EQ(held_for(marked), std::vector<std::string>{label});
  }
  World not_for_the_person = world;  // by the operator's policy
  not_for_the_person.Holds("Z99001", Section::kProblems, {"no_patient_access"});
  EXPECT_EQ(held_for(not_for_the_person), std::vector<std::string>{"no_patient_access"});
  World ordinary = world;
  ordinary.Holds("Z99001", Section::kProblems, {"mental_health"});
  EXPECT_TRUE(held_for(ordinary).empty());
  proxied.Chose(ConsentKind::kObjection, ConsentBy::kProxy);
  EXPECT_EQ(held_for(proxied), std::vector<std::string>{"proxy"});
  World hidden = world;
  hidden.LocationSaid(LocationProtection::kNational, "PDS", hours(1));
  EXPECT_EQ(held_for(hidden), std::vector<std::string>{"location_protection"});
  World unchecked = world;
  EXPECT_EQ(held_for(unchecked.NothingSaidOfLocation()),
            std::vector<std::string>{"location_unchecked"});
}

TEST(BreakGlass, OpensWhatIsSensitiveAndUnshared) {
  World world;
  const auto sensitive = world.Holds("ZS1", Section::kProblems, {"hiv", "sexual_health"});
  EXPECT_TRUE(Shows(world.AskedFor(Purpose::kEmergency, "URGENT").Decide(), sensitive));
}

TEST(BreakGlass, OpensSealsForAReasonThatIsEnough) {
  World world;
  const auto sealed = world.Holds("Z99001", Section::kProblems);
  world.Chose(ConsentKind::kSeal).team = "Z99001";
  world.AskedFor(Purpose::kEmergency, "URGENT");
  EXPECT_TRUE(Withholds(world.Decide(), sealed, Reason::kSealed));
  world.AskedFor(Purpose::kEmergency, "LIFE");
  EXPECT_TRUE(Shows(world.Decide(), sealed));
  EXPECT_EQ(world.Decide().duties().size(), 5U);
}

TEST(BreakGlass, DoesNotOpenWhatTheLawRestricts) {
  World world;
  const auto hfea = world.Holds("Z99001", Section::kProcedures, {"hfea"});
  const auto gra = world.Holds("Z99001", Section::kDocuments, {"gra"});
  const Decision decision = world.AskedFor(Purpose::kEmergency, "LIFE").Decide();
  EXPECT_TRUE(Hides(decision, hfea, Reason::kStatute));
  EXPECT_TRUE(Hides(decision, gra, Reason::kStatute));
}

TEST(Labels, AreShownToThoseWhomTheLabelTheAgreementAndThePurposeName) {
  World world;
  const auto mental = world.Holds("Z99001", Section::kProblems, {"mental_health"});
  const auto sexual = world.Holds("Z99001", Section::kProblems, {"sexual_health"});
  const auto own = world.Holds("ZT1", Section::kProblems, {"sexual_health"});
  const Decision decision = world.InHospital().Decide();
  EXPECT_TRUE(Shows(decision, mental));
  EXPECT_TRUE(Withholds(decision, sexual, Reason::kSensitive));  // DSA-001 does not name it
  EXPECT_TRUE(Shows(decision, own));
  EXPECT_TRUE(Withholds(world.By("ZT1", {"R1290"}).Decide(), mental, Reason::kSensitive));
}

TEST(Labels, OfSexualHealthAreWithheldFromAReferral) {
  World world;
  const auto own = world.Holds("ZT1", Section::kProblems, {"sexual_health"});
  EXPECT_TRUE(
      Withholds(world.InHospital().AskedFor(Purpose::kReferral).Decide(), own, Reason::kSensitive));
}

TEST(Labels, ThatNobodyConfiguredAreWithheldEvenInAnEmergency) {
  World world;
  const auto held = world.Holds("ZT1", Section::kProblems, {"new_label"});
  EXPECT_TRUE(Withholds(world.InHospital().Decide(), held, Reason::kUnknownLabel));
  world.AskedFor(Purpose::kEmergency, "LIFE");
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kUnknownLabel));
}

TEST(Labels, OfASourceFallBackToTheirCommonRule) {
  World world;
  const auto held = world.Holds("Z99001", Section::kProblems, {"source:vip"});
  EXPECT_TRUE(Shows(world.InHospital().Decide(), held));
  EXPECT_TRUE(Withholds(world.By("ZT1", {"R1290"}).Decide(), held, Reason::kSensitive));
}

TEST(Labels, ThatAreDerivedNeverHideAnAllergyOrAnAlert) {
  World world;
  const auto allergy = world.Holds("ZT1", Section::kAllergies, {"hfea"});
  const auto alert = world.Holds("ZT1", Section::kRisks, {"gra"});
  world.classes[alert].kind = record::Kind::kAlert;
  const Decision decision = world.InHospital().Decide();
  EXPECT_TRUE(Withholds(decision, allergy, Reason::kStatute));
  EXPECT_TRUE(Withholds(decision, alert, Reason::kStatute));
  // The reader learns that one is withheld, not why.
  EXPECT_EQ(decision.ReasonForReader(decision.Of(allergy)), Reason::kWithheld);
}

class PatientAccess : public testing::Test {
 protected:
  void SetUp() override {
    world_.By("ZI1", {"LCITIZEN"}).AskedFor(Purpose::kPatientAccess);
    world_.request.requester.system = "northmarch-app";
    world_.request.requester.launch = record::AttestedLaunch{"9990000018", world_.now};
  }
  World world_;
};

TEST_F(PatientAccess, HidesWhatIsNotForThePersonOrAProxy) {
  const auto problem = world_.Holds("Z99001", Section::kProblems);
  const auto nopat = world_.Holds("Z99001", Section::kProblems, {"no_patient_access"});
  const auto third = world_.Holds("Z99001", Section::kProblems, {"third_party"});
  const auto harm = world_.Holds("Z99001", Section::kRisks, {"serious_harm"});
  const auto abuse = world_.Holds("Z99001", Section::kProblems, {"domestic_abuse"});
  const Decision decision = world_.Decide();
  EXPECT_TRUE(Shows(decision, problem));
  for (const auto index : {nopat, third, harm, abuse}) {
    EXPECT_TRUE(Hides(decision, index, Reason::kNotForThePerson));
  }
}

TEST_F(PatientAccess, MarkedNotForThePatientIsShownToThoseWhoTreat) {
  World world;
  const auto nopat = world.Holds("Z99001", Section::kProblems, {"no_patient_access"});
  EXPECT_TRUE(Shows(world.InHospital().Decide(), nopat));
}

TEST_F(PatientAccess, OpensNobodyElsesRecord) {
  world_.request.requester.launch->nhs_number = "9990000026";
  EXPECT_TRUE(world_.Decide().uniform_refusal());
}

TEST(Location, ProtectionMasksEverywhereAndWithholdsLettersWhole) {
  for (const auto level : {LocationProtection::kLocal, LocationProtection::kNational}) {
    World world;
    const auto problem = world.Holds("ZT1", Section::kProblems);
    const auto letter = world.HoldsDocument("ZT1");
    const auto practice = world.Holds("ZT1", Section::kGpPractice);
    world.InHospital().LocationSaid(level, "PDS", days(900));
    const Decision decision = world.Decide();
    EXPECT_TRUE(Is(decision, problem, Outcome::kMask));
    EXPECT_EQ(decision.Of(problem).mask, Mask::All());
    EXPECT_EQ(decision.Show(problem, 0, std::nullopt)->mask(), Mask::All());
    EXPECT_TRUE(Withholds(decision, letter, Reason::kLocationProtected));
    EXPECT_TRUE(Withholds(decision, practice, Reason::kLocationProtected));
    const Verdict& line = decision.LineOf(Ods("ZT1"), Section::kDemographics);
    EXPECT_TRUE(line.mask.Has(MaskField::kSource));
    EXPECT_TRUE(decision.Of(letter).mask.Has(MaskField::kSource));
    EXPECT_EQ(decision.RuleForReader(decision.Of(problem)), "");
    EXPECT_EQ(decision.location(), LocationState::kProtected);
  }
}

TEST(Location, ProtectionHoldsInAnEmergencyToo) {
  World world;
  const auto problem = world.Holds("ZT1", Section::kProblems);
  world.AskedFor(Purpose::kEmergency, "LIFE");
  world.LocationSaid(LocationProtection::kLocal, "PDS", hours(1));
  EXPECT_EQ(world.Decide().Of(problem).mask, Mask::All());
}

TEST(Location, TheNewestWordOfASourceCountsAndTheTighterOfSourcesWins) {
  World world;
  world.InHospital().NothingSaidOfLocation();
  world.LocationSaid(LocationProtection::kNational, "PDS", days(9));
  world.LocationSaid(LocationProtection::kNone, "ZT1", hours(1));
  EXPECT_EQ(world.Decide().location(), LocationState::kProtected);
  world.LocationSaid(LocationProtection::kNone, "PDS", days(2));
  EXPECT_EQ(world.Decide().location(), LocationState::kClear);
  world.LocationSaid(LocationProtection::kLocal, "PDS", days(2));
  EXPECT_EQ(world.Decide().location(), LocationState::kProtected);
}

TEST(Location, ThatCannotBeCheckedOrIsOutOfDateIsMasked) {
  const Mask unchecked = {MaskField::kAddresses, MaskField::kContacts, MaskField::kPractice};
  World world;
  const auto problem = world.Holds("ZT1", Section::kProblems);
  world.InHospital().NothingSaidOfLocation();
  EXPECT_EQ(world.Decide().Of(problem).mask, unchecked);
  EXPECT_EQ(world.Decide().location_as_of(), std::nullopt);
  world.LocationSaid(LocationProtection::kNone, "ZT1", days(30));
  EXPECT_EQ(world.Decide().Of(problem).mask, unchecked);
  EXPECT_EQ(world.Decide().location_as_of(), world.now - days(30));
  world.LocationSaid(LocationProtection::kNone, "ZT1", days(29));
  EXPECT_TRUE(Shows(world.Decide(), problem));
}

TEST(Standing, WhatIsNoLongerSoNeverShowsAsCurrent) {
  const std::vector<std::pair<Standing, Reason>> cases = {
      {Standing::kSuperseded, Reason::kSuperseded},
      {Standing::kWithdrawn, Reason::kWithdrawn},
      {Standing::kNoLongerSent, Reason::kNoLongerSent}};
  for (const Purpose purpose : {Purpose::kDirectCare, Purpose::kEmergency}) {
    for (const auto& [standing, reason] : cases) {
      World world;
      const auto plan = world.Holds("ZT1", Section::kEndOfLifeCare);
      world.classes[plan].standing = standing;
      world.InHospital().AskedFor(purpose, purpose == Purpose::kEmergency ? "LIFE" : "");
      EXPECT_TRUE(Withholds(world.Decide(), plan, reason));
    }
  }
}

TEST(Verification, WhatIsRefutedOrInErrorNeverShowsAsFact) {
  World world;
  const auto error = world.Holds("ZT1", Section::kAllergies);
  const auto refuted = world.Holds("ZT1", Section::kAllergies);
  const auto suspected = world.Holds("ZT1", Section::kAllergies);
  world.classes[error].verification = Verification::kEnteredInError;
  world.classes[refuted].verification = Verification::kRefuted;
  world.classes[suspected].verification = Verification::kSuspected;
  const Decision decision = world.InHospital().Decide();
  EXPECT_TRUE(Withholds(decision, error, Reason::kEnteredInError));
  EXPECT_TRUE(Withholds(decision, refuted, Reason::kRefuted));
  EXPECT_TRUE(Shows(decision, suspected));
}

TEST(Identity, ThatWasNeverTracedIsWithheldAsAwaiting) {
  World world;
  const auto held = world.Holds("Z99001", Section::kAllergies);
  world.Untraced("Z99001");
  EXPECT_TRUE(Withholds(world.InHospital().Decide(), held, Reason::kAwaitingIdentity));
  world.AskedFor(Purpose::kEmergency, "LIFE");
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kAwaitingIdentity));
  EXPECT_FALSE(world.Decide().ShowsUntraced(Ods("Z99001")));
}

TEST(Identity, ThatWasNeverTracedIsShownToItsOwnSourceAndToNobodyElse) {
  World world;
  const auto own = world.Holds("ZT1", Section::kAllergies);
  const auto others = world.Holds("Z99001", Section::kAllergies);
  world.Untraced("ZT1").Untraced("Z99001").InHospital();
  const Decision decision = world.Decide();
  EXPECT_TRUE(Shows(decision, own));
  EXPECT_TRUE(decision.ShowsUntraced(Ods("ZT1")));
  EXPECT_TRUE(decision.LineOf(Ods("ZT1"), Section::kDemographics).shows());
  EXPECT_TRUE(Withholds(decision, others, Reason::kAwaitingIdentity));
  EXPECT_FALSE(decision.ShowsUntraced(Ods("Z99001")));
  EXPECT_EQ(decision.LineOf(Ods("Z99001"), Section::kDemographics).reason,
            Reason::kAwaitingIdentity);
}

TEST(Identity, OfOneSourceThatWasNeverTracedWithholdsNothingOfAnother) {
  World world;
  const auto traced = world.Holds("Z99002", Section::kAllergies);
  world.sources = {Ods("Z99001"), Ods("Z99002")};
  world.Untraced("Z99001").InHospital();
  const Decision decision = world.Decide();
  EXPECT_TRUE(Shows(decision, traced));
  EXPECT_TRUE(decision.LineOf(Ods("Z99002"), Section::kAllergies).shows());
  EXPECT_FALSE(decision.LineOf(Ods("Z99001"), Section::kAllergies).shows());
}

// Its own rules bind what a source is shown of its own as everything else.
TEST(Identity, ThatWasNeverTracedIsShownToItsOwnSourceByAllOtherRules) {
  World world;
  const auto own = world.Holds("ZT1", Section::kAllergies);
  world.Untraced("ZT1");
  EXPECT_EQ(world.Decide().reason(), Reason::kNoRelationship);
  world.InHospital().Chose(ConsentKind::kRestriction).scope.sections = {Section::kAllergies};
  EXPECT_TRUE(Withholds(world.Decide(), own, Reason::kRestriction));
}

TEST(Identity, OfSomeoneMergedAwayOrInvalidatedIsWithheldFromEverybody) {
  World world;
  const auto own = world.Holds("ZT1", Section::kAllergies);
  world.facts.active = false;
  EXPECT_TRUE(Withholds(world.InHospital().Decide(), own, Reason::kAwaitingIdentity));
  world.AskedFor(Purpose::kEmergency, "LIFE");
  EXPECT_TRUE(Withholds(world.Decide(), own, Reason::kAwaitingIdentity));
}

// That a hidden source never traced the person would tell that it knew them.
TEST(Identity, ThatWasNeverTracedIsNotTattledOfAHiddenSource) {
  World knows;
  knows.Holds("Z99001", Section::kProblems);
  knows.sources = {Ods("Z99001")};
  knows.Untraced("Z99001").InHospital().Chose(ConsentKind::kHide).scope.sources = {Ods("Z99001")};
  World stranger;
  stranger.sources = {Ods("Z99001")};
  stranger.InHospital();
  const Decision hidden = knows.Decide();
  EXPECT_TRUE(hidden.untraced().empty());
  EXPECT_EQ(hidden.LineIfNothingHidden(Ods("Z99001"), Section::kDemographics).outcome,
            stranger.Decide().LineOf(Ods("Z99001"), Section::kDemographics).outcome);
}

TEST(Lines, AreDecidedLikeItems) {
  World world;
  world.sources = {Ods("Z99001"), Ods("ZS1")};
  world.InHospital().Chose(ConsentKind::kRestriction).scope.sections = {Section::kRisks};
  const Decision decision = world.Decide();
  EXPECT_TRUE(decision.LineOf(Ods("Z99001"), Section::kAllergies).shows());
  EXPECT_EQ(decision.LineOf(Ods("Z99001"), Section::kRisks).reason, Reason::kRestriction);
  EXPECT_EQ(decision.LineOf(Ods("ZS1"), Section::kRisks).reason, Reason::kNoAgreement);
  EXPECT_TRUE(decision.PermitsAsking(Ods("Z99001")));
  EXPECT_FALSE(decision.PermitsAsking(Ods("ZS1")));
}

TEST(Roles, SeeTheSectionsThatTheirPurposeGrants) {
  World world;
  const auto allergies = world.Holds("ZT1", Section::kAllergies);
  const auto appointments = world.Holds("ZT1", Section::kFutureAppointments);
  const Decision decision = world.InHospital().By("ZT1", {"R8009"}).Decide();
  EXPECT_TRUE(Withholds(decision, allergies, Reason::kNotForPurpose));
  EXPECT_TRUE(Shows(decision, appointments));
}

// Two records of ZT1 were joined: the protected one's word is older than the other's.
TEST(LocationProtection, OfEitherRecordHoldsWhileAMergeIsUnderReview) {
  World world;
  world.InHospital().NothingSaidOfLocation();
  world.LocationSaid(LocationProtection::kNational, "ZT1", days(2));
  world.LocationSaid(LocationProtection::kNone, "ZT1", hours(1));
  EXPECT_EQ(world.Decide().location(), LocationState::kClear);
  world.facts.under_merge_review = true;
  EXPECT_EQ(world.Decide().location(), LocationState::kProtected);
}

// The shipped policy, but that all of ZS1 is what a statute restricts.
Policy WithASourceUnderStatute() {
  std::vector<PolicyFile> files;
  for (const char* const name : {"10-organisations", "20-rules", "30-agreements"}) {
    const std::string path =
        MILECASTLE_SOURCE_DIR "/config/policies/" + std::string(name) + ".toml";
    files.push_back({name, base::ReadFile(path).value()});
  }
  const std::string_view labels = R"(labels = ["sexual_health"])";
  std::string& organisations = files.front().text;
  organisations.replace(organisations.find(labels), labels.size(), R"(labels = ["hfea"])");
  return Policy::Parse(files).policy.value();
}

TEST(Statute, OfASourceWholeLeavesALineOfAllergiesAndAlertsAlone) {
  const Decider decider(WithASourceUnderStatute());
  World world;
  const auto problem = world.InHospital().Holds("ZS1", Section::kProblems);
  const auto allergy = world.Holds("ZS1", Section::kAllergies);
  const auto elsewhere = world.Holds("ZS1", Section::kProblems);
  world.classes[elsewhere].kind = record::Kind::kAllergy;
  const Decision decision = world.DecideWith(decider);
  EXPECT_TRUE(Hides(decision, problem, Reason::kStatute));
  EXPECT_TRUE(Withholds(decision, allergy, Reason::kStatute));
  EXPECT_TRUE(Withholds(decision, elsewhere, Reason::kStatute));
  const auto outcome_of = [&](Section section) {
    return decision.LineOf(Ods("ZS1"), section).outcome;
  };
  EXPECT_EQ(outcome_of(Section::kAllergies), Outcome::kWithhold);
  EXPECT_EQ(outcome_of(Section::kAlerts), Outcome::kWithhold);
  EXPECT_EQ(outcome_of(Section::kProblems), Outcome::kHide);
}

TEST(Location, ProtectionWithholdsALetterWhereverItIsFiled) {
  World world;
  const auto letter = world.InHospital().Holds("Z99001", Section::kProblems);
  world.classes[letter].kind = record::Kind::kDocument;
  world.LocationSaid(record::LocationProtection::kLocal, "PDS", std::chrono::hours(3));
  EXPECT_TRUE(Withholds(world.Decide(), letter, Reason::kLocationProtected));
}

}  // namespace
}  // namespace milecastle::decide

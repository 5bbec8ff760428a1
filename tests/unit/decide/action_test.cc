// Who may explain, read the audit log, record consent and work the identity queues.
#include "decide/action.h"

#include <gmock/gmock.h>

#include <array>
#include <fstream>
#include <iterator>

#include "world.h"

namespace milecastle::decide {
namespace {

ActionVerdict Ask(std::string_view organisation, std::vector<std::string> roles, Action action,
                  const record::PatientFacts* facts = nullptr) {
  ActionRequest request;
  request.requester.organisation = OdsCode::Parse(organisation);
  request.requester.user = "user-1";
  request.requester.roles = std::move(roles);
  request.requester.assurance = 3;
  request.action = action;
  request.facts = facts;
  return DecideAction(ShippedDecider().policy(), request, Noon());
}

TEST(Actions, AreRefusedToWhomNoRuleNames) {
  EXPECT_EQ(Ask("ZT1", {"R8000"}, Action::kExplain).reason, Reason::kRoleNotGranted);
  EXPECT_EQ(Ask("ZT1", {}, Action::kAuditSearch).reason, Reason::kRoleNotGranted);
  EXPECT_EQ(Ask("ZX9", {"R0001"}, Action::kExplain).reason, Reason::kUnknownOrganisation);
  EXPECT_EQ(Ask("ZT1", {"R8015"}, Action::kOperations).reason, Reason::kRoleNotGranted);
}

TEST(Actions, EveryPermitNamesItsRule) {
  EXPECT_EQ(Ask("ZT1", {"R0001"}, Action::kExplain).rule, "duty_role.privacy-officer");
  EXPECT_EQ(Ask("ZI1", {"R8015"}, Action::kOperations).rule, "duty_role.operator");
}

TEST(AuditReading, ReachesTheOfficersOwnPeopleAndAccessesToTheirData) {
  const ActionVerdict officer = Ask("ZT1", {"R0001"}, Action::kAuditSearch);
  ASSERT_TRUE(officer.permitted());
  const std::array<OdsCode, 2> ours = {Ods("Z99001"), Ods("ZT1")};
  const std::array<OdsCode, 1> others = {Ods("Z99001")};
  EXPECT_TRUE(officer.Reaches(Ods("ZT1"), others));
  EXPECT_TRUE(officer.Reaches(Ods("ZT2"), ours));
  EXPECT_FALSE(officer.Reaches(Ods("ZT2"), others));
}

TEST(AuditReading, ReachesAllForTheSystemsOfficer) {
  const ActionVerdict officer = Ask("ZI1", {"R5105"}, Action::kAuditShow);
  EXPECT_EQ(officer.scope, Scope::kAll);
  EXPECT_TRUE(officer.Reaches(Ods("ZT2"), {}));
}

TEST(AuditReading, ReachesNothingWhereItIsRefused) {
  EXPECT_FALSE(Ask("ZT1", {"R8000"}, Action::kAuditSearch).Reaches(Ods("ZT1"), {}));
}

TEST(AuditReading, MasksSensitiveNamesWithoutACase) {
  ActionRequest request;
  request.requester.organisation = Ods("ZT1");
  request.requester.roles = {"R0001"};
  request.requester.assurance = 3;
  request.action = Action::kAuditShow;
  const Policy& policy = ShippedDecider().policy();
  EXPECT_TRUE(DecideAction(policy, request, Noon()).masks_sensitive_names);
  for (const char* none : {" ", "-", "x", "\xC2\xA0", "1."}) {
    request.case_reference = none;
    EXPECT_TRUE(DecideAction(policy, request, Noon()).masks_sensitive_names) << "it names no case";
  }
  request.case_reference = "CASE-1";
  EXPECT_FALSE(DecideAction(policy, request, Noon()).masks_sensitive_names);
}

TEST(AuditProofs, AreOpenToAnyCertifiedCaller) {
  EXPECT_TRUE(Ask("LOCALFRIENDS", {}, Action::kAuditProof).permitted());
  EXPECT_FALSE(Ask("ZX9", {}, Action::kAuditProof).permitted());
}

TEST(ConsentRecording, NeedsARelationshipWithThePerson) {
  World world;
  EXPECT_EQ(Ask("ZT1", {"R8000"}, Action::kConsentRecord).reason, Reason::kNoRelationship);
  EXPECT_EQ(Ask("ZT1", {"R8000"}, Action::kConsentRecord, &world.facts).reason,
            Reason::kNoRelationship);
  world.InHospital();
  EXPECT_TRUE(Ask("ZT1", {"R8000"}, Action::kConsentRecord, &world.facts).permitted());
  EXPECT_TRUE(Ask("ZI1", {"R0001"}, Action::kConsentRecord).permitted());
}

// Or a stranger could declare themselves and open a record, close it to an emergency, or make an
// allergy vanish from it.
TEST(ConsentRecording, OfWhatOpensOrShutsOutIsNotForOneWhoMerelyDeclaredARelationship) {
  World world;
  auto& declared = world.Evidence(EvidenceKind::kSelfDeclared, "ZT1");
  declared.user = "user-1";
  declared.period.from = world.now - std::chrono::hours(1);
  ActionRequest request;
  request.requester = world.request.requester;
  request.nhs_number = world.request.nhs_number;
  request.action = Action::kConsentRecord;
  request.facts = &world.facts;
  const auto reason = [&](ConsentKind kind) {
    Consent consent;
    consent.kind = kind;
    request.consent = &consent;
    return DecideAction(ShippedDecider().policy(), request, world.now).reason;
  };
  const std::vector<ConsentKind> grave = {ConsentKind::kExplicitConsent,
                                          ConsentKind::kEmergencyRefusal, ConsentKind::kSeal,
                                          ConsentKind::kSealAndLock, ConsentKind::kHide};
  for (const ConsentKind kind : grave) EXPECT_EQ(reason(kind), Reason::kNoRelationship);
  EXPECT_EQ(reason(ConsentKind::kObjection), Reason::kNone);
  EXPECT_EQ(reason(ConsentKind::kRestriction), Reason::kNone);
  world.InHospital();
  for (const ConsentKind kind : grave) EXPECT_EQ(reason(kind), Reason::kNone);
}

// Whoever may not see a record must not be able to declare themselves and lift the objection.
TEST(ConsentWithdrawal, OfWhatProtectsIsNotForOneWhoMerelyDeclaredARelationship) {
  World world;
  auto& declared = world.Evidence(EvidenceKind::kSelfDeclared, "ZT1");
  declared.user = "user-1";
  declared.period.from = world.now - std::chrono::hours(1);
  ActionRequest request;
  request.requester = world.request.requester;
  request.nhs_number = world.request.nhs_number;
  request.action = Action::kConsentWithdraw;
  request.facts = &world.facts;
  const auto reason = [&] {
    return DecideAction(ShippedDecider().policy(), request, world.now).reason;
  };
  for (const auto kind :
       {ConsentKind::kObjection, ConsentKind::kRestriction, ConsentKind::kEmergencyRefusal,
        ConsentKind::kSeal, ConsentKind::kSealAndLock, ConsentKind::kHide}) {
    Consent consent;
    consent.kind = kind;
    request.consent = &consent;
    EXPECT_EQ(reason(), Reason::kNoRelationship);
  }
  Consent given;
  given.kind = ConsentKind::kExplicitConsent;
  request.consent = &given;
  EXPECT_EQ(reason(), Reason::kNone) << "taking a consent back is as easy as giving it";
  request.consent = nullptr;
  EXPECT_EQ(reason(), Reason::kNoRelationship) << "an id that is none tells nothing";
  request.action = Action::kConsentList;
  EXPECT_EQ(reason(), Reason::kNone);
}

TEST(ConsentWithdrawal, NeedsARelationshipThatSomebodyElseVouchesFor) {
  World world;
  Consent objection;
  ActionRequest request;
  request.requester = world.request.requester;
  request.nhs_number = world.request.nhs_number;
  request.action = Action::kConsentWithdraw;
  request.facts = &world.facts;
  request.consent = &objection;
  const auto permitted = [&] {
    return DecideAction(ShippedDecider().policy(), request, world.now).permitted();
  };
  EXPECT_FALSE(permitted());
  request.requester.launch = record::AttestedLaunch{"9990000018", world.now};
  EXPECT_TRUE(permitted()) << "a certified system attests whose record is open";
  request.requester.launch.reset();
  world.InHospital();
  EXPECT_TRUE(permitted());
}

TEST(IdentityQueues, AreWorkedByTheirOfficers) {
  EXPECT_EQ(Ask("ZT1", {"LIDENTITY"}, Action::kIdentityLink).scope, Scope::kOwnOrganisation);
  EXPECT_EQ(Ask("ZI1", {"LIDENTITY"}, Action::kIdentityUnlink).scope, Scope::kAll);
  EXPECT_FALSE(Ask("ZT1", {"R8000"}, Action::kIdentityQueue).permitted());
  EXPECT_EQ(Ask("ZI1", {"LIDENTITY"}, Action::kIdentitySever).scope, Scope::kAll);
  EXPECT_FALSE(Ask("ZT1", {"LIDENTITY"}, Action::kIdentitySever).permitted());
}

// Whoever broke the glass must not be the one who says that it was right.
TEST(AccessReviews, AreClosedByAPrivacyOfficerWhoseOwnAccessItWasNot) {
  ActionRequest request;
  request.action = Action::kReviewClose;
  request.requester.organisation = Ods("ZT1");
  request.requester.roles = {"R0001"};
  request.requester.assurance = 3;
  const auto verdict = [&] { return DecideAction(ShippedDecider().policy(), request, Noon()); };
  request.done_by = DoneBy::kAnother;
  EXPECT_TRUE(verdict().permitted());
  EXPECT_EQ(verdict().scope, Scope::kOwnOrganisation);
  request.done_by = DoneBy::kRequester;
  EXPECT_EQ(verdict().reason, Reason::kOwnDoing);
  EXPECT_EQ(verdict().rule, "system.separation_of_duties");
  request.done_by = DoneBy::kUnknown;
  EXPECT_EQ(verdict().reason, Reason::kOwnDoing) << "where nobody knows whose it was";
  request.requester.organisation = Ods("ZI1");
  request.done_by = DoneBy::kAnother;
  EXPECT_EQ(verdict().scope, Scope::kAll);
  request.done_by = DoneBy::kRequester;
  EXPECT_EQ(verdict().reason, Reason::kOwnDoing) << "over the whole system neither";
  for (const char* role : {"LIDENTITY", "R8000", "R8015"}) {
    request.requester.roles = {role};
    request.done_by = DoneBy::kAnother;
    EXPECT_EQ(verdict().reason, Reason::kRoleNotGranted) << role;
  }
}

// Dual control: whom one officer took from everybody's sight, another looks at.
TEST(Severings, AreConfirmedOverTheWholeSystemByAnotherThanWhoSevered) {
  ActionRequest request;
  request.action = Action::kIdentityConfirm;
  request.requester.organisation = Ods("ZI1");
  request.requester.assurance = 3;
  const auto verdict = [&] { return DecideAction(ShippedDecider().policy(), request, Noon()); };
  for (const char* role : {"LIDENTITY", "R5105"}) {
    request.requester.roles = {role};
    request.done_by = DoneBy::kAnother;
    EXPECT_EQ(verdict().scope, Scope::kAll) << role;
    for (const DoneBy own : {DoneBy::kRequester, DoneBy::kUnknown}) {
      request.done_by = own;
      EXPECT_EQ(verdict().reason, Reason::kOwnDoing) << role;
    }
  }
  request.requester.organisation = Ods("ZT1");
  request.done_by = DoneBy::kAnother;
  EXPECT_FALSE(verdict().permitted());
}

// Of the shipped policy without some of its words.
std::string ProblemsWithout(std::string_view words, std::string_view instead = "") {
  std::vector<PolicyFile> files;
  for (const char* const name : {"10-organisations", "20-rules", "30-agreements"}) {
    std::ifstream file(std::string(MILECASTLE_SOURCE_DIR "/config/policies/") + name + ".toml");
    std::string text(std::istreambuf_iterator<char>(file), {});
    for (std::size_t at = 0; (at = text.find(words, at)) != std::string::npos;) {
      text.replace(at, words.size(), instead);
      at += instead.size();
    }
    files.push_back({name, text});
  }
  std::string problems;
  for (const base::Error& problem : Policy::Parse(files).problems) {
    problems += base::Describe(problem) + "\n";
  }
  return problems;
}

TEST(Closing, IsPossibleForEveryItemOrThePolicyIsRefused) {
  using testing::HasSubstr;
  EXPECT_EQ(ProblemsWithout("no such words"), "");
  EXPECT_THAT(ProblemsWithout("use = \"close_waiting\"", "use = \"close_identity\""),
              HasSubstr("use = \"close_waiting\""));
  EXPECT_THAT(ProblemsWithout("use = \"close_match\"", "use = \"close_identity\""),
              HasSubstr("use = \"close_match\""));
  EXPECT_THAT(ProblemsWithout("use = \"close_identity\"", "use = \"close_waiting\""),
              HasSubstr("use = \"close_identity\""));
  EXPECT_THAT(ProblemsWithout("undoes_severing = true"), HasSubstr("undoes_severing = true"));
  EXPECT_THAT(ProblemsWithout("code = \"confirmed\"", "code = \"no\"\nundoes_severing = true"),
              HasSubstr("undoes_severing = false"));
  EXPECT_THAT(ProblemsWithout("\"identity.show\", \"review.close\",", "\"identity.show\","),
              HasSubstr("may review.close, with scope = \"all\""));
  EXPECT_THAT(ProblemsWithout("\"identity.confirm\"", "\"identity.show\""),
              HasSubstr("may identity.confirm, with scope = \"all\""));
  EXPECT_THAT(ProblemsWithout("\"identity.link\", \"identity.unlink\", \"identity.sever\"",
                              "\"identity.sever\""),
              HasSubstr("may identity.link, with scope = \"all\""));
}

TEST(AccessReviews, HaveCodesForHowTheyCameOutOrThePolicyIsRefused) {
  const Policy& shipped = ShippedDecider().policy();
  EXPECT_EQ(shipped.CodesOf(ReasonUse::kCloseReview),
            (std::vector<std::string>{"justified", "not_justified", "escalated"}));
  const std::string_view role =
      "layer = \"system\"\n[role_groups.officer]\nroles = [\"R0001\"]\n[[duty_roles]]\nid = \"o\"\n"
      "role_groups = [\"officer\"]\nscope = \"own\"\nmay = [\"review.close\", "
      "\"identity.sever\"]\n";
  const std::vector<PolicyFile> files = {{"system.toml", std::string(role)}};
  std::string problems;
  for (const base::Error& problem : Policy::Parse(files).problems) {
    problems += base::Describe(problem);
  }
  EXPECT_NE(problems.find("use = \"close_review\""), std::string::npos);
  EXPECT_NE(problems.find("use = \"close_notice\""), std::string::npos);
  EXPECT_NE(problems.find("use = \"close_severing\""), std::string::npos);
  EXPECT_NE(problems.find("may identity.confirm"), std::string::npos);
}

}  // namespace
}  // namespace milecastle::decide

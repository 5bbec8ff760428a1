// Policy files: read whole or refused whole, with file, line and what to write instead.
#include "decide/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/config.h"
#include "base/crypto.h"
#include "kit/folder.h"
#include "world.h"

namespace milecastle::decide {
namespace {

constexpr std::string_view kSmall = R"(layer = "system"
[places.here]
name = "Here"
[[organisations]]
code = "ZT1"
name = "One"
kind = "acute"
place = "here"
[[organisations]]
code = "ZT2"
name = "Two"
kind = "acute"
place = "here"
[role_groups.clinician]
roles = ["R8000"]
[evidence.open_encounter]
sections = ["*"]
[purposes.direct-care]
evidence = ["open_encounter"]
[[purposes.direct-care.grants]]
role_groups = ["clinician"]
sections = ["*"]
[location_protection]
fresh = "30d"
unchecked = ["addresses", "contacts", "practice"]
[review]
within = "72h"
)";

Policy::Loaded Parse(std::string_view more, std::string_view lower = "") {
  std::vector<PolicyFile> files = {{"system.toml", std::string(kSmall) + std::string(more)}};
  if (!lower.empty()) files.push_back({"lower.toml", std::string(lower)});
  return Policy::Parse(files);
}

std::string ProblemsOf(const Policy::Loaded& loaded) {
  std::string all;
  for (const base::Error& problem : loaded.problems) {
    EXPECT_EQ(problem.id, base::ErrorId::kPolicyInvalid);
    all += base::Describe(problem) + "\n";
  }
  EXPECT_EQ(loaded.policy.has_value(), all.empty());
  return all;
}

testing::AssertionResult Refuses(std::string_view more, std::string_view advice) {
  const std::string problems = ProblemsOf(Parse(more));
  if (problems.find(advice) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "problems: " << problems;
}

TEST(Policy, TheShippedOneIsRightAndVersioned) {
  const Policy policy = ShippedPolicy();
  EXPECT_EQ(policy.version().size(), 64U);
  EXPECT_EQ(policy.system().places.size(), 2U);
  EXPECT_EQ(policy.system().neighbourhoods.size(), 4U);
  EXPECT_GE(policy.system().organisations.size(), 17U);
}

TEST(Policy, EveryLabelOfTheShippedCodeSetsHasARule) {
  const Policy policy = ShippedPolicy();
  const auto trial = base::ReadFile(MILECASTLE_SOURCE_DIR "/config/code-sets/trial.csv");
  ASSERT_TRUE(trial);
  std::istringstream lines(*trial);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  EXPECT_EQ(line, "system,code,label");
  while (std::getline(lines, line)) {
    const std::string label = line.substr(line.rfind(',') + 1);
    if (label.starts_with("headline:")) continue;  // no label: no decision looks at it
    EXPECT_NE(policy.FindLabel(label), nullptr) << line;
  }
}

TEST(Policy, ItsVersionIsTheDigestThatAnOperatorCanCompute) {
  const Policy one = std::move(*Parse("").policy);
  EXPECT_EQ(one.version(), base::ToHex(base::AsBytes(base::Sha256(kSmall))));
  const Policy other = std::move(*Parse("# changed\n").policy);
  EXPECT_NE(one.version(), other.version());
}

TEST(Policy, ItsVersionDoesNotDependOnTheOrderOfFiles) {
  const PolicyFile system = {"a.toml", std::string(kSmall)};
  const PolicyFile more = {"b.toml", "layer = \"system\"\n"};
  const std::vector<PolicyFile> forth = {system, more};
  const std::vector<PolicyFile> back = {more, system};
  EXPECT_EQ(Policy::Parse(forth).policy->version(), Policy::Parse(back).policy->version());
}

TEST(Policy, LoadsFilesAndFolders) {
  const kit::TemporaryFolder folder;
  folder.Write("system.toml", kSmall);
  folder.Write("notes.txt", "not a policy");
  const std::vector<std::filesystem::path> paths = {folder.path()};
  EXPECT_TRUE(Policy::Load(paths).policy);
  const std::vector<std::filesystem::path> missing = {folder.path() / "absent.toml"};
  const auto loaded = Policy::Load(missing);
  EXPECT_FALSE(loaded.policy);
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].id, base::ErrorId::kConfigUnreadable);
}

TEST(Policy, AFolderWithoutPolicyFilesIsRefusedByItsName) {
  const kit::TemporaryFolder folder;
  folder.Write("notes.txt", "not a policy");
  const std::vector<std::filesystem::path> paths = {folder.path()};
  const auto loaded = Policy::Load(paths);
  EXPECT_FALSE(loaded.policy);
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].place, folder.path().string());
}

TEST(Policy, NoFileAtAllIsNoPolicy) {
  EXPECT_FALSE(Policy::Parse({}).policy);
  EXPECT_FALSE(Policy::Parse({}).problems.empty());
}

TEST(Policy, TellsEveryProblemAtOnceWithFileAndLine) {
  const std::string problems = ProblemsOf(Parse(R"(surprise = 1
[evidence.hunch]
sections = ["*"]
[labels.x]
role_groups = ["nobody"]
purposes = ["fishing"]
)"));
  EXPECT_NE(problems.find("system.toml:28: `surprise` is not a setting here"), std::string::npos)
      << problems;
  EXPECT_NE(problems.find("`hunch`: is not a kind of evidence"), std::string::npos);
  EXPECT_NE(problems.find("`nobody` is not a role group"), std::string::npos);
  EXPECT_NE(problems.find("`fishing` is not a purpose"), std::string::npos);
  EXPECT_NE(problems.find("system.toml:"), std::string::npos);
}

TEST(Policy, RefusesWhatIsNotToml) {
  EXPECT_NE(ProblemsOf(Parse("[[")).find("system.toml:"), std::string::npos);
}

TEST(Policy, RefusesAGroupThatNamesNobody) {
  EXPECT_TRUE(Refuses("[role_groups.empty]\nroles = []\n", "names nobody"));
  EXPECT_TRUE(Refuses("[groups.empty]\norganisations = []\n", "names nobody"));
  EXPECT_TRUE(Refuses("[rights]\nopen_seal = []\n", "names nobody"));
}

TEST(Policy, RefusesToLetAnObjectionDenyEmergencyOrSafeguarding) {
  for (const char* const purpose : {"emergency", "safeguarding"}) {
    EXPECT_TRUE(Refuses("[purposes." + std::string(purpose) +
                            "]\nneeds_agreement = false\nobjections_bind = true\n"
                            "[[purposes." +
                            purpose +
                            ".grants]]\nrole_groups = [\"clinician\"]\nsections = [\"*\"]\n",
                        "no objection denies emergency or safeguarding access"));
  }
}

TEST(Policy, RefusesCareWithoutARelationshipOrAgreement) {
  const std::string grants =
      "[[purposes.referral.grants]]\nrole_groups = [\"clinician\"]\nsections = [\"*\"]\n";
  EXPECT_TRUE(Refuses("[purposes.referral]\n" + grants, "need no relationship"));
  EXPECT_TRUE(
      Refuses("[purposes.referral]\nevidence = [\"open_encounter\"]\n"
              "needs_agreement = false\n" +
                  grants,
              "granted without an agreement"));
}

TEST(Policy, RefusesAStatutoryPurposeWithoutItsStatute) {
  EXPECT_TRUE(
      Refuses("[purposes.police]\nevidence = [\"open_encounter\"]\n"
              "[[purposes.police.grants]]\nrole_groups = [\"clinician\"]\n"
              "sections = [\"demographics\"]\n",
              "names its statute"));
}

TEST(Policy, RefusesEmergencyWithoutCodedReasonsAndARight) {
  EXPECT_TRUE(
      Refuses("[purposes.emergency]\nneeds_agreement = false\n"
              "[[purposes.emergency.grants]]\nrole_groups = [\"clinician\"]\n"
              "sections = [\"*\"]\n",
              "emergency access needs a list of coded reasons and a role right"));
}

TEST(Policy, RefusesSafeguardingThatASealCouldDeny) {
  EXPECT_TRUE(
      Refuses("[purposes.safeguarding]\nneeds_agreement = false\nobjections_bind = false\n"
              "[[purposes.safeguarding.grants]]\nrole_groups = [\"clinician\"]\n"
              "sections = [\"*\"]\n",
              "opens what is sealed on a coded reason"));
}

TEST(Policy, RefusesToShowUntracedIdentitiesOutsideAnEmergency) {
  std::string text(kSmall);
  const std::string_view care = "[purposes.direct-care]\n";
  text.insert(text.find(care) + care.size(), "shows_untraced = true\n");
  const std::vector<PolicyFile> files = {{"system.toml", text}};
  EXPECT_NE(ProblemsOf(Policy::Parse(files)).find("only emergency access may be shown"),
            std::string::npos);
}

TEST(Policy, RefusesAuditAsAPurposeOfViews) {
  EXPECT_TRUE(
      Refuses("[purposes.audit]\nevidence = [\"open_encounter\"]\n"
              "[[purposes.audit.grants]]\nrole_groups = [\"clinician\"]\nsections = [\"*\"]\n",
              "read by [[duty_roles]]"));
}

TEST(Policy, RefusesResearchOverAnObjectionOrWithoutAnAgreementAndItsApproval) {
  const std::string research =
      "[[purposes.research.grants]]\nrole_groups = [\"clinician\"]\nsections = [\"problems\"]\n"
      "[purposes.research]\nstatute = \"s251\"\n";
  EXPECT_TRUE(Refuses(research + "needs_case_reference = true\nobjections_bind = false\n",
                      "an objection always denies planning and research"));
  EXPECT_TRUE(Refuses(research + "needs_case_reference = true\nneeds_agreement = false\n",
                      "need an agreement"));
  EXPECT_TRUE(Refuses(research, "need an agreement"));
}

// What the shipped rules show in a comment is what an operator will uncomment.
TEST(Policy, TakesTheEntriesThatItsCommentsShowForResearchAndPlanning) {
  const std::string path = MILECASTLE_SOURCE_DIR "/config/policies/20-rules.toml";
  std::istringstream lines(*base::ReadFile(path));
  std::string line;
  std::string shown = "layer = \"system\"\n[role_groups.researcher]\nroles = [\"LRESEARCH\"]\n";
  while (std::getline(lines, line) && line != "#   [purposes.research]") continue;
  for (; line.starts_with('#'); std::getline(lines, line)) {
    if (line.size() > 4) shown += line.substr(4) + "\n";
  }
  const kit::TemporaryFolder folder;
  folder.Write("shown.toml", shown);
  const std::vector<std::filesystem::path> paths = {MILECASTLE_SOURCE_DIR "/config/policies",
                                                    folder.path() / "shown.toml"};
  const Policy::Loaded loaded = Policy::Load(paths);
  EXPECT_EQ(ProblemsOf(loaded), "");
  ASSERT_TRUE(loaded.policy);
  EXPECT_TRUE(loaded.policy->system().purposes.contains(Purpose::kResearch));
  EXPECT_TRUE(loaded.policy->system().purposes.contains(Purpose::kPlanning));
}

TEST(Policy, EveryPurposeOfViewsIsGrantedToSomebodyButThoseThatItsCommentsName) {
  const Policy policy = ShippedPolicy();
  for (int each = 1; each <= static_cast<int>(Purpose::kSafetyInvestigation); ++each) {
    const auto purpose = static_cast<Purpose>(each);
    const bool not_for_care = purpose == Purpose::kAudit || purpose == Purpose::kPlanning ||
                              purpose == Purpose::kResearch;
    EXPECT_EQ(policy.system().purposes.contains(purpose), !not_for_care) << record::KeyOf(purpose);
  }
}

TEST(Policy, RefusesToUnmaskThePlaceOfSomeoneUnchecked) {
  std::string text(kSmall);
  text.replace(text.find("\"addresses\", "), 13, "");
  const std::vector<PolicyFile> files = {{"system.toml", text}};
  EXPECT_NE(ProblemsOf(Policy::Parse(files)).find("addresses, contacts and practice are masked"),
            std::string::npos);
}

TEST(Policy, RefusesToTellReadersWhatIsHidden) {
  EXPECT_TRUE(Refuses("[readers]\nreasons = [\"sealed_and_locked\"]\n", "would betray"));
}

TEST(Policy, RefusesToOpenWhatTheLawRestricts) {
  EXPECT_TRUE(
      Refuses("[labels.hfea]\nstatute = \"s33A\"\nrole_groups = [\"clinician\"]\n"
              "purposes = [\"direct-care\"]\n",
              "open to nobody"));
}

constexpr std::string_view kAgreement = R"toml([[agreements]]
id = "A1"
title = "One to two"
sources = ["ZT1"]
consumers = ["ZT2"]
purposes = ["direct-care"]
sections = ["*"]
gdpr_basis = "6(1)(e)"
special_category_basis = "9(2)(h)"
confidentiality_basis = "implied"
statute = "s251B"
from = "2026-01-01"
review_by = "2026-06-01"
)toml";

TEST(Agreements, DoNotEndByALapsedDateButWarn) {
  const Policy policy = std::move(*Parse(kAgreement).policy);
  ASSERT_EQ(policy.Warnings(Noon()).size(), 1U);
  EXPECT_NE(policy.Warnings(Noon())[0].find("agreement.A1"), std::string::npos);
  World world;
  const auto held = world.Holds("ZT1", Section::kProblems);
  world.InHospital("ZT2").By("ZT2", {"R8000"});
  EXPECT_TRUE(world.DecideWith(Decider(policy)).Of(held).shows());
}

TEST(Agreements, ThatThereIsNoneInForceIsAWarning) {
  const std::string ended =
      std::string(kAgreement) + "ended = \"2026-11-01\"\nended_by = \"the board\"\n";
  for (const std::string& files : {std::string(), ended}) {
    const Policy policy = std::move(*Parse(files).policy);
    ASSERT_EQ(policy.Warnings(Noon()).size(), 1U);
    EXPECT_NE(policy.Warnings(Noon())[0].find("[[agreements]]"), std::string::npos);
  }
}

TEST(Agreements, EndByADecisionThatNamesWhoMadeIt) {
  EXPECT_TRUE(Refuses(std::string(kAgreement) + "ended = \"2026-11-01\"\n", "ends by a decision"));
  EXPECT_TRUE(
      Refuses(std::string(kAgreement) + "ended_by = \"the board\"\n", "ends by a decision"));
}

TEST(Agreements, HoldFromTheirFirstDayToTheirEndOnOneDecider) {
  const Decider decider(std::move(
      *Parse(std::string(kAgreement) + "ended = \"2026-11-22\"\nended_by = \"the board\"\n")
           .policy));
  World world;
  const auto held = world.Holds("ZT1", Section::kProblems);
  world.InHospital("ZT2").By("ZT2", {"R8000"}).facts.evidence[0].period.from = base::Instant();
  const base::Instant first = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
  const base::Instant end = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
  const auto shows_at = [&](base::Instant at) {
    world.now = at;
    return world.DecideWith(decider).Of(held).shows();
  };
  EXPECT_FALSE(shows_at(first - std::chrono::microseconds(1)));
  EXPECT_TRUE(shows_at(first));
  EXPECT_TRUE(shows_at(end - std::chrono::microseconds(1)));
  EXPECT_FALSE(shows_at(end));
  EXPECT_TRUE(shows_at(first));
}

TEST(LowerLayers, CanOnlyWithhold) {
  const auto loaded = Parse("", R"(layer = "place"
at = "here"
[[agreements]]
consumers = ["ZT2"]
sources = ["ZT1"]
sections = ["risks"]
purposes = ["direct-care"]
)");
  const std::string problems = ProblemsOf(loaded);
  EXPECT_NE(problems.find("lower.toml:3"), std::string::npos) << problems;
  EXPECT_NE(problems.find("ZT2 would see risks of ZT1 for direct-care, which the system layer does "
                          "not grant"),
            std::string::npos)
      << problems;
}

TEST(LowerLayers, CannotShowUntracedIdentitiesInAnEmergency) {
  for (const char* const more :
       {"[purposes.emergency]\nshows_untraced = true\n", "shows_untraced = true\n",
        "[[withhold]]\nid = \"x\"\npurposes = [\"direct-care\"]\n"
        "shows_untraced = true\n"}) {
    EXPECT_NE(ProblemsOf(Parse("", "layer = \"place\"\nat = \"here\"\n" + std::string(more))), "");
  }
}

TEST(LowerLayers, CannotDenyEmergencyOrSafeguarding) {
  EXPECT_NE(ProblemsOf(Parse("", R"(layer = "place"
at = "here"
[[withhold]]
id = "x"
purposes = ["emergency"]
)"))
                .find("no lower layer denies emergency or safeguarding"),
            std::string::npos);
  EXPECT_NE(ProblemsOf(Parse("", "layer = \"place\"\nat = \"nowhere\"\n")).find("no such layer"),
            std::string::npos);
  EXPECT_NE(ProblemsOf(Parse("", "layer = \"place\"\nat = \"here\"\n[[withhold]]\nid = \"x\"\n"))
                .find("names nothing to withhold"),
            std::string::npos);
}

std::vector<PolicyFile> ShippedFiles() {
  std::vector<PolicyFile> files;
  for (const char* const name : {"10-organisations", "20-rules", "30-agreements"}) {
    const std::string path =
        std::string(MILECASTLE_SOURCE_DIR) + "/config/policies/" + name + ".toml";
    files.push_back({path, *base::ReadFile(path)});
  }
  return files;
}

// The operator's choice: in an emergency what nobody traced is better than nothing.
TEST(Policy, MayShowUntracedIdentitiesInAnEmergencyAndToNoOtherPurpose) {
  std::vector<PolicyFile> files = ShippedFiles();
  std::string& rules = files[1].text;
  const std::string_view withhold = "\nshows_untraced = false\n";
  ASSERT_NE(rules.find(withhold), std::string::npos);
  rules.replace(rules.find(withhold), withhold.size(), "\nshows_untraced = true\n");
  Policy::Loaded loaded = Policy::Parse(files);
  ASSERT_TRUE(loaded.policy);
  const Decider decider(*std::move(loaded.policy));
  World world;
  const auto held = world.Holds("Z99001", Section::kAllergies);
  world.Untraced("Z99001").InHospital();
  EXPECT_TRUE(Withholds(world.DecideWith(decider), held, Reason::kAwaitingIdentity));
  EXPECT_FALSE(world.DecideWith(decider).ShowsUntraced(Ods("Z99001")));
  world.AskedFor(Purpose::kEmergency, "LIFE");
  const Decision decision = world.DecideWith(decider);
  EXPECT_TRUE(Shows(decision, held));
  EXPECT_TRUE(decision.ShowsUntraced(Ods("Z99001")));
  EXPECT_TRUE(decision.LineOf(Ods("Z99001"), Section::kDemographics).shows());
  EXPECT_THAT(Explain(decision), testing::Contains(testing::HasSubstr("shows it in an emergency")));
  EXPECT_TRUE(Withholds(world.Decide(), held, Reason::kAwaitingIdentity)) << "as shipped";
}

// safety.md 4: whatever a policy hides from the person, or forgets to.
TEST(Policy, CannotLetANoticeOfWhatHarmsGoOutUnreviewed) {
  std::vector<PolicyFile> files = ShippedFiles();
  std::string& rules = files[1].text;
  const std::string_view hidden = "\nhidden_from_person = true";
  for (auto at = rules.find(hidden); at != std::string::npos; at = rules.find(hidden)) {
    rules.erase(at, hidden.size());
  }
  Policy::Loaded loaded = Policy::Parse(files);
  ASSERT_TRUE(loaded.policy);
  const Decider decider(*std::move(loaded.policy));
  for (const std::string label :
       {"domestic_abuse", "third_party", "serious_harm", "safeguarding"}) {
    World world;
    world.Holds("Z99001", Section::kSocialContext, {label});
    const Decision decision = world.AskedFor(Purpose::kEmergency, "LIFE").DecideWith(decider);
    ASSERT_EQ(decision.duties().size(), 3U);
    EXPECT_EQ(decision.duties()[2].held_for, std::vector<std::string>{label});
  }
}

class LowerRule : public testing::Test {
 protected:
  Decision Decide(std::string_view lower, Purpose purpose = Purpose::kDirectCare) {
    world_.AskedFor(purpose, purpose == Purpose::kEmergency ? "LIFE" : "");
    std::vector<PolicyFile> files = ShippedFiles();
    files.push_back({"lower.toml", std::string(lower)});
    Policy::Loaded loaded = Policy::Parse(files);
    for (const auto& problem : loaded.problems) ADD_FAILURE() << base::Describe(problem);
    return world_.DecideWith(Decider(*std::move(loaded.policy)));
  }
  World world_;
};

TEST_F(LowerRule, OfTheSourcesNeighbourhoodOrTheConsumersPlaceApplies) {
  const auto held = world_.Holds("Z99001", Section::kSocialContext);
  world_.InHospital();
  for (const char* const at :
       {"layer = \"neighbourhood\"\nat = \"quayside\"\n", "layer = \"place\"\nat = \"tyneside\"\n",
        "layer = \"organisation\"\nat = \"Z99001\"\n",
        "layer = \"organisation\"\nat = \"ZT1\"\n"}) {
    const Decision decision =
        Decide(std::string(at) + "[[withhold]]\nid = \"quiet\"\nsections = [\"social_context\"]\n");
    EXPECT_TRUE(Withholds(decision, held, Reason::kLocalRule)) << at;
  }
  EXPECT_TRUE(Shows(Decide("layer = \"place\"\nat = \"moorland\"\n[[withhold]]\nid = \"quiet\"\n"
                           "sections = [\"social_context\"]\n"),
                    held));
}

TEST_F(LowerRule, NeverDeniesEmergency) {
  const auto held = world_.Holds("Z99001", Section::kSocialContext);
  EXPECT_TRUE(Shows(Decide("layer = \"place\"\nat = \"tyneside\"\n[[withhold]]\nid = \"quiet\"\n"
                           "sections = [\"social_context\"]\n",
                           Purpose::kEmergency),
                    held));
}

TEST_F(LowerRule, YieldsToTheAssuranceOrConsentThatItRequires) {
  const auto held = world_.Holds("Z99001", Section::kSocialContext);
  world_.InHospital();
  const std::string rule =
      "layer = \"place\"\nat = \"tyneside\"\n[[withhold]]\nid = \"quiet\"\n"
      "sections = [\"social_context\"]\n";
  EXPECT_TRUE(Shows(Decide(rule + "unless_assurance = 3\n"), held));
  world_.request.requester.assurance = 2;
  EXPECT_FALSE(Shows(Decide(rule + "unless_assurance = 3\n"), held));
  EXPECT_FALSE(Shows(Decide(rule + "unless_explicit_consent = true\n"), held));
  world_.Chose(ConsentKind::kExplicitConsent).scope.sections = {Section::kSocialContext};
  EXPECT_TRUE(Shows(Decide(rule + "unless_explicit_consent = true\n"), held));
  EXPECT_FALSE(
      Shows(Decide(rule + "unless_explicit_consent = true\nunless_assurance = 3\n"), held));
}

}  // namespace
}  // namespace milecastle::decide

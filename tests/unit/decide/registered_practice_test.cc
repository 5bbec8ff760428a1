// Whose registered practice an organisation is opens the whole record to it: so it counts where the
// configuration says that it is one, on the word of who reads the register.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "decide/relationship.h"
#include "world.h"

namespace milecastle::decide {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(RegisteredPractice, IsWhatTheConfigurationSaysIsOne) {
  World world;
  EXPECT_EQ(world.Registered("ZT1", "ZT2").Decide().reason(), Reason::kNoRelationship);
  World by_itself;
  EXPECT_FALSE(by_itself.Registered("ZT1", "ZT1").Decide().permitted())
      << "a hospital is nobody's practice, on no word";
  World charity;
  EXPECT_FALSE(
      charity.Registered("LOCALFRIENDS", "ZT1").By("LOCALFRIENDS", {"R8000"}).Decide().permitted());
}

TEST(RegisteredPractice, CountsOnTheWordOfWhoMaySaySoAlone) {
  const auto permits = [](std::string_view said_by) {
    World world;
    return world.Registered("Z99002", said_by).By("Z99002", {"R8000"}).Decide().permitted();
  };
  for (const auto* const may_say : {"Z99002", "Z99001", "ZT1", "ZC1", "ZA1", "ZO1"}) {
    EXPECT_TRUE(permits(may_say)) << may_say;
  }
  for (const auto* const may_not : {"LOCALFRIENDS", "LOCALHAVEN", "ZL1", "ZI1", "NOBODY", ""}) {
    EXPECT_FALSE(permits(may_not)) << may_not;
  }
}

TEST(RegisteredPractice, ThatACharityNamesOpensNothingToWhoActsForIt) {
  World world;
  EXPECT_FALSE(
      world.Registered("Z99001", "LOCALFRIENDS").By("ZF1", {"R8000"}).Decide().permitted());
  EXPECT_TRUE(world.Registered("Z99001", "ZT1").Decide().permitted())
      << "another source may say the same";
}

// The shipped policy, with these lines in the place of who may say so.
Policy::Loaded With(const std::string& lines, std::string_view in = "registered_practice") {
  std::vector<PolicyFile> files;
  for (const auto* const name : {"10-organisations", "20-rules", "30-agreements"}) {
    std::ifstream file(std::string(MILECASTLE_SOURCE_DIR "/config/policies/") + name + ".toml");
    std::stringstream text;
    text << file.rdbuf();
    files.push_back({name, text.str()});
  }
  std::string& rules = files[1].text;
  const auto from = rules.find("\nnamed_kinds = [") + 1;
  rules.erase(from, rules.find("[evidence.open_encounter]") - from);
  const std::string table = "[evidence." + std::string(in) + "]\n";
  rules.insert(rules.find(table) + table.size(), lines);
  return Policy::Parse(files);
}
const EvidenceRule& RuleIn(const Policy::Loaded& loaded) {
  return loaded.policy->system().evidence.at(EvidenceKind::kRegisteredPractice);
}
std::string ProblemsOf(const Policy::Loaded& loaded) {
  std::string all;
  for (const base::Error& problem : loaded.problems) all += base::Describe(problem) + "\n";
  return all;
}

TEST(RegisteredPractice, APolicyThatDoesNotSayTakesTheWordOfHealthBodiesAlone) {
  const auto silent = With("");
  ASSERT_TRUE(silent.policy) << ProblemsOf(silent);
  EXPECT_THAT(RuleIn(silent).named_kinds, ElementsAre("primary"));
  EXPECT_THAT(RuleIn(silent).said_by_kinds, Contains("acute"));
  for (const auto* const kind : {"third_sector", "social_care", "care_home", "host"}) {
    EXPECT_THAT(RuleIn(silent).said_by_kinds, Not(Contains(kind)));
  }
  const auto own = With("said_by_kinds = []\n");
  ASSERT_TRUE(own.policy) << ProblemsOf(own);
  EXPECT_THAT(RuleIn(own).said_by_kinds, IsEmpty());
}

TEST(RegisteredPractice, NoPolicyLetsACharityACouncilOrACareHomeSayWhoseItIs) {
  for (const std::string kind : {"third_sector", "social_care", "care_home"}) {
    EXPECT_THAT(ProblemsOf(With("said_by_kinds = [\"acute\", \"" + kind + "\"]\n")),
                HasSubstr("no word of third_sector"))
        << kind;
  }
  EXPECT_THAT(ProblemsOf(With("said_by_kinds = [\"vets\"]\n")),
              HasSubstr("a kind of organisation"));
  EXPECT_THAT(ProblemsOf(With("named_kinds = []\n")), HasSubstr("named_kinds"));
  EXPECT_THAT(ProblemsOf(With("named_kinds = [\"primary\"]\n", "caseload")),
              HasSubstr("registered_practice alone"));
}

}  // namespace
}  // namespace milecastle::decide

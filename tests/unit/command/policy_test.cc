#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "console.h"
#include "kit/folder.h"

namespace milecastle::command {
namespace {

using testing::HasSubstr;

constexpr const char* kWorked = MILECASTLE_SOURCE_DIR "/config/policies";

TEST(PolicyCheck, TheWorkedPolicyIsRight) {
  const Ran ran = RunLine({"policy", "check", kWorked});
  EXPECT_EQ(ran.exit, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("The policy is right. Version "));
}

TEST(PolicyCheck, EveryProblemIsPrintedWithFileAndLine) {
  const kit::TemporaryFolder folder;
  const std::string file = folder.Write("wrong.toml", "nonsense = 1\nmore_of_it = 2\n").string();
  const Ran ran = RunLine({"policy", "check", kWorked, file});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("wrong.toml:1: "));
  EXPECT_THAT(ran.out, HasSubstr("wrong.toml:2: "));
  EXPECT_THAT(ran.out, HasSubstr("a gateway would refuse this policy"));
}

TEST(PolicyCheck, JsonListsTheSameProblems) {
  const kit::TemporaryFolder folder;
  const std::string file = folder.Write("wrong.toml", "nonsense = 1\n").string();
  const Ran ran = RunLine({"policy", "check", "--json", kWorked, file});
  EXPECT_EQ(ran.exit, 1);
  const auto line = boost::json::parse(ran.out);
  EXPECT_EQ(line.at("valid"), false);
  EXPECT_TRUE(line.at("problems").at(0).at("place").as_string().ends_with("wrong.toml:1"));
  EXPECT_FALSE(line.at("problems").at(0).at("advice").as_string().empty());
}

TEST(PolicyCheck, AFileThatIsNotThereIsMisuse) {
  EXPECT_EQ(RunLine({"policy", "check", "/nowhere.toml"}).exit, 2);
}

constexpr const char* kLabelRules = MILECASTLE_SOURCE_DIR "/config/label-rules";

TEST(PolicyLabels, TheShippedRulesAndTheirCasesHold) {
  const Ran ran = RunLine({"policy", "labels", kLabelRules});
  EXPECT_EQ(ran.exit, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("The label rules are right"));
}

TEST(PolicyLabels, ACaseThatDoesNotHoldIsPrintedWithFileAndLine) {
  const kit::TemporaryFolder folder;
  const std::string file =
      folder.Write("more.toml", "[[case]]\ntext = \"Seen in GUM\"\nlabels = []\n").string();
  const Ran ran = RunLine({"policy", "labels", kLabelRules, file});
  EXPECT_EQ(ran.exit, 1);
  EXPECT_THAT(ran.out, HasSubstr("more.toml:2: the rules give this text sexual_health"));
}

TEST(PolicyLabels, ATextIsTriedLineByLineAndNotRepeated) {
  const kit::TemporaryFolder folder;
  const std::string text = folder.Write("lines", "Hadrian was seen in GUM\nchewing gum\n").string();
  const Ran ran = RunLine({"policy", "labels", kLabelRules, "--text", text});
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(ran.out, "line 1: sexual_health (sexual-health-services)\nline 2: no label\n");
}

}  // namespace
}  // namespace milecastle::command

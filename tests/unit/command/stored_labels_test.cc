#include <gtest/gtest.h>

#include "console.h"

namespace milecastle::command {
namespace {

std::string AnyFile() { return MILECASTLE_SOURCE_DIR "/README.md"; }

Parts PartsThatTell(TriedLabels tried) {
  Parts parts;
  parts.try_labels = [tried = std::move(tried)](const std::filesystem::path&) { return tried; };
  return parts;
}

LabelTrial Trial() {
  return {.people = 3,
          .entries = 40,
          .changes = {{"RXX", "problems", "hiv", false, 1, 1},
                      {"Z99001", "documents", "sexual_health", true, 12, 2}}};
}

TEST(StoredLabels, NumbersAreToldAndNothingElse) {
  const Ran ran = RunLine({"policy", "stored-labels", "--config", AnyFile()},
                          PartsThatTell({.trial = Trial(), .problems = {}}));
  EXPECT_EQ(ran.exit, 0);
  EXPECT_EQ(ran.out,
            "loses hiv: 1 entry of 1 person, problems of RXX\n"
            "gains sexual_health: 12 entries of 2 people, documents of Z99001\n"
            "Looked at 40 entries of 3 people.\n");
}

TEST(StoredLabels, ThatNothingWouldChangeIsSaid) {
  const Ran ran =
      RunLine({"policy", "stored-labels", "--config", AnyFile()},
              PartsThatTell(
                  {.trial = LabelTrial{.people = 1, .entries = 1, .changes = {}}, .problems = {}}));
  EXPECT_EQ(ran.out, "No label would change.\nLooked at 1 entry of 1 person.\n");
}

TEST(StoredLabels, RulesThatAreWrongAreToldAllAtOnce) {
  const base::Error one{base::ErrorId::kConfigInvalid, "own.toml:3", "write a label"};
  const base::Error other{base::ErrorId::kConfigInvalid, "own.toml:9", "mend one of them"};
  const Ran ran = RunLine({"policy", "stored-labels", "--config", AnyFile()},
                          PartsThatTell({.trial = {}, .problems = {one, other}}));
  EXPECT_EQ(ran.exit, 1);
  EXPECT_NE(ran.err.find("own.toml:3"), std::string::npos);
  EXPECT_NE(ran.err.find("own.toml:9"), std::string::npos);
  EXPECT_EQ(ran.out, "");
}

}  // namespace
}  // namespace milecastle::command

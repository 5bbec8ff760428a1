// Public samples and hostile files that nobody here wrote: each has an outcome, and a reason where
// it is refused.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "base/config.h"
#include "primary/adapter.h"

namespace milecastle::primary {
namespace {

namespace fs = std::filesystem;

std::map<std::string, int> ReadAll(const fs::path& folder) {
  std::map<std::string, int> outcomes;
  const auto adapter = MakeAdapter();
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const auto bytes = base::ReadFile(file.path());
    const auto reading = adapter->Read(bytes.value(), port::Feed{});
    if (reading.patients.front()) {
      ++outcomes["accepted"];
      continue;
    }
    const base::Error& error = reading.patients.front().error();
    EXPECT_FALSE(error.advice.empty()) << file.path();
    ++outcomes[std::string(base::LineOf(error.id).name)];
  }
  return outcomes;
}

void Report(std::string_view name, const std::map<std::string, int>& outcomes) {
  for (const auto& [outcome, count] : outcomes) {
    testing::Test::RecordProperty(std::string(name) + " " + outcome, count);
  }
}

class PublicSamples : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(root_)) GTEST_SKIP() << "no ../shared/testdata here";
  }
  const fs::path root_ = fs::path(MILECASTLE_SOURCE_DIR) / "../shared/testdata";
};

TEST_F(PublicSamples, OfGpConnectAreCarriedWhereTheyNameAPatient) {
  const auto outcomes = ReadAll(root_ / "fhir-stu3");
  Report("fhir-stu3", outcomes);
  EXPECT_EQ(outcomes.count("message.unparseable"), 0U);
  EXPECT_EQ(outcomes.count("message.invalid"), 0U);
  EXPECT_GE(outcomes.at("accepted"), 30);
}

TEST_F(PublicSamples, ThatAreHostileAreAllRefused) {
  for (const char* folder : {"hostile-fhir", "hostile-json"}) {
    const auto outcomes = ReadAll(root_ / folder);
    Report(folder, outcomes);
    EXPECT_EQ(outcomes.count("accepted"), 0U) << folder;
  }
}

}  // namespace
}  // namespace milecastle::primary

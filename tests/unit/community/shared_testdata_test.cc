// Public samples and hostile files that nobody here wrote: each has an outcome, and a reason where
// it is refused.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "base/config.h"
#include "community/adapter.h"

namespace milecastle::community {
namespace {

namespace fs = std::filesystem;

std::map<std::string, int> ReadAll(const fs::path& folder) {
  std::map<std::string, int> outcomes;
  const auto adapter = MakeAdapter();
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const auto reading = adapter->Read(base::ReadFile(file.path()).value(), port::Feed{});
    if (reading.patients.front()) {
      ++outcomes["accepted"];
      continue;
    }
    const base::Error& error = reading.patients.front().error();
    EXPECT_FALSE(error.advice.empty()) << file.path();
    ++outcomes[std::string(base::LineOf(error.id).name)];
  }
  for (const auto& [outcome, count] : outcomes) {
    testing::Test::RecordProperty(folder.filename().string() + " " + outcome, count);
  }
  return outcomes;
}

class PublicR4Samples : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(root_)) GTEST_SKIP() << "no ../shared/testdata here";
  }
  const fs::path root_ = fs::path(MILECASTLE_SOURCE_DIR) / "../shared/testdata";
};

TEST_F(PublicR4Samples, OfTheSpineAreCarriedWhereTheyNameAPatient) {
  EXPECT_GE(ReadAll(root_ / "fhir-r4-nhs").at("accepted"), 56);
  EXPECT_GE(ReadAll(root_ / "fhir-r4-bars").at("accepted"), 4);
}

TEST_F(PublicR4Samples, ThatAreHostileAreAllAccountedFor) {
  for (const char* folder : {"hostile-fhir", "hostile-json"}) ReadAll(root_ / folder);
}

}  // namespace
}  // namespace milecastle::community

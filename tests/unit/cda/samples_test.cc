// Public samples and hostile files that nobody here wrote: each has an outcome, and a reason where
// it is refused.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "base/config.h"
#include "community/adapter.h"

namespace milecastle::cda {
namespace {

namespace fs = std::filesystem;

std::map<std::string, int> ReadAll(const fs::path& folder) {
  std::map<std::string, int> outcomes;
  const auto adapter = community::MakeAdapter();
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const auto bytes = base::ReadFile(file.path());
    const auto reading = adapter->Read(bytes.value(), port::Feed{});
    for (const auto& patient : reading.patients) {
      if (patient) {
        ++outcomes["accepted"];
        continue;
      }
      EXPECT_FALSE(patient.error().advice.empty()) << file.path();
      ++outcomes[std::string(base::LineOf(patient.error().id).name)];
    }
  }
  for (const auto& [outcome, count] : outcomes) testing::Test::RecordProperty(outcome, count);
  return outcomes;
}

class PublicDocuments : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(root_)) GTEST_SKIP() << "no ../shared/testdata here";
  }
  const fs::path root_ = fs::path(MILECASTLE_SOURCE_DIR) / "../shared/testdata";
};

TEST_F(PublicDocuments, OfNhs111AreAllRead) {
  const auto outcomes = ReadAll(root_ / "cda/NHSDigital+integration-adaptor-111");
  EXPECT_EQ(outcomes.at("accepted"), 12);
  EXPECT_EQ(outcomes.at("message.invalid"), 10)
      << "two messages hold five reports more, of another custodian each";
  EXPECT_EQ(outcomes.size(), 2U);
}

// Two are FHIR: a script in a narrative, and an include. Nothing of either is carried.
TEST_F(PublicDocuments, ThatAreHostileAreRefusedOrLeaveNothingBehind) {
  const auto adapter = community::MakeAdapter();
  for (const auto& file : fs::recursive_directory_iterator(root_ / "hostile-xml")) {
    if (!file.is_regular_file()) continue;
    const auto bytes = base::ReadFile(file.path());
    for (const auto& patient : adapter->Read(bytes.value(), port::Feed{}).patients) {
      if (!patient) continue;
      EXPECT_TRUE(patient->drafts.empty() && patient->statements.empty()) << file.path();
    }
  }
}

}  // namespace
}  // namespace milecastle::cda

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

// Organisations, definitions: taken and kept, and nobody's record (resources/nobody.h).
bool SpeaksOfNobody(const record::Contribution& contribution) {
  return contribution.patient == record::PatientClaim() && contribution.drafts.empty();
}

std::map<std::string, int> ReadAll(const fs::path& folder) {
  std::map<std::string, int> outcomes;
  const auto adapter = MakeAdapter();
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const auto bytes = base::ReadFile(file.path());
    const auto reading = adapter->Read(bytes.value(), port::Feed{});
    if (reading.patients.front()) {
      ++outcomes[SpeaksOfNobody(*reading.patients.front()) ? "of nobody" : "accepted"];
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
  const auto outcomes = ReadAll(root_ / "hostile-json");
  Report("hostile-json", outcomes);
  EXPECT_EQ(outcomes.count("accepted"), 0U);
}

// FHIR with odd corners, valid all the same (their INDEX.tsv): a resource alone that names its
// patient is taken, and each of the others says why not.
TEST_F(PublicSamples, OfOddFhirAreEachTakenOrRefusedWithAdvice) {
  const auto outcomes = ReadAll(root_ / "hostile-fhir");
  Report("hostile-fhir", outcomes);
  EXPECT_GE(outcomes.at("accepted"), 1);
}

}  // namespace
}  // namespace milecastle::primary

// Every tests/golden/social_care/NAME.csv and NAME.json is read, by the mapping NAME.toml where
// there is one, and must give what stands in NAME.txt. MILECASTLE_GOLDEN_UPDATE=1 writes the
// expectations instead; read the difference before you commit it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/config.h"
#include "kit/print.h"
#include "settings/mapping.h"
#include "social_care/adapter.h"

namespace milecastle::social_care {
namespace {

namespace fs = std::filesystem;

fs::path Folder() { return fs::path(MILECASTLE_SOURCE_DIR) / "tests/golden/social_care"; }

std::string Print(const port::Reading& reading) {
  std::string text =
      "event " + reading.envelope.event + "\nsender " + reading.envelope.sender + "\n";
  for (const auto& patient : reading.patients) {
    text += "\n";
    text += patient ? kit::Print(*patient) : "refused " + base::Describe(patient.error()) + "\n";
  }
  return text;
}

port::Feed FeedOf(const fs::path& mapping) {
  port::Feed feed;
  feed.name = "golden";
  if (!fs::exists(mapping)) return feed;
  auto loaded = settings::LoadMapping(mapping, MakeAdapter()->mappable());
  EXPECT_TRUE(loaded.problems.empty()) << base::Describe(loaded.problems.front());
  if (loaded.mapping) feed.mapping = std::move(*loaded.mapping);
  return feed;
}

std::vector<fs::path> Cases() {
  std::vector<fs::path> cases;
  for (const auto& file : fs::directory_iterator(Folder())) {
    const auto extension = file.path().extension();
    if (extension == ".csv" || extension == ".json") cases.push_back(file.path());
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

class SocialCareGolden : public testing::TestWithParam<fs::path> {};

TEST_P(SocialCareGolden, BecomesWhatIsWrittenBesideIt) {
  const auto input = base::ReadFile(GetParam());
  ASSERT_TRUE(input);
  fs::path beside = GetParam();
  const port::Feed feed = FeedOf(fs::path(beside).replace_extension(".toml"));
  beside.replace_extension(".txt");
  std::string text;
  for (const std::string& message : MakeAdapter()->Split(*input, feed)) {
    text += (text.empty() ? "" : "\n") + Print(MakeAdapter()->Read(message, feed));
  }
  if (std::getenv("MILECASTLE_GOLDEN_UPDATE") != nullptr) std::ofstream(beside) << text;
  const auto expected = base::ReadFile(beside);
  ASSERT_TRUE(expected) << "write " << beside;
  EXPECT_EQ(text, *expected);
}

std::string NameOf(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.stem();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(SocialCare, SocialCareGolden, testing::ValuesIn(Cases()), NameOf);

}  // namespace
}  // namespace milecastle::social_care

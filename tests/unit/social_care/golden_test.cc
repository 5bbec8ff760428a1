// Every tests/golden/social_care/NAME.csv and NAME.json with what it must become, by the mapping
// NAME.toml where there is one, in NAME.txt (kit/golden.h).
#include "kit/golden.h"

#include "kit/mapped_feed.h"
#include "kit/readings.h"
#include "social_care/adapter.h"

namespace milecastle::social_care {
namespace {

class SocialCareGolden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(SocialCareGolden, BecomesWhatIsWrittenBesideIt) {
  const auto adapter = MakeAdapter();
  auto mapping = GetParam();
  const port::Feed feed = kit::MappedFeed(*adapter, mapping.replace_extension(".toml"));
  kit::ExpectBeside(GetParam(), ".txt",
                    kit::Describe(*adapter, kit::GoldenInput(GetParam()), feed));
}

INSTANTIATE_TEST_SUITE_P(SocialCare, SocialCareGolden,
                         testing::ValuesIn(kit::GoldenCases("social_care", {".csv", ".json"})),
                         kit::CaseName);

}  // namespace
}  // namespace milecastle::social_care

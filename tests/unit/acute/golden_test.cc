// Every tests/golden/acute/*.hl7 with what it must become in the .txt beside it (kit/golden.h).
#include "kit/golden.h"

#include "acute/adapter.h"
#include "kit/readings.h"

namespace milecastle::acute {
namespace {

class Golden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Golden, BecomesWhatIsWrittenBesideIt) {
  port::Feed feed;
  feed.name = "golden";
  const std::string text =
      kit::Describe(*MakeAdapter(), kit::GoldenInput(GetParam()), feed, kit::Head::kOneLine);
  kit::ExpectBeside(GetParam(), ".txt", text);
}

INSTANTIATE_TEST_SUITE_P(Acute, Golden, testing::ValuesIn(kit::GoldenCases("acute", {".hl7"})),
                         kit::CaseName);

}  // namespace
}  // namespace milecastle::acute

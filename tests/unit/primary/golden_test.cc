// Every tests/golden/primary/NAME.json with what it must become in NAME.expected.txt
// (kit/golden.h).
#include "kit/golden.h"

#include "kit/readings.h"
#include "kit/reversed_bundle.h"
#include "primary/adapter.h"

namespace milecastle::primary {
namespace {

class Golden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Golden, ReadsAsExpected) {
  const std::string text = kit::Describe(*MakeAdapter(), kit::GoldenInput(GetParam()));
  kit::ExpectBeside(GetParam(), ".expected.txt", text);
}

TEST_P(Golden, ReadsTheSameInAnyOrderOfEntries) {
  const std::string message = kit::GoldenInput(GetParam());
  // Where two entries of one id differ, the first is kept under its own name: there order speaks.
  if (message.find("Four, again") != std::string::npos) GTEST_SKIP() << "two entries of one id";
  const auto adapter = MakeAdapter();
  const auto forwards = adapter->Read(message, {});
  const auto backwards = adapter->Read(kit::Reversed(message), {});
  EXPECT_EQ(kit::LinesNotCarried(forwards), kit::LinesNotCarried(backwards));
  EXPECT_EQ(kit::CarriedInAnyOrder(forwards), kit::CarriedInAnyOrder(backwards));
}

INSTANTIATE_TEST_SUITE_P(Primary, Golden, testing::ValuesIn(kit::GoldenCases("primary", {".json"})),
                         kit::CaseName);

}  // namespace
}  // namespace milecastle::primary

// Every tests/golden/community/*.xml with what it must become in the .txt beside it (kit/golden.h).
#include "kit/golden.h"

#include "community/adapter.h"
#include "kit/readings.h"

namespace milecastle::cda {
namespace {

class Golden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Golden, BecomesWhatIsWrittenBesideIt) {
  const auto adapter = community::MakeAdapter();
  const std::string text =
      kit::Describe(*adapter, kit::GoldenInput(GetParam()), {}, kit::Head::kOneLine);
  kit::ExpectBeside(GetParam(), ".txt", text);
}

INSTANTIATE_TEST_SUITE_P(Cda, Golden, testing::ValuesIn(kit::GoldenCases("community", {".xml"})),
                         kit::CaseName);

}  // namespace
}  // namespace milecastle::cda

// Every tests/golden/third_sector/NAME.csv and NAME.json with what it must become, by
// config/mappings/NAME.toml where there is one, in NAME.txt (kit/golden.h).
#include "kit/golden.h"

#include "kit/mapped_feed.h"
#include "kit/readings.h"
#include "third_sector/adapter.h"

namespace milecastle::third_sector {
namespace {

class ThirdSectorGolden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(ThirdSectorGolden, BecomesWhatIsWrittenBesideIt) {
  const auto adapter = MakeAdapter();
  auto feed = kit::MappedFeed(
      *adapter, kit::SourceFolder("config/mappings") / (GetParam().stem().string() + ".toml"));
  feed.organisations = {*record::OdsCode::Parse("LOCALHEARTH")};
  kit::ExpectBeside(GetParam(), ".txt",
                    kit::Describe(*adapter, kit::GoldenInput(GetParam()), feed));
}

INSTANTIATE_TEST_SUITE_P(ThirdSector, ThirdSectorGolden,
                         testing::ValuesIn(kit::GoldenCases("third_sector", {".csv", ".json"})),
                         kit::CaseName);

}  // namespace
}  // namespace milecastle::third_sector

// Every tests/golden/open_referral/NAME.json, a page, and NAME.tables, the files of a directory
// (kit/tables.h), with what it must become in NAME.txt (kit/golden.h).
#include "kit/golden.h"

#include "described.h"
#include "kit/tables.h"
#include "open_referral/reader.h"
#include "open_referral/tables.h"

namespace milecastle::open_referral {
namespace {

class OpenReferralGolden : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(OpenReferralGolden, BecomesWhatIsWrittenBesideIt) {
  const std::string input = kit::GoldenInput(GetParam());
  const bool are_tables = GetParam().extension() == ".tables";
  kit::ExpectBeside(GetParam(), ".txt",
                    Describe(are_tables ? ReadTables(kit::TablesOf(input)) : Read(input)));
}

INSTANTIATE_TEST_SUITE_P(OpenReferral, OpenReferralGolden,
                         testing::ValuesIn(kit::GoldenCases("open_referral", {".tables", ".json"})),
                         kit::CaseName);

}  // namespace
}  // namespace milecastle::open_referral

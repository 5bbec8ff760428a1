#include "normalise/code_set.h"

#include <gtest/gtest.h>

#include "kit/folder.h"

namespace milecastle::normalise {
namespace {

TEST(CodeSet, ReadsQuotedFieldsAnyLineEndingAndAByteOrderMark) {
  const auto set = ParseCodeSet(
      "\xEF\xBB\xBFsystem,code,label\r\nSCT,12345,sexual_health\r\n\n\"WinPath\",\"A,1\",hiv",
      "set");
  ASSERT_TRUE(set);
  EXPECT_EQ(*set,
            (std::vector<CodeLabel>{{"SCT", "12345", "sexual_health"}, {"WinPath", "A,1", "hiv"}}));
}

struct Wrong {
  const char* csv;
  const char* place;
};
class WrongCodeSet : public testing::TestWithParam<Wrong> {};

TEST_P(WrongCodeSet, IsRefusedWholeWithItsLine) {
  const auto set = ParseCodeSet(GetParam().csv, "codes.csv");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().id, base::ErrorId::kConfigInvalid);
  EXPECT_EQ(set.error().place, GetParam().place);
  EXPECT_NE(set.error().advice, "");
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongCodeSet,
    testing::Values(Wrong{"", "codes.csv:1"}, Wrong{"SCT,1,hiv\n", "codes.csv:1"},
                    Wrong{"system,code,label\nSCT,1\n", "codes.csv:2"},
                    Wrong{"system,code,label\nSCT,1,hiv,x\n", "codes.csv:2"},
                    Wrong{"system,code,label\nSCT,1,hiv\n,2,hiv\n", "codes.csv:3"},
                    Wrong{"system,code,label\nSCT,,hiv\n", "codes.csv:2"},
                    Wrong{"system,code,label\nSCT,1,Sexual Health\n", "codes.csv:2"},
                    Wrong{"system,code,label\nSCT,1,headline:weather\n", "codes.csv:2"},
                    Wrong{"system,code,label\nSCT,1,\"hiv\n", "codes.csv:2"},
                    Wrong{"system,code,label\nSCT,a\"b,hiv\n", "codes.csv:2"}));

TEST(CodeSet, AMissingFileIsSaidToBeUnreadable) {
  const kit::TemporaryFolder folder;
  const auto set = LoadCodeSet(folder.path() / "none.csv");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().id, base::ErrorId::kConfigUnreadable);
}

}  // namespace
}  // namespace milecastle::normalise

#include "record/when.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

TEST(When, TakesATimeWithoutAZoneAsLondonAndSaysSo) {
  const auto when = When::ParseHl7("20260701120000");
  ASSERT_TRUE(when);
  EXPECT_EQ(base::ToRfc3339(when->at), "2026-07-01T11:00:00.000000Z");
  EXPECT_EQ(when->zone, Zone::kAssumedLondon);
  EXPECT_EQ(when->precision, Precision::kSecond);
}

TEST(When, FlagsTheHourThatComesTwiceAndTheHourThatDoesNotExist) {
  EXPECT_EQ(When::ParseHl7("202610250130")->zone, Zone::kAmbiguous);
  EXPECT_EQ(When::ParseHl7("202603290130")->zone, Zone::kSkipped);
}

TEST(When, KeepsThePrecisionThatWasStated) {
  EXPECT_EQ(When::ParseHl7("2026")->precision, Precision::kYear);
  EXPECT_EQ(When::ParseIso("2026-03")->precision, Precision::kMonth);
  EXPECT_EQ(When::ParseIso("2026-03-04")->zone, Zone::kNone);
  EXPECT_EQ(When::ParseIso("2026-03-04T10:11:12.345+01:00")->precision, Precision::kFraction);
  EXPECT_EQ(base::ToRfc3339(When::ParseIso("2026-03-04T10:11:12.345+01:00")->at),
            "2026-03-04T09:11:12.345000Z");
}

TEST(When, RefusesWhatIsNoMoment) {
  for (const char* wrong :
       {"", "20261301", "20260230", "2026030", "abcd", "20260101120000X", "202601012500"}) {
    EXPECT_FALSE(When::ParseHl7(wrong)) << wrong;
  }
  for (const char* wrong :
       {"2026-13-01", "2026-02-30", "2026-1-1", "2026-01-01T10", "2026-01-01T10:00:00+25:00"}) {
    EXPECT_FALSE(When::ParseIso(wrong)) << wrong;
  }
}

TEST(BirthDate, IsTheCivilDateAsWrittenWhateverTheZone) {
  EXPECT_EQ(BirthDate::Parse("19500102")->ToString(), "1950-01-02");
  EXPECT_EQ(BirthDate::Parse("19500702000000+0100")->ToString(), "1950-07-02");
  EXPECT_FALSE(BirthDate::Parse("195001"));
  EXPECT_FALSE(BirthDate::Parse("19501302"));
}

}  // namespace
}  // namespace milecastle::record

#include "record/version.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

Version Made(std::string_view when, std::uint64_t number = 0) {
  return {.number = number, .made = Span::Of(*When::ParseIso(when))};
}

TEST(Versions, AreOrderedByTheirNumbersFirst) {
  EXPECT_EQ(OrderOf(Made("2025-04-01", 1), Made("2025-01-01", 2)), Order::kOlder)
      << "made out again later, it is the older version still";
  EXPECT_EQ(OrderOf(Made("2025-01-01", 2), Made("2025-01-01", 1)), Order::kNewer);
  EXPECT_EQ(OrderOf(Made("2025-01-01", 1), Made("2025-04-01", 1)), Order::kOlder)
      << "a source that numbers nothing says 1 of all";
}

TEST(Versions, TimesThatOverlapSayNothing) {
  EXPECT_EQ(OrderOf(Made("2025-04-01"), Made("2025-04-01T10:00:00Z")), Order::kUnknown);
  EXPECT_EQ(OrderOf(Made("2025-04-01T10:00:00Z"), Made("2025")), Order::kUnknown);
  EXPECT_EQ(OrderOf(Made("2025-03-30"), Made("2025-04-01T10:00:00Z")), Order::kOlder);
  EXPECT_EQ(OrderOf(Made("2025-04-01T10:00:00.002Z"), Made("2025-04-01T10:00:00.001Z")),
            Order::kNewer);
}

TEST(Versions, WordsOfOneKindAreComparedAndNoOthers) {
  const Version sent{.sent = Span::Of(*When::ParseIso("2020-01-01"))};
  EXPECT_EQ(OrderOf(sent, Made("2025-04-01")), Order::kUnknown);
  EXPECT_EQ(OrderOf({}, Made("2025-04-01")), Order::kUnknown);
  EXPECT_FALSE(Version{}.IsKnown());
}

TEST(Versions, ANumberIsDigits) {
  EXPECT_EQ(VersionNumberOf("12"), 12U);
  for (const char* text : {"", "x", "1.2", "-1", " 1", "99999999999999999999999"}) {
    EXPECT_EQ(VersionNumberOf(text), 0U) << text;
  }
}

TEST(Versions, TheFutureGivesNoOrder) {
  const base::Instant received = When::ParseIso("2025-04-01T10:00:00Z")->at;
  EXPECT_FALSE(NotAfter(Made("2099-01-01"), received).IsKnown());
  EXPECT_EQ(OrderOf(Made("2025-04-01T09:50:00Z"), NotAfter(Made("2099-01-01"), received)),
            Order::kUnknown);
}

TEST(Versions, APeriodThatIsNotOverEndsAtTheReceipt) {
  const base::Instant received = When::ParseIso("2025-04-01T10:00:00Z")->at;
  const Version today = NotAfter(Made("2025-04-01"), received);
  EXPECT_EQ(today.made->latest, received);
  EXPECT_EQ(OrderOf(Made("2025-04-01T10:00:00.5Z"), today), Order::kNewer);
}

}  // namespace
}  // namespace milecastle::record

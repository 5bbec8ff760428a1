#include "record/doubtful_version.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

TEST(DoubtfulVersion, IsOlderByANumberThatTimesOrItsSizeSpeakAgainst) {
  const auto version = [](std::uint64_t number, int made) {
    const base::Instant at{std::chrono::hours(made)};
    return Version{.number = number, .made = Span{at, at}};
  };
  const Version bare{.number = 3};
  EXPECT_TRUE(IsDoubtfullyOlder(version(3, 9), version(4, 8)));
  EXPECT_FALSE(IsDoubtfullyOlder(version(3, 7), version(4, 8))) << "both say that it is older";
  EXPECT_FALSE(IsDoubtfullyOlder(version(3, 7), version(20250101, 8)));
  EXPECT_FALSE(IsDoubtfullyOlder(version(5, 9), version(4, 8))) << "it is the newer";
  EXPECT_FALSE(IsDoubtfullyOlder(version(4, 9), version(4, 8)));
  EXPECT_FALSE(IsDoubtfullyOlder(bare, {.number = 40}));
  EXPECT_TRUE(IsDoubtfullyOlder(bare, {.number = 20250101}));
  EXPECT_TRUE(IsDoubtfullyOlder(bare, {.number = ~std::uint64_t{0}}));
  EXPECT_FALSE(IsDoubtfullyOlder({}, {.number = ~std::uint64_t{0}})) << "without a number no order";
}

}  // namespace
}  // namespace milecastle::record

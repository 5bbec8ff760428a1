#include "disclose/ranges.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <vector>

namespace milecastle::disclose {
namespace {

using Numbers = std::vector<std::uint64_t>;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST(Ranges, NameRunsByTheirEnds) {
  EXPECT_EQ(RangesOf({}), "");
  EXPECT_EQ(RangesOf({7}), "7");
  EXPECT_EQ(RangesOf({9, 3, 5, 4, 6, 7}), "3-7,9");
}

TEST(Ranges, NameEachNumberOnce) {
  EXPECT_EQ(RangesOf({2, 1, 2}), "1-2");
  EXPECT_EQ(RangesOf({kMost, 1, kMost}), "1,18446744073709551615");
}

TEST(Ranges, ReachOverTheWholeOfTheNumbers) {
  EXPECT_EQ(RangesOf({kMost, kMost - 1, 0}), "0,18446744073709551614-18446744073709551615");
}

// As a set would tell them one by one.
std::string OneByOne(const Numbers& numbers) {
  const std::set<std::uint64_t> ordered(numbers.begin(), numbers.end());
  std::string text;
  for (auto first = ordered.begin(); first != ordered.end();) {
    auto last = first;
    while (std::next(last) != ordered.end() && *std::next(last) == *last + 1) ++last;
    text += (text.empty() ? "" : ",") + std::to_string(*first);
    if (last != first) text += "-" + std::to_string(*last);
    first = std::next(last);
  }
  return text;
}

TEST(Ranges, AreTheSameHoweverFarApartTheNumbersLie) {
  std::mt19937_64 random(20261123);
  for (const std::uint64_t spread : {40U, 400U, 60'000U, 4'000'000U}) {
    for (int round = 0; round < 50; ++round) {
      const std::uint64_t from = random() >> 1U;
      Numbers numbers(1 + random() % 200);
      for (std::uint64_t& number : numbers) number = from + random() % spread;
      ASSERT_EQ(RangesOf(numbers), OneByOne(numbers)) << spread;
    }
  }
}

}  // namespace
}  // namespace milecastle::disclose

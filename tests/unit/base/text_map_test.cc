#include "base/text_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace milecastle::base {
namespace {

constexpr std::size_t kBuckets = 1031;  // a prime that the standard library grows to

template <class Set>
std::size_t FullestBucket(const Set& set) {
  std::size_t most = 0;
  for (std::size_t i = 0; i < set.bucket_count(); ++i) most = std::max(most, set.bucket_size(i));
  return most;
}

// What somebody who knows the standard library's hash would send.
std::vector<std::string> KeysOfOneBucket(std::size_t count) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; keys.size() < count; ++i) {
    std::string key = "Observation/" + std::to_string(i);
    if (std::hash<std::string>()(key) % kBuckets == 0) keys.push_back(std::move(key));
  }
  return keys;
}

TEST(TextMap, SpreadsKeysThatWereChosenToFallTogether) {
  const std::vector<std::string> chosen = KeysOfOneBucket(256);
  std::unordered_set<std::string> known(chosen.begin(), chosen.end(), kBuckets);
  ASSERT_EQ(known.bucket_count(), kBuckets);
  ASSERT_EQ(FullestBucket(known), 256U);
  const TextSet<std::string> seeded(chosen.begin(), chosen.end(), kBuckets);
  EXPECT_LT(FullestBucket(seeded), 16U);
}

TEST(TextMap, FindsTextOfAnyKindWithoutACopy) {
  TextMap<std::string, int> map{{"a", 1}, {std::string("b\0c", 3), 2}};
  EXPECT_EQ(map.find(std::string_view("a"))->second, 1);
  EXPECT_EQ(map.find(std::string_view("b\0c", 3))->second, 2);
  EXPECT_EQ(map.find("b"), map.end());
}

}  // namespace
}  // namespace milecastle::base

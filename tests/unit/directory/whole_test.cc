// What makes a reading whole, and everything that does not.
#include "directory/whole.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pages.h"

namespace milecastle::directory {
namespace {

using base::ErrorId;
using testing::ElementsAre;

base::Result<store::DirectoryReading> Together(std::vector<record::DirectoryPage> pages,
                                               const Limits& limits = {}) {
  return Assemble("north", base::Instant(), limits, std::move(pages));
}

ErrorId WhyNot(std::vector<record::DirectoryPage> pages, const Limits& limits = {}) {
  const auto reading = Together(std::move(pages), limits);
  EXPECT_FALSE(reading);
  return reading ? ErrorId::kInternal : reading.error().id;
}

TEST(Whole, PagesInAnyOrderAreOneReading) {
  const auto reading = Together({Page(2, 2, {"c"}, 3), Page(1, 2, {"a", "b"}, 3)});
  ASSERT_TRUE(reading);
  EXPECT_THAT(IdsOf(*reading), ElementsAre("a", "b", "c"));
  EXPECT_EQ(reading->may_lose_percent, 50U);
}

TEST(Whole, FilesWithoutPagesAreOneReading) {
  const auto reading = Together({Page(1, 1, {"a"}), Page(1, 1, {"b", "c"})});
  ASSERT_TRUE(reading);
  EXPECT_THAT(IdsOf(*reading), ElementsAre("a", "b", "c"));
}

TEST(Whole, NothingIsWholeWhereNothingIsTold) {
  const auto reading = Together({Page(1, 0, {}, 0)});
  ASSERT_TRUE(reading);
  EXPECT_TRUE(reading->services.empty());
}

TEST(Whole, WhatTellsOtherThanItGivesIsRefused) {
  EXPECT_EQ(WhyNot({Page(1, 2, {"a"})}), ErrorId::kMessageInvalid) << "a page is missing";
  EXPECT_EQ(WhyNot({Page(1, 3, {"a"}), Page(3, 3, {"c"})}), ErrorId::kMessageInvalid);
  EXPECT_EQ(WhyNot({Page(1, 2, {"a"}), Page(1, 2, {"b"})}), ErrorId::kMessageInvalid);
  EXPECT_EQ(WhyNot({Page(1, 1, {"a"}, 2)}), ErrorId::kMessageInvalid) << "fewer items";
  EXPECT_EQ(WhyNot({Page(1, 2, {"a", "b"}, 3), Page(2, 2, {"c", "d"}, 3)}),
            ErrorId::kMessageInvalid)
      << "more items";
  EXPECT_EQ(WhyNot({Page(1, 3, {"a"}), Page(2, 3, {}), Page(3, 3, {"c"})}),
            ErrorId::kMessageInvalid)
      << "an empty page in the middle";
  EXPECT_EQ(WhyNot({Page(1, 2, {"a"}), Page(2, 2, {"b"}), Page(3, 2, {"c"})}),
            ErrorId::kMessageInvalid)
      << "past the last";
}

TEST(Whole, WhatChangesFromPageToPageIsRefused) {
  EXPECT_EQ(WhyNot({Page(1, 2, {"a"}), Page(2, 3, {"b"}), Page(3, 3, {"c"})}), ErrorId::kConflict);
  EXPECT_EQ(WhyNot({Page(1, 2, {"a"}, 2), Page(2, 2, {"b"}, 3)}), ErrorId::kConflict);
  EXPECT_EQ(WhyNot({Page(1, 2, {"a"}), Page(2, 2, {"a"})}), ErrorId::kConflict) << "it slipped";
}

TEST(Whole, LimitsHold) {
  EXPECT_EQ(WhyNot({Page(1, 9, {"a"})}, {.pages = 8}), ErrorId::kMessageTooLarge);
  EXPECT_EQ(WhyNot({Page(1, 1, {"a", "b", "c"})}, {.services = 2}), ErrorId::kMessageTooLarge);
}

TEST(Whole, AServiceThatIsTooLargeIsRefusedByItself) {
  auto page = Page(1, 1, {"a", "b"});
  page.services[1].description.assign(2000, 'x');
  const auto reading = Together({page}, {.service_bytes = 1000});
  ASSERT_TRUE(reading);
  EXPECT_THAT(IdsOf(*reading), ElementsAre("a"));
  EXPECT_THAT(reading->unread, ElementsAre("b"));
  EXPECT_EQ(reading->refused, 1U);
}

}  // namespace
}  // namespace milecastle::directory

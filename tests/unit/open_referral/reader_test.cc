// Open Referral UK: what a page becomes, what is refused, and that a refuge is never found by its
// address.
#include "open_referral/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace milecastle::open_referral {
namespace {

using record::Matches;
using record::ServiceStatus;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kPlace = R"("service_at_locations": [{"id": "p1", "location": {
  "id": "l1", "location_type": "physical", "name": "The Old Granary", "latitude": 55.1,
  "addresses": [{"address_1": "3 Fort Lane", "city": "Wallsend", "postal_code": "NE28 6HH"}],
  "accessibility": [{"description": "Ramp"}]}}])";

std::string Service(std::string_view more, std::string_view name = "Lunch club") {
  return R"({"id": "s1", "name": ")" + std::string(name) + R"(", "status": "active",
    "organization": {"id": "o1", "name": "Hearth"}, "description": "Soup on Mondays at 3 Fort Lane",
    "minimum_age": 60, "maximum_age": 110,
    "schedules": [{"freq": "WEEKLY", "byday": "MO", "opens_at": "12:00", "closes_at": "14:00"}],
    "cost_options": [{"amount": 3, "amount_description": "a meal"}],
    "service_areas": [{"name": "Wallsend"}], "phones": [{"number": "01632 960000"}],)" +
         std::string(more) + (more.empty() ? "" : ",") + std::string(kPlace) + "}";
}

std::string PageOf(const std::string& items) {
  return R"({"total_items": 2, "total_pages": 7, "page_number": 2, "size": 2, "contents": [)" +
         items + "]}";
}

TEST(OpenReferral, APageBecomesItsServices) {
  const auto page = Read(PageOf(Service(R"("attributes": [{"taxonomy_term":
      {"id": "t1", "name": "Food", "taxonomy": "local"}}])")));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->number, 2U);
  EXPECT_EQ(page->total, 7U);
  ASSERT_EQ(page->services.size(), 1U);
  const auto& service = page->services[0];
  EXPECT_EQ(service.status, ServiceStatus::kActive);
  EXPECT_EQ(service.organisation, "Hearth");
  EXPECT_EQ(service.minimum_age, 60);
  EXPECT_THAT(service.schedules, ElementsAre("WEEKLY, MO, 12:00 to 14:00"));
  EXPECT_THAT(service.costs, ElementsAre("3 a meal"));
  EXPECT_THAT(service.locations.at(0).lines, ElementsAre("3 Fort Lane", "Wallsend"));
  EXPECT_EQ(service.locations.at(0).postcode, "NE28 6HH");
  EXPECT_EQ(service.terms.at(0).name, "Food");
  EXPECT_THAT(page->not_carried, ElementsAre("latitude"));
}

TEST(OpenReferral, AServiceWithoutWhatItNeedsIsRefusedByItselfWithItsPlace) {
  const auto page =
      Read(PageOf(R"({"id": "s2", "name": "Nothing else", "status": "sometimes"},)" + Service("")));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->services.size(), 1U);
  ASSERT_EQ(page->refused.size(), 1U);
  EXPECT_EQ(page->refused[0].place, "contents[0]");
}

TEST(OpenReferral, WhatIsNoDirectoryIsRefused) {
  for (const std::string_view text : {"", "{", "{\"version\": \"HSDS-UK-3.0\"}", "[1]", "null"}) {
    const auto page = Read(text);
    EXPECT_TRUE(!page || page->services.empty()) << text;
    EXPECT_FALSE(page) << text;
  }
}

TEST(OpenReferral, ARefugeIsFoundAndWhereItIsIsNowhere) {
  const std::string term =
      R"("attributes": [{"taxonomy_term": {"id": "t9", "name": "Domestic abuse refuges"}}])";
  for (const std::string& item : {Service(term), Service("", "Tyne Refuge")}) {
    const auto page = Read(item);
    ASSERT_TRUE(page);
    const auto& service = page->services.at(0);
    EXPECT_TRUE(service.address_kept_back);
    EXPECT_TRUE(service.locations.empty() && service.areas.empty() && service.description.empty());
    EXPECT_FALSE(Matches(service, {.postcode = "NE28"}));
    EXPECT_FALSE(Matches(service, {.words = "Fort Lane"}));
    EXPECT_TRUE(Matches(service, {.age = 70}));
    EXPECT_THAT(service.phones, ElementsAre("01632 960000"));
  }
}

TEST(OpenReferral, IsSearchedByWordsTermPostcodeAgeAndStatus) {
  const auto page = Read(Service(R"("attributes": [{"taxonomy_term":
      {"id": "t1", "name": "Food"}}])"));
  ASSERT_TRUE(page);
  const auto& service = page->services.at(0);
  EXPECT_TRUE(Matches(service, {}));
  EXPECT_TRUE(Matches(service, {.words = "SOUP hearth food"}));
  EXPECT_FALSE(Matches(service, {.words = "soup dancing"}));
  EXPECT_TRUE(Matches(service, {.term = "t1"}));
  EXPECT_TRUE(Matches(service, {.term = "food"}));
  EXPECT_FALSE(Matches(service, {.term = "t2"}));
  EXPECT_TRUE(Matches(service, {.postcode = "ne286"}));
  EXPECT_FALSE(Matches(service, {.postcode = "NE1"}));
  EXPECT_TRUE(Matches(service, {.age = 60}));
  EXPECT_FALSE(Matches(service, {.age = 59}));
  EXPECT_FALSE(Matches(service, {.status = ServiceStatus::kDefunct}));
}

}  // namespace
}  // namespace milecastle::open_referral

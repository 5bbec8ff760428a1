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

TEST(OpenReferral, AnAddressThatRunsIsLeftOutAndListed) {
  for (const char* const address :
       {"javascript:alert(1)", " JavaScript:alert(1)", "java\\tscript:alert(1)",
        "\\u0001javascript:alert(1)", "data:text/html,<b>", "vbscript:x", "file:///etc/passwd",
        "javascript&colon;alert(1)", "www.hearth.example:javascript"}) {
    const std::string json =
        R"("url": ")" + std::string(address) + R"(", "email": ")" + address + R"(")";
    const auto page = Read(PageOf(Service(json)));
    ASSERT_TRUE(page);
    EXPECT_EQ(page->services.at(0).url, "") << address;
    EXPECT_EQ(page->services.at(0).email, "") << address;
    EXPECT_THAT(page->not_carried, ElementsAre("email", "latitude", "url")) << address;
  }
  for (const char* const address :
       {"https://hearth.example/a:b?c=d&e=f", "HTTP://hearth.example", "mailto:soup@hearth.example",
        "tel:01632960000", "www.hearth.example/a:b", "soup@hearth.example", ""}) {
    const auto page = Read(PageOf(Service(R"("url": ")" + std::string(address) + R"(")")));
    ASSERT_TRUE(page);
    EXPECT_EQ(page->services.at(0).url, address);
    EXPECT_THAT(page->not_carried, ElementsAre("latitude")) << address;
  }
}

TEST(OpenReferral, ARefugeIsToldInWelshAndByItsAbbreviations) {
  for (const char* const words :
       {"Lloches i fenywod", "Cymorth i Fenywod", "Camdriniaeth ddomestig", "Trais yn y cartref",
        "A VAWG service", "VAWDASV", "DV accommodation", "D.V. support", "Women's shelter",
        "Help to leave an abusive partner", "Lloches i geiswyr lloches"}) {
    const auto page = Read(PageOf(Service("", words)));
    ASSERT_TRUE(page);
    EXPECT_TRUE(page->services.at(0).address_kept_back) << words;
  }
  for (const char* const words : {"Cefnogaeth i geiswyr lloches", "Ceiswyr Lloches Abertawe",
                                  "Refugee Council", "Advantage service", "Adventure support"}) {
    const auto page = Read(PageOf(Service("", words)));
    ASSERT_TRUE(page);
    EXPECT_FALSE(page->services.at(0).address_kept_back) << words;
  }
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

TEST(OpenReferral, ARefugeIsToldByAnyTextThatBelongsToIt) {
  for (
      const std::string told : {
          R"("alternate_name": "Tyneside Refuge")",
          R"("eligibility_description": "Women fleeing domestic abuse")",
          R"("fees_description": "Refuge charges by housing benefit")",
          R"("alert": "Refuge full")",
          R"("accreditations": "Women's Aid quality mark")",
          R"("application_process": "By the refuge's duty line")",
          R"("email": "info@tyneside-refuge.example")",
          R"("url": "https://womensaid.example/x")",
          R"("contacts": [{"id": "c", "name": "Ann", "title": "Refuge manager"}])",
          R"("program": {"id": "p", "name": "Refuge programme"})",
          R"("attributes": [{"taxonomy_term": {"id": "t", "name": "Housing",
              "description": "Women's refuge"}}])",
          R"("service_at_locations": [{"location": {"name": "Tyneside Women's Refuge"}}])",
          R"("service_at_locations": [{"location": {"description": "Refuge for women"}}])",
          R"("organization": {"id": "o", "name": "Hope", "description": "Runs refuges for women"})",
      }) {
    std::string item = Service("");
    const auto kept = told.substr(0, told.find(':'));
    if (kept == "\"organization\"") item.replace(item.find(kept), kept.size(), "\"former\"");
    if (kept == "\"service_at_locations\"")
      item.replace(item.find(kept), kept.size(), "\"others\"");
    item.insert(item.size() - 1, "," + told);
    const auto page = Read(item);
    ASSERT_TRUE(page) << told;
    EXPECT_TRUE(page->services.at(0).address_kept_back) << told;
    EXPECT_TRUE(page->services.at(0).locations.empty()) << told;
  }
}

TEST(OpenReferral, ARefugeIsToldWhateverTheLettersAreThatItIsWrittenIn) {
  for (const std::string name :
       {"Women's r\u00C9fuge", "Women's re\u0301fuge", "Women's r\u0435fuge", "WOMEN'S R\u0415FUGE",
        "Women's ref\u200Buge",
        "Women's \U0001D42B\U0001D41E\U0001D41F\U0001D42E\U0001D420\U0001D41E",
        "W\u043Emen's \u0410id", "ref<b>uge</b> for women", "ref&#117;ge", "Ref&#x75;ge",
        "Refuge eligibility", "refugrefugeee"}) {
    const auto page = Read(Service("", name));
    ASSERT_TRUE(page) << name;
    EXPECT_TRUE(page->services.at(0).address_kept_back) << name;
  }
}

TEST(OpenReferral, WhatSheltersNobodyKeepsItsAddress) {
  for (const std::string name : {"Refugee Council", "Caf\u00E9 for r\u00E9fug\u00E9es and refugees",
                                 "\u041B\u0438\u043C\u0431", "Tea & cake <b>daily</b>"}) {
    const auto page = Read(Service(R"("url": "https://refugeecouncil.example/x")", name));
    ASSERT_TRUE(page) << name;
    EXPECT_FALSE(page->services.at(0).address_kept_back) << name;
    EXPECT_FALSE(page->services.at(0).locations.empty()) << name;
  }
}

TEST(OpenReferral, ARefugeDoesNotHideWhatElseItsOrganisationOffers) {
  const auto page = Read(R"({"id": "o1", "name": "Hope", "services": [)" +
                         Service("", "Tyne Refuge") + "," + Service("") + "]}");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->services.size(), 2U);
  EXPECT_TRUE(page->services[0].address_kept_back);
  EXPECT_FALSE(page->services[1].address_kept_back);
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

TEST(OpenReferral, ARefugeIsKnownHoweverItIsWritten) {
  const auto is_kept_back = [](std::string_view name, std::string_view organisation,
                               std::string_view description) {
    const auto page =
        Read(R"({"id": "s1", "status": "active", "name": ")" + std::string(name) +
             R"(", "organization": {"id": "o1", "name": ")" + std::string(organisation) +
             R"("}, "description": ")" + std::string(description) + R"("})");
    return page && page->services.at(0).address_kept_back;
  };
  for (const std::string_view name :
       {"Women's Aid", "Women\u2019s Aid", "Womens Aid", "WOMEN \u0301S AID", "Safe-house",
        "Safehouse", "MEN'S SAFE  ACCOMMODATION", "\uFF32efuge", "Place of safety",
        "Those who flee honour-based abuse", "Domestic violence shelter"}) {
    EXPECT_TRUE(is_kept_back(name, "Tyne Charity", "")) << name;
    EXPECT_TRUE(is_kept_back("Emergency beds", name, "")) << name;
    EXPECT_TRUE(is_kept_back("Emergency beds", "Tyne Charity", name)) << name;
  }
  for (const std::string_view name :
       {"Refugee Council", "Lunch club", "Wallsend Refugees Welcome"}) {
    EXPECT_FALSE(is_kept_back(name, "Tyne Charity", "Tea and talk")) << name;
  }
}

TEST(OpenReferral, NothingElseOfARefugeTellsWhereItIs) {
  const auto page = Read(R"({"id": "s1", "status": "active", "name": "Refuge at 12 Hidden Street",
    "organization": {"id": "o1", "name": "Hidden Street Trust"}, "url": "https://hidden.example",
    "email": "hidden@x.example", "fees": "pay at Hidden Street",
    "cost_options": [{"option": "Hidden Street"}], "phones": [{"number": "01632 960000"}],
    "service_at_locations": [{"location": {"addresses": [{"address_1": "Hidden Street"}]}}]})");
  ASSERT_TRUE(page);
  const auto& service = page->services.at(0);
  EXPECT_EQ(service.name + service.organisation,
            "A service that is asked by telephoneA service that is asked by telephone");
  EXPECT_TRUE(service.url.empty() && service.email.empty() && service.fees.empty());
  EXPECT_TRUE(service.costs.empty() && service.locations.empty());
  EXPECT_THAT(service.phones, ElementsAre("01632 960000"));
}

std::string Opening(std::string_view schedule) {
  return R"({"id": "s1", "name": "Lunch club", "status": "active", "organization_id": "o1",
    "schedules": [)" +
         std::string(schedule) + "]}";
}

bool IsOpen(const std::string& item, record::Weekday day, std::string_view today = "2026-11-23") {
  const auto page = Read(item);
  EXPECT_TRUE(page);
  return page && Matches(page->services.at(0), {.open_on = day, .today = std::string(today)});
}

TEST(OpenReferral, ADayIsOpenWhereAScheduleNamesIt) {
  using record::Weekday;
  EXPECT_TRUE(IsOpen(Opening(R"({"freq": "WEEKLY", "byday": "MO, TH"})"), Weekday::kThursday));
  EXPECT_FALSE(IsOpen(Opening(R"({"freq": "WEEKLY", "byday": "MO, TH"})"), Weekday::kFriday));
  EXPECT_TRUE(IsOpen(Opening(R"({"freq": "MONTHLY", "byday": "1MO,-1FR"})"), Weekday::kFriday));
  EXPECT_TRUE(IsOpen(Opening(R"({"freq": "DAILY"})"), Weekday::kSunday));
  for (const auto* schedule :
       {R"({"freq": "WEEKLY"})", R"({"byday": "every day"})", R"({"description": "Mondays"})"}) {
    EXPECT_FALSE(IsOpen(Opening(schedule), Weekday::kMonday)) << schedule;
  }
}

TEST(OpenReferral, AScheduleThatIsOverOpensNoDay) {
  constexpr auto kMonday = record::Weekday::kMonday;
  for (const auto* schedule :
       {R"({"byday": "MO", "valid_to": "2026-11-22"})",
        R"({"byday": "MO", "valid_from": "2026-11-24"})",
        R"({"byday": "MO", "until": "2026-11-22T10:00:00Z"})",
        R"({"byday": "MO", "valid_to": "2027-01-01", "until": "2026-11-01"})",
        R"({"byday": "MO", "valid_to": "some day"})"}) {
    EXPECT_FALSE(IsOpen(Opening(schedule), kMonday)) << schedule;
  }
  const std::string counts = Opening(
      R"({"freq": "WEEKLY", "byday": "MO", "valid_from": "2026-11-23", "valid_to": "2026-11-23"})");
  EXPECT_TRUE(IsOpen(counts, kMonday));
  EXPECT_THAT(Read(counts)->services.at(0).schedules,
              ElementsAre("WEEKLY, MO, from 2026-11-23, to 2026-11-23"));
}

TEST(OpenReferral, WhatCannotBeReadIsNamedByItsId) {
  const auto page = Read(PageOf(R"({"id": "s2", "name": "Nothing else", "status": "sometimes"})"));
  ASSERT_TRUE(page) << "its id is worth something to who asks for each by itself";
  EXPECT_TRUE(page->services.empty());
  EXPECT_THAT(page->unread, ElementsAre("s2"));
  EXPECT_EQ(page->entries, 1U);
  EXPECT_EQ(page->items, 2U);
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

// HSDS as tables: the same services as in pages, and a refuge that no broken file tells of.
#include "open_referral/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "described.h"
#include "kit/golden.h"
#include "kit/tables.h"
#include "open_referral/reader.h"

namespace milecastle::open_referral {
namespace {

using base::ErrorId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kServices =
    "== services.csv\nid,organization_id,name,status,description\n"
    "s1,o1,Haven,active,At 9 Marzipan Yard\n"
    "== organizations.csv\nid,name\no1,Hearth\n";
constexpr std::string_view kPlace =
    "== locations.csv\nid,name\nl1,Marzipan Yard\n"
    "== service_at_location.csv\nid,service_id,location_id\np1,s1,l1\n";

base::Result<record::DirectoryPage> Of(std::string_view text) {
  return ReadTables(kit::TablesOf(text));
}
base::Result<record::DirectoryPage> OfHaven(const std::string& more) {
  return Of(std::string(kServices) + std::string(kPlace) + more);
}
std::string Golden(const char* name) {
  return kit::GoldenInput(kit::SourceFolder("tests/golden/open_referral") / name);
}

TEST(OpenReferralTables, GiveTheServicesThatThePagesGive) {
  const auto tables = Of(Golden("lunch-clubs.tables"));
  const auto pages = Read(Golden("lunch-clubs-in-pages.json"));
  ASSERT_TRUE(tables && pages);
  EXPECT_EQ(tables->services, pages->services);
  EXPECT_THAT(tables->refused, IsEmpty());
}

TEST(OpenReferralTables, AServiceHasItsPlaceUntilATermSaysThatItIsARefuge) {
  const auto open = OfHaven("");
  ASSERT_TRUE(open);
  EXPECT_EQ(open->services.at(0).locations.size(), 1U);
  for (const auto* terms :
       {"== taxonomy_terms.csv\nid,name\nt9,Safe house\n"
        "== attributes.csv\nid,link_id,link_entity,taxonomy_term_id\nb1,s1,service,t9\n",
        "== attributes.csv\nid,link_id,taxonomy_term_id\nb1,s1,t9\n",
        "== taxonomy_terms.csv\nid,name\nt9,Food\nt9,Refuge\n"
        "== attributes.csv\nid,link_id,taxonomy_term_id\nb1,s1,t9\n"}) {
    const auto kept = OfHaven(terms);
    ASSERT_TRUE(kept) << terms;
    EXPECT_TRUE(kept->services.at(0).address_kept_back) << terms;
    EXPECT_THAT(Describe(kept->services.at(0)), testing::Not(HasSubstr("Marzipan"))) << terms;
  }
}

TEST(OpenReferralTables, WhereTermsCannotBeReadNothingIs) {
  for (const auto* broken :
       {"== attributes.csv\nid,link_id,taxonomy_term_id\nb1,s1\n",
        "== taxonomy_terms.csv\nid,name\nt9,\"Refuge\n",
        "== taxonomy_terms.csv\nid,name\nt9,Ref\"uge\"\n", "== attributes.csv\n",
        "== datapackage.json\n{\"resources\": [{\"name\": \"taxonomy_term\", "
        "\"path\": \"terms.csv\"}]}\n"}) {
    EXPECT_FALSE(OfHaven(broken)) << broken;
  }
}

TEST(OpenReferralTables, ARowIsRefusedWithItsFileLineAndColumn) {
  const auto page =
      Of("== services.csv\nid,organization_id,name,status\ns1,o1,\"Two\nlines\",active\n"
         "s2,o1,,active\n== organizations.csv\nid,name\no1,Hearth\n");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->services.size(), 1U);
  EXPECT_THAT(page->unread, ElementsAre("s2"));
  EXPECT_EQ(page->refused.at(0).place, "services.csv, line 4, column name");
}

TEST(OpenReferralTables, WhatIsNoDirectoryIsRefused) {
  for (const auto* text :
       {"", "== organizations.csv\nid,name\no1,Hearth\n", "== services.csv\n",
        "== services.csv\nid,id\n", "== services.csv\nid,name\n\"s1,Lunch\n",
        "== services.csv\nid\n== service.csv\nid\n",
        "== datapackage.json\n{\n== services.csv\nid\n",
        "== datapackage.json\n{\"resources\": [{\"name\": \"service\", \"path\": \"services.csv\", "
        "\"encoding\": \"klingon\"}]}\n== services.csv\nid\n",
        "== datapackage.json\n{\"resources\": [{\"name\": \"service\", \"path\": \"services.csv\", "
        "\"dialect\": {\"header\": false}}]}\n== services.csv\nid\n"}) {
    EXPECT_FALSE(Of(text)) << text;
  }
}

TEST(OpenReferralTables, AColumnCannotStandForWhatIsJoined) {
  const auto page =
      Of("== services.csv\nid,organization_id,name,status,attributes,Organization\n"
         "s1,o1,Lunch club,active,x,y\n== organizations.csv\nid,name\no1,Hearth\n");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->services.at(0).organisation, "Hearth");
  EXPECT_THAT(page->not_carried, ElementsAre("attributes", "organization"));
}

TEST(OpenReferralTables, WhatManySharedIsBounded) {
  std::string text = "== services.csv\nid,organization_id,name,status\n";
  std::string places = "== service_at_location.csv\nid,service_id,location_id\n";
  std::string addresses = "== addresses.csv\nid,location_id,address_1\n";
  const std::string long_line(2000, 'x');
  for (int i = 0; i < 4000; ++i) {
    const std::string id = std::to_string(i);
    text += "s" + id + ",o1,Lunch club,active\n";
    places += "p" + id + ",s" + id + ",l1\n";
    if (i < 100) addresses += "a" + id + ",l1," + long_line + "\n";
  }
  const auto page = Of(text + "== locations.csv\nid,name\nl1,Here\n" + places + addresses);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().id, ErrorId::kMessageTooLarge);
}

TEST(OpenReferralTables, AServiceThatIsTooLargeStaysAsItWasAndTheOthersAreRead) {
  std::string text =
      "== services.csv\nid,organization_id,name,status\ns1,o1,Lunch club,active\n"
      "s2,o1,Choir,active\n== phones.csv\nid,service_id,number\n";
  for (int i = 0; i < 200; ++i)
    text += std::to_string(i) + ",s1," + std::string(30'000, '0') + "\n";
  const auto page = Of(text);
  ASSERT_TRUE(page);
  EXPECT_THAT(page->unread, ElementsAre("s1"));
  EXPECT_EQ(page->services.at(0).id, "s2");
}

TEST(OpenReferralTables, OfManyBrokenRowsSomeAreNamedAndTheRestCounted) {
  std::string text = std::string(kServices) + "== phones.csv\nid,service_id,number\n";
  for (int i = 0; i < 3000; ++i) text += std::to_string(i) + ",s9,01632 960000\n";
  const auto page = Of(text);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->refused.size(), 1001U);
  EXPECT_THAT(page->refused.back().advice, HasSubstr("2000 more"));
}

}  // namespace
}  // namespace milecastle::open_referral

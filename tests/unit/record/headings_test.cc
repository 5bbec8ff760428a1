#include "record/headings.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

TEST(Headings, AreKnownByCodeAndByTitleHoweverItIsWritten) {
  EXPECT_EQ(SectionOfCode("886921000000105"), Section::kAllergies);
  EXPECT_EQ(SectionOfCode("48765-2"), Section::kAllergies);
  for (const std::string_view title :
       {"Allergies and adverse reactions:", "allergies-and-adverse-reactions", "ALLERGIES"}) {
    EXPECT_EQ(SectionOfTitle(title), Section::kAllergies) << title;
  }
  EXPECT_EQ(SectionOfTitle("Patient's reported condition "), Section::kContactsWithProfessionals);
}

TEST(Headings, OfTheStandardAreItsSections) {
  for (const SectionName& one : Sections()) EXPECT_EQ(SectionOfTitle(one.name), one.section);
}

// By code as by title, and whatever format it comes in.
TEST(Headings, TellOfAContactWhereTheySumItUpAndListNoProblem) {
  for (const std::string_view title : {"Clinical summary", "Clinical narrative",
                                       "Presenting complaints or issues", "presentingcomplaints"}) {
    EXPECT_EQ(SectionOfTitle(title), Section::kContactsWithProfessionals) << title;
  }
  for (const std::string_view code : {"887181000000106", "1077901000000108", "886891000000102"}) {
    EXPECT_EQ(SectionOfCode(code), Section::kContactsWithProfessionals) << code;
  }
}

TEST(Headings, AreOfAWholeSectionWhereNothingElseOfItStandsElsewhere) {
  for (const SectionName& one : Sections()) EXPECT_TRUE(IsWholeSection(one.name)) << one.name;
  for (const std::string_view whole : {"Allergies", "886921000000105", "10160-0"}) {
    EXPECT_TRUE(IsWholeSection(whole)) << whole;
  }
  for (const std::string_view part :
       {"Ended allergies", "Diagnoses", "Risks to self", "10183-2", "101600", "Weather", ""}) {
    EXPECT_FALSE(IsWholeSection(part)) << part;
  }
}

TEST(Headings, ThatNobodyKnowsAreNowhere) {
  EXPECT_EQ(SectionOfCode("487652"), std::nullopt) << "a code is compared as it stands";
  EXPECT_EQ(SectionOfCode(""), std::nullopt);
  EXPECT_EQ(SectionOfTitle("Weather"), std::nullopt);
  EXPECT_EQ(SectionOfTitle(" : "), std::nullopt);
}

}  // namespace
}  // namespace milecastle::record

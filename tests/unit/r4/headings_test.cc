#include "r4/headings.h"

#include <gtest/gtest.h>

namespace milecastle::r4 {
namespace {

record::Coded Code(std::string code) { return {"", {{"", std::move(code), ""}}}; }

TEST(Headings, AreKnownByCodeOfAnyListAndByTitle) {
  EXPECT_EQ(SectionOfHeading(Code("886921000000105"), ""), record::Section::kAllergies);
  EXPECT_EQ(SectionOfHeading(Code("plan-and-requested-actions"), ""),
            record::Section::kPlanAndActions);
  EXPECT_EQ(SectionOfHeading(Code("48765-2"), ""), record::Section::kAllergies);
  EXPECT_EQ(SectionOfHeading({}, "Safeguarding  Issues:"), record::Section::kSafeguarding);
  EXPECT_EQ(SectionOfHeading({"End of life care", {}}, ""), record::Section::kEndOfLifeCare);
}

TEST(Headings, ThatNobodyKnowsAreNowhere) {
  EXPECT_EQ(SectionOfHeading(Code("1"), "Weather"), std::nullopt);
  EXPECT_EQ(SectionOfHeading({}, ""), std::nullopt);
}

}  // namespace
}  // namespace milecastle::r4

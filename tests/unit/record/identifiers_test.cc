#include "record/identifiers.h"

#include <gtest/gtest.h>

#include "record/sections.h"

namespace milecastle::record {
namespace {

TEST(NhsNumber, AcceptsSpacesAndChecksTheCheckDigit) {
  EXPECT_EQ(NhsNumber::Parse("999 000 0018")->digits(), "9990000018");
  EXPECT_EQ(NhsNumber::Parse("999-000-0026")->digits(), "9990000026");
  EXPECT_EQ(NhsNumber::FaultOf("9990000019"), NhsNumber::Fault::kCheckDigit);
  EXPECT_EQ(NhsNumber::FaultOf("999000001"), NhsNumber::Fault::kForm);
  EXPECT_EQ(NhsNumber::FaultOf("99900000l8"), NhsNumber::Fault::kForm);
}

TEST(NhsNumber, NeverHoldsAPlaceholder) {
  EXPECT_EQ(NhsNumber::FaultOf("9999999999"), NhsNumber::Fault::kPlaceholder);
  EXPECT_EQ(NhsNumber::FaultOf("0000000000"), NhsNumber::Fault::kPlaceholder);
  EXPECT_FALSE(NhsNumber::Parse("4444444444"));
}

TEST(OdsCode, TakesCodesOfTheFieldAndNothingElse) {
  EXPECT_EQ(OdsCode::Parse(" rxx ")->text(), "RXX");
  EXPECT_EQ(OdsCode::Parse("5E1")->text(), "5E1");
  EXPECT_FALSE(OdsCode::Parse("R"));
  EXPECT_FALSE(OdsCode::Parse("RX X"));
  EXPECT_FALSE(OdsCode::Parse("A&E"));
}

TEST(Sections, HaveTheThirtyEightHeadingsOfTheStandard) {
  EXPECT_EQ(Sections().size(), 38U);
  for (const SectionName& line : Sections()) EXPECT_EQ(SectionOf(line.key), line.section);
}

}  // namespace
}  // namespace milecastle::record

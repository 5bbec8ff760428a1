// What R4 asks not to be done.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "community/adapter.h"

namespace milecastle::community {
namespace {

std::vector<record::Draft> DraftsOf(const std::string& type, const std::string& members) {
  const auto reading = MakeAdapter()->Read(
      R"({"resourceType":")" + type + R"(","id":"x","status":"active","subject":{"identifier":{
      "system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}},)" +
          members + "}",
      {});
  EXPECT_TRUE(reading.patients.front()) << members;
  return reading.patients.front() ? reading.patients.front()->drafts : std::vector<record::Draft>();
}

// What is not plainly false counts; of a type that has no such word nothing is made.
TEST(CommunitySafety, WhatIsAskedNotToBeDoneIsNeverAnOrder) {
  const std::string asked = R"("intent":"order","code":{"text":"CPR"},"doNotPerform":)";
  for (const char* const said : {"true", R"("yes")", "[true]"}) {
    const auto drafts = DraftsOf("ServiceRequest", asked + said);
    ASSERT_EQ(drafts.size(), 1U) << said;
    EXPECT_TRUE(drafts[0].entry.negated) << said;
  }
  const auto ordered = DraftsOf("ServiceRequest", asked + "false");
  ASSERT_EQ(ordered.size(), 1U);
  EXPECT_FALSE(ordered[0].entry.negated);
  EXPECT_TRUE(DraftsOf("DeviceRequest", R"("intent":"order","codeCodeableConcept":{
      "text":"Catheter"},"doNotPerform":true)")
                  .empty());
  EXPECT_TRUE(
      DraftsOf("Procedure", R"("code":{"text":"Intubation"},"focus":{"display":"Baby"})").empty());
}

}  // namespace
}  // namespace milecastle::community

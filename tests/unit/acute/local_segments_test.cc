// Local segments that a feed's mapping names (config/mappings).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "acute/adapter.h"
#include "kit/print.h"

namespace milecastle::acute {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kMessage =
    "MSH|^~\\&|PAS|RXX|MC|ICS|20261122||ADT^A08|M77|P|2.4\rPID|1||A1^^^RXX^MR||FOLEY^ANN\r"
    "PV1|1|I|WARD1\r"
    "ZRA|1|Large print^and time|sister||||Two to visit|left over\r"
    "ZRB|1|never named\r";

port::Feed FeedThatKnows() {
  port::Feed feed;
  feed.mapping.local_segments = {
      {"ZRA",
       record::Section::kIndividualRequirements,
       "Reasonable adjustments",
       {{2, "adjustment"}, {3, "agreed with"}}},
      {"ZRA", record::Section::kAlerts, "Risk to staff on a visit", {{7, "what to do"}}}};
  return feed;
}

std::string ReadBy(const port::Feed& feed, std::string_view message = kMessage) {
  const auto reading = MakeAdapter()->Read(message, feed);
  return kit::Print(*reading.patients.front());
}

TEST(AcuteLocalSegments, AreStatementsUnderTheHeadingThatTheMappingGives) {
  const std::string read = ReadBy(FeedThatKnows());
  EXPECT_THAT(read, HasSubstr("  section: individual_requirements\n  kind: statement\n"
                              "  what: \"Reasonable adjustments\"\n"
                              "  detail adjustment: Large print^and time\n"
                              "  detail agreed with: sister\n"));
  EXPECT_THAT(read, HasSubstr("  section: alerts\n  kind: statement\n"
                              "  what: \"Risk to staff on a visit\"\n"
                              "  detail what to do: Two to visit\n"));
}

TEST(AcuteLocalSegments, WhatTheMappingDoesNotNameIsListed) {
  const std::string read = ReadBy(FeedThatKnows());
  EXPECT_THAT(read, HasSubstr("not carried ZRA-8: no place in the record\n"));
  EXPECT_THAT(read, HasSubstr("not carried ZRB: local segment: kept in the journal, not mapped\n"));
  EXPECT_THAT(read, Not(HasSubstr("left over")));
}

TEST(AcuteLocalSegments, WithoutAMappingNoneIsCarried) {
  const std::string read = ReadBy({});
  EXPECT_THAT(read, HasSubstr("not carried ZRA: local segment: kept in the journal, not mapped\n"));
  EXPECT_THAT(read, Not(HasSubstr("Large print")));
}

TEST(AcuteLocalSegments, AFirstFieldMayBeCarriedAlone) {
  port::Feed feed;
  feed.mapping.local_segments = {{"ZRB", record::Section::kAlerts, "Alert", {{1, "number"}}}};
  const std::string read = ReadBy(feed);
  EXPECT_THAT(read, HasSubstr("  detail number: 1\n"));
  EXPECT_THAT(read, HasSubstr("not carried ZRB-2: no place in the record\n"));
}

TEST(AcuteLocalSegments, ANullSaysNothingAndAnEmptySegmentMakesNoStatement) {
  std::string message(kMessage);
  message.replace(message.find("Large print^and time|sister||||Two to visit|left over"), 53,
                  "\"\"|\"\"");
  EXPECT_THAT(ReadBy(FeedThatKnows(), message), Not(HasSubstr("Reasonable adjustments")));
}

TEST(AcuteLocalSegments, TheFeedsCodeSystemsAndUnitsAreNamedByTheirStandards) {
  port::Feed feed;
  feed.mapping.code_systems["quayside-lab"] = "https://quayside.example/codes/laboratory";
  feed.mapping.units["mls"] = "mL";
  const std::string read = ReadBy(
      feed,
      "MSH|^~\\&|LIMS|RXX|MC|ICS|20261122||ORU^R01|M78|P|2.4\rPID|1||A1^^^RXX^MR||FOLEY^ANN\r"
      "OBR|1||F1|U^Urine^QUAYSIDE-LAB|||20261121\rOBX|1|NM|V^Volume^QUAYSIDE-LAB||5|mls|||||F\r");
  EXPECT_THAT(read, HasSubstr("[https://quayside.example/codes/laboratory|V|"));
  EXPECT_THAT(read, HasSubstr("  value unit: mls\n  value unit code: mL\n"));
}

}  // namespace
}  // namespace milecastle::acute

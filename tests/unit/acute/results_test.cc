// What of a result stands: which of two versions is the later one, and what a report's own status
// makes of its lines.
#include <gtest/gtest.h>

#include "message.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using record::Order;

record::Contribution Report(const std::string& reported, const std::string& status,
                            const std::string& line, const std::string& sent) {
  const std::string obr = Field(Field("OBR|1|P1|F1|UE", 22, reported), 25, status);
  return ReadWell("ORU^R01",
                  std::string(kPid) + obr + "\rOBX|1|NM|K||4.1|mmol/L|||||" + line + "\r", sent);
}

// Of every entry of the first against that of the same name in the second.
Order Between(const record::Contribution& came, const record::Contribution& other) {
  EXPECT_EQ(came.drafts.size(), 2U);
  EXPECT_EQ(other.drafts.size(), 2U);
  const Order report = record::OrderOf(came.drafts[0].version, other.drafts[0].version);
  EXPECT_EQ(came.drafts[1].source_key, other.drafts[1].source_key);
  EXPECT_EQ(record::OrderOf(came.drafts[1].version, other.drafts[1].version), report);
  return report;
}

TEST(AcuteResults, AnOlderReportIsKnownByItsOwnTimeElseByThatOfItsMessage) {
  const auto corrected = Report("20261122120000", "C", "C", "20261122120100");
  EXPECT_EQ(Between(Report("20261122100000", "F", "F", "20261122130000"), corrected), Order::kOlder)
      << "sent again, later than the correction";
  EXPECT_EQ(Between(Report("20261122140000", "F", "F", "20261122120000"), corrected),
            Order::kNewer);
  EXPECT_EQ(Between(Report("20261122120000", "F", "F", "20261122100000"), corrected),
            Order::kUnknown)
      << "of one time: they stand as they come";
  EXPECT_EQ(Between(Report("20261122", "F", "F", "20261122100000"), corrected), Order::kUnknown)
      << "some time of that day";
  EXPECT_EQ(Between(Report("", "F", "F", "20261122100000"), corrected), Order::kOlder);
  EXPECT_EQ(Between(Report("", "F", "F", "20261122130000"), corrected), Order::kNewer);
  EXPECT_EQ(Between(Report("", "F", "F", ""), corrected), Order::kUnknown);
}

// A clock that goes wrong holds nothing back.
TEST(AcuteResults, AReportOfTheFutureIsOrderedByItsMessage) {
  const auto now = record::When::ParseHl7("20261122130000+0000")->at;
  const auto ahead =
      record::NotAfter(Report("20301122120000", "F", "F", "20261122120000").drafts[1].version, now);
  const auto next = Report("20261122125000", "C", "C", "20261122125000").drafts[1].version;
  EXPECT_EQ(record::OrderOf(next, ahead), Order::kNewer);
}

TEST(AcuteResults, ADeletionIsOfTheTimeOfItsMessage) {
  const auto deletion = Report("20261122120000", "F", "D", "20261122120000");
  ASSERT_EQ(deletion.withdrawn_keys.size(), 1U);
  const auto late = Report("20261122100000", "F", "F", "20261122100000");
  EXPECT_EQ(record::OrderOf(late.drafts[1].version, deletion.version), Order::kOlder);
}

TEST(AcuteResults, OfACancelledReportNoLineIsFinal) {
  const auto status = [](const std::string& report, const std::string& line) {
    return Report("", report, line, "20261122").drafts.at(1).entry.status;
  };
  EXPECT_EQ(status("X", "F"), ClinicalStatus::kCancelled);
  EXPECT_EQ(status("X", "P"), ClinicalStatus::kCancelled);
  EXPECT_EQ(status("F", "X"), ClinicalStatus::kCancelled);
  EXPECT_EQ(status("P", "F"), ClinicalStatus::kCompleted) << "one line of a report may be final";
  EXPECT_EQ(status("F", "F"), ClinicalStatus::kCompleted);
}

std::string SidesOf(const std::string& pr1) {
  const auto read = ReadWell("ADT^A08", std::string(kPid) + "PV1|1|I\r" + pr1 + "\r");
  std::string sides;
  for (const auto& draft : read.drafts) {
    for (const auto& detail : draft.entry.details) {
      if (detail.name == "modifier") {
        const auto& side = detail.coded.codings.at(0);
        sides += (side.display.empty() ? side.code : side.display) + ";";
      }
    }
  }
  return sides;
}

TEST(AcuteProcedures, KeepTheSideOfTheBody) {
  const std::string knee = "PR1|1||W40^Knee replacement^OPCS4||20261101";
  EXPECT_EQ(SidesOf(Field(knee, 16, "RT^Right side^HCPCS")), "Right side;");
  EXPECT_EQ(SidesOf(Field(knee, 16, "LT")), "LT;");
  EXPECT_EQ(SidesOf(Field(knee, 16, "RT^Right^HCPCS~X^Open approach^L")), "Right;Open approach;");
  EXPECT_EQ(SidesOf(knee), "");
}

}  // namespace
}  // namespace milecastle::acute

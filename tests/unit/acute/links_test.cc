// What a labelled visit, appointment, referral or order is given away by belongs to it, in one
// message and in those that come before or behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "acute/adapter.h"
#include "kit/bearers.h"

namespace milecastle::acute {
namespace {

using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

constexpr std::string_view kPid = "PID|1||9990000018^^^NHS^NH\r";

std::string Visit(std::string_view number, std::string_view clinic = "") {
  return "PV1|1|O|" + std::string(clinic) + std::string(16, '|') + std::string(number) + "\r";
}

// Up to the field of that number.
std::string Pad(std::string segment, std::size_t number) {
  while (static_cast<std::size_t>(std::count(segment.begin(), segment.end(), '|')) < number) {
    segment += '|';
  }
  return segment;
}

// Messages of one source, in any order.
class Told {
 public:
  Told& By(const std::string& event, const std::string& segments) {
    const std::string message =
        "MSH|^~\\&|PAS|RXX|||20261122||" + event + "|1|P|2.5.1\r" + std::string(kPid) + segments;
    auto reading = MakeAdapter()->Read(message, {});
    EXPECT_TRUE(reading.patients.front())
        << event << ": " << base::Describe(reading.patients.front().error());
    if (reading.patients.front()) bearers_.Add(std::move(reading.patients.front()->drafts));
    return *this;
  }
  std::multiset<std::string> Bearers() const { return bearers_.Names(); }

 private:
  kit::Bearers bearers_;
};

const std::string kOfAVisit =
    "OBX|1|NM|W^Weight||70\rAL1|1|DA|PEN^Penicillin\rDG1|1||A54^Infection^I10\r"
    "PR1|1||X1^Treatment\rZU3||||\r";

TEST(AcuteLinks, WhatAMessageSaysOfALabelledVisitBearsItsLabel) {
  Told told;
  told.By("ADT^A01", Visit("V1", "GUM") + kOfAVisit);
  EXPECT_THAT(told.Bearers(), UnorderedElementsAre("Weight", "Infection", "Treatment"));
}

TEST(AcuteLinks, AVisitWithoutANumberHasWhatCameWithIt) {
  Told told;
  told.By("ADT^A01", Visit("", "GUM") + kOfAVisit);
  EXPECT_THAT(told.Bearers(), IsSupersetOf({"Infection", "Treatment"}));
}

TEST(AcuteLinks, WhatComesByTheVisitsNumberBearsItsLabelInEitherOrder) {
  const std::pair<std::string, std::string> visit = {"ADT^A01", Visit("V1", "GUM")};
  const std::vector<std::pair<std::string, std::string>> later = {
      {"ORU^R01", Visit("V1") + "OBR|1|P1|F1|S^Swab\rOBX|1|ST|C^Culture||growth\r"},
      {"MDM^T02",
       Visit("V1") + "TXA|1|L^Letter||20261122||||||||D1\rOBX|1|TX|T^Text||Dear doctor\r"},
      {"BAR^P01", Visit("V1") + "DG1|1||A54^Infection^I10\rPR1|1||X1^Treatment\r"},
      {"SIU^S12", "SCH|A1|A2|||||Review\r" + Visit("V1") + "AIS|1||R^Review\r"},
      {"OML^O21", Visit("V1") + "ORC|NW|P2\rOBR|1|P2||U^Urine\r"},
      {"REF^I12", "RF1|||D^To a ward|||R1\rPRD|RP|A^B\r" + Visit("V1")}};
  Told before;
  Told after;
  for (const auto& [event, segments] : later) before.By(event, segments);
  before.By(visit.first, visit.second);
  after.By(visit.first, visit.second);
  for (const auto& [event, segments] : later) after.By(event, segments);
  for (const Told* told : {&before, &after}) {
    EXPECT_THAT(told->Bearers(), IsSupersetOf({"Swab", "Culture", "Letter", "Infection",
                                               "Treatment", "Review", "Urine", "To a ward"}));
  }
}

TEST(AcuteLinks, APlannedVisitLabelsWhatComesBeforeItBegins) {
  Told told;
  told.By("ORU^R01", Visit("V1") + "OBR|1|P1|F1|S^Swab\rOBX|1|ST|C^Culture||growth\r")
      .By("ADT^A05", Visit("V1", "GUM") + "DG1|1||A54^Infection^I10\r");
  EXPECT_THAT(told.Bearers(), UnorderedElementsAre("Swab", "Culture", "Infection"));
}

TEST(AcuteLinks, OneDiagnosisLabelsTheVisitAndNotAllThatIsSaidOfIt) {
  Told told;
  told.By("ADT^A03", Visit("V1", "WARD") + "DG1|1||Z1^GUM^I10\rDG1|2||I48^Fibrillation^I10\r")
      .By("ORU^R01", Visit("V1") + "OBR|1|P1|F1|U^Urea\rOBX|1|NM|U^Urea||5\r");
  EXPECT_THAT(told.Bearers(), UnorderedElementsAre("Outpatient attendance"));
}

TEST(AcuteLinks, AnotherVisitIsNotLabelled) {
  Told told;
  told.By("ADT^A01", Visit("V1", "GUM")).By("ADT^A01", Visit("V2", "WARD") + kOfAVisit);
  EXPECT_TRUE(told.Bearers().empty());
}

TEST(AcuteLinks, AnEventOnThePersonIsOfNoVisit) {
  Told told;
  told.By("ADT^A01", Visit("V1", "GUM")).By("ADT^A31", Visit("V1") + kOfAVisit);
  EXPECT_TRUE(told.Bearers().empty());
}

TEST(AcuteLinks, WhatCameWithALabelledAppointmentOrReferralBearsItsLabel) {
  Told appointment;
  appointment.By("SIU^S12",
                 "SCH|A1|A2\rDG1|1||A54^Infection^I10\rOBX|1|NM|W^Weight||70\r"
                 "AIS|1||R^GUM\r");
  EXPECT_THAT(appointment.Bearers(), UnorderedElementsAre("Infection", "Weight"));
  Told referral;
  referral.By("REF^I12",
              "RF1|||D^GUM|||R1\rPRD|RP|A^B\rDG1|1||A54^Infection^I10\rPR1|1||X1^Treatment\r"
              "OBR|1|P1|F1|S^Swab\rOBX|1|ST|C^Culture||growth\rOBR|2|P2||U^Urine\r");
  EXPECT_THAT(referral.Bearers(),
              UnorderedElementsAre("Infection", "Treatment", "Swab", "Culture", "Urine"));
}

TEST(AcuteLinks, AQuestionAboutALabelledReferralBearsItsLabel) {
  Told told;
  told.By("REF^I12", "RF1|||D^GUM|||R1\rPRD|RP|A^B\r")
      .By("REF^I15", "RF1||||||R1\rPRD|RP|A^B\rDG1|1||A54^Infection^I10\r");
  EXPECT_THAT(told.Bearers(), UnorderedElementsAre("Infection"));
}

// The order names its reason; a diagnosis that stands with it is one.
TEST(AcuteLinks, WhatALabelledOrderLedToBearsItsLabelInEitherOrder) {
  const std::string order = "ORC|NW|P1^PAS\rOBR|1|P1^PAS||S^GUM\r";
  const std::vector<std::pair<std::string, std::string>> others = {
      {"OML^O21", order + "DG1|1||A54^Infection^I10\r"},
      {"ORU^R01", "OBR|1|P1^PAS|F1^LAB|S^Report\rOBX|1|ST|C^Culture||growth\r"},
      {"ORU^R01", "ORC|RE|P1^PAS\rOBR|1||F2^LAB|S^Second\r"},
      {"ORU^R01", Pad("OBR|1||F3^LAB|R^Child", 29) + "P1&PAS\r"},
      {"OML^O21", "ORC|NW|P9||||||P1&PAS\rOBR|1|P9||U^Further\r"},
      {"SIU^S12", Pad("SCH|A1|A2", 26) + "P1^PAS\rAIS|1||V^Visit\r"},
      {"MDM^T02", Pad("TXA|1|L^Letter||20261122||||||||D1", 14) + "P1^PAS\rOBX|1|TX|T||Dear\r"}};
  for (const bool first : {true, false}) {
    Told told;
    if (first) told.By(others.front().first, others.front().second);
    for (std::size_t i = 1; i < others.size(); ++i) told.By(others[i].first, others[i].second);
    if (!first) told.By(others.front().first, others.front().second);
    EXPECT_THAT(told.Bearers(), IsSupersetOf({"Infection", "Report", "Culture", "Second", "Child",
                                              "Further", "Visit", "Letter"}));
  }
}

TEST(AcuteLinks, WhatWasDispensedOrGivenOnALabelledPrescriptionBearsItsLabelInEitherOrder) {
  const std::pair<std::string, std::string> order = {"OMP^O09", "ORC|NW|P1^PAS\rRXO|M^GUM|1\r"};
  for (const bool first : {true, false}) {
    Told told;
    if (first) told.By(order.first, order.second);
    told.By("RDS^O13", "ORC|RE|P1^PAS\rRXD|1|D^Dispensed|20261122\r")
        .By("RAS^O17", "ORC|RE|P1^PAS\rRXA|0|1|20261122||G^Given|1\r")
        .By("VXU^V04", "ORC|RE|P1^PAS|V9\rRXA|0|1|20261122||J^Jab|1|||||||||||||||CP\r");
    if (!first) told.By(order.first, order.second);
    EXPECT_THAT(told.Bearers(), UnorderedElementsAre("Dispensed", "Given", "Jab"));
  }
}

TEST(AcuteLinks, AnOrderThatIsKnownByTheFillersNumberAloneIsFoundByIt) {
  Told told;
  told.By("OML^O21", "ORC|SN||F1\rOBR|1||F1|S^GUM\r").By("ORU^R01", "OBR|1|P1|F1|S^Report\r");
  EXPECT_THAT(told.Bearers(), UnorderedElementsAre("Report"));
}

TEST(AcuteLinks, ManyEntriesOfOneVisitTakeTimeInProportion) {
  std::string segments = Visit("V1", "GUM");
  for (int i = 0; i < 9000; ++i) segments += "DG1|1||C" + std::to_string(i) + "^X\r";
  Told told;
  told.By("ADT^A01", segments).By("OML^O21", segments + "ORC|NW|P1\rOBR|1|P1||S^Swab\r");
  EXPECT_EQ(told.Bearers().size(), 9000U);
}

}  // namespace
}  // namespace milecastle::acute

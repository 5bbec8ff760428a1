// One order number for several tests, as laboratories give it: each is known for itself, and what
// is said of the number alone is said of all of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message.h"
#include "record/document_key.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

record::Contribution Order(const std::string& segments, const std::string& event = "ORM^O01") {
  return ReadWell(event, std::string(kPid) + segments);
}

const std::string kUrea = "OBR|1|P1^PAS||UE^Urea and electrolytes^99PAS\r";
const std::string kPotassium = "OBR|1|P1^PAS||K^Potassium^99PAS\r";

TEST(AcuteRequests, TwoTestsOfOneNumberStandBesideEachOther) {
  for (const std::string event : {"ORM^O01", "OML^O21", "OMG^O19", "ORL^O22"}) {
    for (const std::string orc : {"ORC|NW|P1^PAS\r", "ORC|NW||F1^LIMS\r", "ORC|NW|P1|F1\r"}) {
      const auto urea = Order(orc + "OBR|1|||UE^Urea and electrolytes\r", event);
      const auto potassium = Order(orc + "OBR|1|||K^Potassium\r", event);
      const auto words = Order(orc + "OBR|1|||^Blood film\r", event);
      ASSERT_THAT(urea.drafts, SizeIs(1));
      const std::string& key = urea.drafts[0].source_key;
      for (const auto& other : {potassium, words}) {
        ASSERT_THAT(other.drafts, SizeIs(1));
        EXPECT_NE(other.drafts[0].source_key, key) << event << orc;
        EXPECT_THAT(other.withdrawn_keys, Not(Contains(key)));
        EXPECT_THAT(other.replaced_documents, IsEmpty());
      }
    }
  }
}

TEST(AcuteRequests, TheSameTestOfTheSameOrderIsSentAgainUnderItsKey) {
  const auto first = Order("ORC|NW|P1^PAS\r" + kUrea);
  for (const std::string& again :
       {std::string("ORC|SC|P1^PAS|F1^LIMS||IP\r") + kUrea, "ORC|CA|P1^PAS\r" + kUrea,
        std::string("ORC|OK|P1^PAS\rOBR|1|||UE^U and Es^99LIMS\r"),
        std::string("ORC|NW|P1^PAS\rOBR|1|||K^Potassium\rORC|SC|P1^PAS\rOBR|2|||ue^Urea\r")}) {
    const auto later = Order(again);
    EXPECT_EQ(later.drafts.back().source_key, first.drafts[0].source_key) << again;
    EXPECT_THAT(later.withdrawn_keys, Not(Contains(first.drafts[0].source_key)));
  }
}

TEST(AcuteRequests, ATestWithAnotherCodeFirstIsTheSameTest) {
  const auto first = Order("ORC|NW|P1\rOBR|1|||UE^Urea^99PAS\r");
  const auto later = Order("ORC|CA|P1\rOBR|1|||1020^Urea^SCT^UE^Urea^99PAS\r");
  EXPECT_THAT(later.withdrawn_keys, Contains(first.drafts[0].source_key));
}

TEST(AcuteRequests, ATestThatWasToldByTheFillersNumberAloneDoesNotStandBesideItself) {
  const auto first = Order("ORC|SC||F1\rOBR|1|||UE^Urea\r");
  const auto later = Order("ORC|SC|P1|F1\rOBR|1|||UE^Urea\r");
  EXPECT_THAT(later.withdrawn_keys, Contains(first.drafts[0].source_key));
}

TEST(AcuteRequests, WhatIsSaidOfTheNumberAloneEndsOrHoldsEveryTestOfIt) {
  const auto urea = Order("ORC|NW|P1^PAS\r" + kUrea);
  const auto potassium = Order("ORC|NW|P1^PAS\r" + kPotassium);
  const auto other = Order("ORC|NW|P10^PAS\rOBR|1|||UE^Urea\r");
  struct Case {
    std::string segments;
    ClinicalStatus status;
  };
  for (const Case& one :
       std::vector<Case>{{"ORC|CA|P1^PAS\r", ClinicalStatus::kCancelled},
                         {"ORC|DC|P1^PAS|F1\r", ClinicalStatus::kStopped},
                         {"ORC|HD|P1^PAS\r", ClinicalStatus::kOnHold},
                         {"ORC|CA|P1^PAS\rOBR|1|P1^PAS\r", ClinicalStatus::kCancelled},
                         {Field("ORC|SC|P1^PAS\rOBR|1", 25 + 2, "X\r"), ClinicalStatus::kCancelled},
                         {"ORC|SC|P1^PAS|||CA\r", ClinicalStatus::kCancelled}}) {
    const auto ended = Order(one.segments);
    ASSERT_THAT(ended.drafts, SizeIs(1)) << one.segments;
    EXPECT_EQ(ended.drafts[0].entry.status, one.status) << one.segments;
    const std::string& order = ended.drafts[0].source_key;
    EXPECT_THAT(ended.replaced_documents, Contains(order)) << one.segments;
    EXPECT_TRUE(record::IsOfDocument(urea.drafts[0].source_key, order));
    EXPECT_TRUE(record::IsOfDocument(potassium.drafts[0].source_key, order));
    EXPECT_FALSE(record::IsOfDocument(other.drafts[0].source_key, order));
  }
}

TEST(AcuteRequests, ACancellationThatNamesItsTestEndsThatTestAlone) {
  const auto urea = Order("ORC|NW|P1^PAS\r" + kUrea);
  const auto ended = Order("ORC|CA|P1^PAS\r" + kPotassium);
  EXPECT_EQ(ended.drafts[0].entry.status, ClinicalStatus::kCancelled);
  EXPECT_THAT(ended.replaced_documents, IsEmpty());
  EXPECT_THAT(ended.withdrawn_keys, Not(Contains(urea.drafts[0].source_key)));
}

TEST(AcuteRequests, ATestThatIsToldAfterItsNumberWasHeldTakesThatBack) {
  const auto held = Order("ORC|HD|P1^PAS\r");
  const auto released = Order("ORC|RL|P1^PAS\r" + kUrea);
  EXPECT_THAT(released.withdrawn_keys, Contains(held.drafts[0].source_key));
}

TEST(AcuteRequests, WhatEndsTheNumberEndsItsTestsOfTheSameMessageThatStandBeforeIt) {
  const auto read =
      Order("ORC|NW|P1^PAS\r" + kUrea + "ORC|NW|P2\rOBR|2|||K^Potassium\r" + "ORC|CA|P1^PAS\r");
  ASSERT_THAT(read.drafts, SizeIs(3));
  EXPECT_EQ(read.drafts[0].entry.status, ClinicalStatus::kCancelled);
  EXPECT_EQ(read.drafts[0].entry.intent, record::Intent::kNotDone);
  EXPECT_EQ(read.drafts[1].entry.status, ClinicalStatus::kActive);
  for (const auto& draft : read.drafts) {
    EXPECT_THAT(read.withdrawn_keys, Not(Contains(draft.source_key)));
  }
}

TEST(AcuteRequests, AResultLeadsToItsRequest) {
  const auto urea = Order("ORC|NW|P1^PAS\r" + kUrea);
  const auto potassium = Order("ORC|NW||F1^LIMS\rOBR|1|||K^Potassium\r");
  const auto results = Order(
      "ORC|RE|P1^PAS|F1^LIMS\rOBR|1|P1^PAS|F1^LIMS|UE^Urea^99LIMS\rOBX|1|NM|U^Urea||4||||||F\r"
      "ORC|RE||F1^LIMS\rOBR|2|||K^Potassium\rOBX|1|NM|K^Potassium||4||||||F\r"
      "ORC|RE\rOBR|3|||NA^Sodium\r",
      "ORU^R01");
  // Of those that lead to anything: either number may be the one that a request is known by.
  std::vector<std::vector<record::Link>> links;
  for (const auto& draft : results.drafts) {
    if (draft.entry.kind != record::Kind::kReport) continue;
    links.push_back(draft.entry.links);
    std::erase_if(links.back(), [&](const record::Link& link) {
      return link.key != urea.drafts[0].source_key && link.key != potassium.drafts[0].source_key;
    });
  }
  EXPECT_THAT(links,
              ElementsAre(ElementsAre(record::Link{"requested by", urea.drafts[0].source_key}),
                          ElementsAre(record::Link{"requested by", potassium.drafts[0].source_key}),
                          IsEmpty()));
}

TEST(AcuteRequests, ManyOfOneNumberTakeTimeInProportion) {
  std::string segments;
  for (int i = 0; i < 6500; ++i) {
    const std::string number = std::to_string(i);
    segments += "ORC|NW|P1|F1\rOBR|1|||T" + number + "^Test\rORC|CA|P1|F" + number + "\r";
  }
  EXPECT_THAT(Order(segments).drafts, SizeIs(13000));
}

}  // namespace
}  // namespace milecastle::acute

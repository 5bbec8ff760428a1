// What was asked for is never told as done, and what was ended by either of two things that a
// message says of it is never told as current: appointments, referrals, orders and medicines.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "acute/adapter.h"
#include "kit/print.h"
#include "message.h"
#include "record/document_key.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using record::Intent;
using record::Section;

record::Contribution Appointment(const std::string& trigger, std::string_view status) {
  return ReadWell("SIU^" + trigger, Field("SCH|P1|F1", 25, status) + "\r" + std::string(kPid));
}

TEST(AcuteAppointments, TheTighterOfEventAndFillerStatusHolds) {
  struct Case {
    std::string trigger;
    std::string_view status;
    ClinicalStatus becomes;
    Intent intent;
  };
  for (const Case& one :
       std::vector<Case>{{"S12", "Booked", ClinicalStatus::kPlanned, Intent::kPlanned},
                         {"S12", "Cancelled", ClinicalStatus::kCancelled, Intent::kNotDone},
                         {"S14", "Noshow", ClinicalStatus::kCancelled, Intent::kNotDone},
                         {"S15", "Booked", ClinicalStatus::kCancelled, Intent::kNotDone},
                         {"S15", "Complete", ClinicalStatus::kCancelled, Intent::kNotDone},
                         {"S15", "", ClinicalStatus::kCancelled, Intent::kNotDone},
                         {"S16", "Booked", ClinicalStatus::kStopped, Intent::kUnstated},
                         {"S26", "Complete", ClinicalStatus::kCancelled, Intent::kNotDone},
                         {"S26", "", ClinicalStatus::kCancelled, Intent::kNotDone}}) {
    const auto read = Appointment(one.trigger, one.status);
    ASSERT_EQ(read.drafts.size(), 1U);
    EXPECT_EQ(read.drafts[0].entry.status, one.becomes) << one.trigger << one.status;
    EXPECT_EQ(read.drafts[0].entry.intent, one.intent) << one.trigger << one.status;
  }
}

TEST(AcuteAppointments, WhatIsCancelledNotAttendedOrDeletedEndsTheRelationshipThatBookingMade) {
  const auto booked = Appointment("S12", "Booked");
  ASSERT_TRUE(booked.encounter);
  EXPECT_EQ(booked.encounter->change, record::EncounterChange::kPlanned);
  for (const std::string trigger : {"S15", "S16", "S17", "S26"}) {
    const auto ended = Appointment(trigger, "Booked");
    ASSERT_TRUE(ended.encounter) << trigger;
    EXPECT_EQ(ended.encounter->change, record::EncounterChange::kOpeningCancelled) << trigger;
    EXPECT_EQ(ended.encounter->number, booked.encounter->number) << trigger;
  }
}

TEST(AcuteAppointments, AVisitUnderWayIsNotTheAppointmentThatIsCancelled) {
  const auto read =
      ReadWell("SIU^S15", "SCH|P1|F1\r" + std::string(kPid) + Field("PV1|1|I", 19, "V70") + "\r");
  ASSERT_TRUE(read.encounter);
  EXPECT_NE(read.encounter->number, "V70");
}

TEST(AcuteAppointments, ADeletedOneTakesBackWhatCameWithIt) {
  const std::string rest = std::string(kPid) + "DG1|1||I48^Fibrillation^I10\r";
  const auto booked = ReadWell("SIU^S12", "SCH|P1|F1\r" + rest);
  ASSERT_EQ(booked.drafts.size(), 2U);
  const auto deleted = ReadWell("SIU^S17", "SCH|P1|F1\r" + rest);
  EXPECT_TRUE(deleted.drafts.empty());
  for (const auto& draft : booked.drafts) {
    EXPECT_EQ(
        std::count(deleted.withdrawn_keys.begin(), deleted.withdrawn_keys.end(), draft.source_key),
        1);
  }
}

// What came with a deleted one ends, told again or not.
std::vector<std::string> LeftBy(const record::Contribution& deletion,
                                const record::Contribution& before) {
  std::vector<std::string> left;
  for (const auto& draft : before.drafts) {
    const auto& gone = deletion.withdrawn_keys;
    const auto& all = deletion.replaced_documents;
    const bool is_gone = std::find(gone.begin(), gone.end(), draft.source_key) != gone.end() ||
                         std::any_of(all.begin(), all.end(), [&](const std::string& key) {
                           return record::IsOfDocument(draft.source_key, key);
                         });
    const auto& what = draft.entry.what;
    if (!is_gone) left.push_back(what.text.empty() ? what.codings.at(0).display : what.text);
  }
  return left;
}

TEST(AcuteAppointments, ADeletedOneTakesBackWhatCameWithItWithoutTellingItAgain) {
  const std::string rest =
      std::string(kPid) + "DG1|1||I48^Fibrillation^I10\rOBX|1|NM|W^Weight||70\r";
  const auto booked = ReadWell("SIU^S12", "SCH|P1|F1\r" + rest);
  ASSERT_EQ(booked.drafts.size(), 3U);
  const auto deleted = ReadWell("SIU^S17", "SCH|P1|F1\r" + std::string(kPid));
  EXPECT_TRUE(LeftBy(deleted, booked).empty());
  EXPECT_TRUE(LeftBy(deleted, ReadWell("SIU^S12", "SCH|P1\r" + rest)).empty())
      << "told by the placer's number alone";
}

TEST(AcuteAppointments, OneThatWasToldByThePlacersNumberAloneDoesNotStandBesideItself) {
  const auto asked = ReadWell("SIU^S12", "SCH|P1\r" + std::string(kPid));
  const auto booked = ReadWell("SIU^S12", "SCH|P1|F1\r" + std::string(kPid));
  EXPECT_EQ(booked.withdrawn_keys, std::vector<std::string>{asked.drafts[0].source_key});
}

TEST(AcuteAppointments, ManyResourcesTakeTimeInProportion) {
  std::string message = "SCH|P1|F1\r" + std::string(kPid);
  for (int i = 0; i < 18000; ++i) message += "AIP|1||" + std::to_string(i) + "^NAME\r";
  EXPECT_EQ(ReadWell("SIU^S12", message).drafts[0].entry.performers.size(), 18000U);
}

TEST(AcuteOrders, ManyOrdersOfOneVisitTellItsPeopleNotEachTime) {
  std::string message = std::string(kPid) + "PV1|1|I|||||1^A~2^B~3^C~4^D\r";
  for (int i = 0; i < 1000; ++i) message += "ORC|NW|P" + std::to_string(i) + "\rOBR|1|||U\r";
  for (const std::string event : {"OML^O21", "ORU^R01"}) {
    const auto read = ReadWell(event, message);
    std::size_t told = 0;
    for (const auto& draft : read.drafts) told += draft.entry.performers.size();
    EXPECT_EQ(read.drafts.size(), 1000U) << event;
    EXPECT_EQ(told, 4U * 200U) << event;
  }
}

TEST(AcuteOrders, TheTighterOfControlAndStatusHolds) {
  struct Case {
    std::string control;
    std::string status;
    ClinicalStatus becomes;
  };
  for (const Case& one : std::vector<Case>{{"NW", "", ClinicalStatus::kActive},
                                           {"NW", "DC", ClinicalStatus::kStopped},
                                           {"SC", "CM", ClinicalStatus::kCompleted},
                                           {"SC", "CA", ClinicalStatus::kCancelled},
                                           {"CA", "IP", ClinicalStatus::kCancelled},
                                           {"CA", "CM", ClinicalStatus::kCancelled},
                                           {"DC", "IP", ClinicalStatus::kStopped},
                                           {"HD", "IP", ClinicalStatus::kOnHold},
                                           {"RL", "HD", ClinicalStatus::kOnHold},
                                           {"RP", "", ClinicalStatus::kStopped},
                                           {"XO", "", ClinicalStatus::kActive},
                                           {"UA", "SC", ClinicalStatus::kCancelled},
                                           {"ZZ", "", ClinicalStatus::kUnstated}}) {
    const auto read = ReadWell("ORM^O01", std::string(kPid) + "ORC|" + one.control + "|P1|||" +
                                              one.status + "\rOBR|1|P1||UE^Urea\r");
    ASSERT_EQ(read.drafts.size(), 1U);
    const auto& entry = read.drafts[0].entry;
    EXPECT_EQ(entry.status, one.becomes) << one.control << " " << one.status;
    EXPECT_EQ(entry.section, Section::kInvestigationsRequested);
    EXPECT_EQ(entry.kind, record::Kind::kRequest) << "an order is no result";
    EXPECT_NE(entry.intent, Intent::kDone);
  }
}

TEST(AcuteOrders, AMedicineThatWasOrderedIsNotOneThatWasTaken) {
  const std::string order = std::string(kPid) + "ORC|NW|P1\r";
  for (const auto& [event, segments] : std::vector<std::pair<std::string, std::string>>{
           {"OMP^O09", "RXO|AMOX^Amoxicillin|500||mg\r"},
           {"RDE^O11", "RXE||AMOX^Amoxicillin|500||mg\r"},
           {"RDE^O11", "RXO|AMOX^Amoxicillin|500||mg\rRXE||AMOX^Amoxicillin|500||mg\r"},
           {"ORM^O01", "RXO|AMOX^Amoxicillin|500||mg\r"},
           {"RGV^O15", "RXE||AMOX^Amoxicillin|500||mg\rRXG|1||1|AMOX^Amoxicillin|500||mg\r"}}) {
    const auto read = ReadWell(event, order + segments);
    ASSERT_EQ(read.drafts.size(), 1U) << event;
    const auto intent = read.drafts[0].entry.intent;
    EXPECT_TRUE(intent == Intent::kOrdered || intent == Intent::kPlanned) << event;
  }
}

TEST(AcuteOrders, ADoseThatWasRefusedIsNotGivenAndOneThatWasGivenStaysGiven) {
  const auto dose = [](const std::string& control, const std::string& amount,
                       const std::string& completion) {
    const auto read =
        ReadWell("RAS^O17",
                 std::string(kPid) + "ORC|" + control + "|P1\r" +
                     Field("RXA|0|1|20261122||AMOX^Amoxicillin|" + amount, 20, completion) + "\r");
    EXPECT_EQ(read.drafts.size(), 1U);
    return read.drafts.at(0).entry.intent;
  };
  EXPECT_EQ(dose("RE", "250", "CP"), Intent::kDone);
  EXPECT_EQ(dose("RE", "250", "RE"), Intent::kNotDone);
  EXPECT_EQ(dose("RE", "250", "NA"), Intent::kNotDone);
  EXPECT_EQ(dose("RE", "0", ""), Intent::kNotDone);
  EXPECT_EQ(dose("DC", "250", "CP"), Intent::kDone) << "stopping the order takes no dose back";
}

TEST(AcuteOrders, AReportOnAStoppedOrderDoesNotMakeItActiveAgain) {
  const std::string rxe = "RXE||AMOX^Amoxicillin|500||mg\r";
  const auto order = ReadWell("RDE^O11", std::string(kPid) + "ORC|DC|P1\r" + rxe);
  const auto given = ReadWell("RAS^O17", std::string(kPid) + "ORC|RE|P1\r" + rxe +
                                             "RXA|0|1|20261122||AMOX^Amoxicillin|500\r");
  ASSERT_EQ(given.drafts.size(), 1U);
  EXPECT_NE(given.drafts[0].source_key, order.drafts[0].source_key);
  ASSERT_EQ(given.drafts[0].entry.links.size(), 1U);
  EXPECT_EQ(given.drafts[0].entry.links[0].key, order.drafts[0].source_key);
}

TEST(AcuteOrders, ACancellationByNumberAloneNamesTheOrderAndAnAcceptanceReplacesNothing) {
  const auto order = ReadWell("ORM^O01", std::string(kPid) + "ORC|NW|P1\rOBR|1|P1||UE\r");
  const auto cancelled = ReadWell("ORM^O01", std::string(kPid) + "ORC|CA|P1\r");
  ASSERT_EQ(cancelled.drafts.size(), 1U);
  const std::string& key = cancelled.drafts[0].source_key;
  EXPECT_TRUE(record::IsOfDocument(order.drafts[0].source_key, key));
  EXPECT_EQ(cancelled.replaced_documents, std::vector<std::string>{key});
  EXPECT_EQ(cancelled.drafts[0].entry.status, ClinicalStatus::kCancelled);
  const auto accepted = ReadWell("ORR^O02", "MSA|AA|1\r" + std::string(kPid) + "ORC|OK|P1\r");
  EXPECT_TRUE(accepted.drafts.empty());
  EXPECT_FALSE(accepted.not_carried.empty());
}

// OUL^R22 and R24 write the order behind its OBR; the code is of that report and of its specimen.
TEST(AcuteOrders, AConfidentialOrderLabelsItsOwnResultsAndSpecimenWhereverItStands) {
  const std::string orc = Field("ORC|RE|P1", 28, "R");
  const auto specimens =
      ReadWell("OUL^R22", std::string(kPid) + "SPM|1|S1||BLD\rOBX|1|ST|A^A||x||||||F\r" +
                              "OBR|1|P1|F1|K\r" + orc + "\rOBX|1|NM|K^K||4||||||F\r" +
                              "SPM|2|S2||UR\rOBR|2|P2|F2|NA\rORC|RE|P2\rOBX|1|NM|N^N||4||||||F\r");
  ASSERT_EQ(specimens.drafts.size(), 7U);
  for (std::size_t i = 0; i < specimens.drafts.size(); ++i) {
    EXPECT_EQ(specimens.drafts[i].source_labels.empty(), i >= 4) << i;
  }
  const auto first = ReadWell("OML^O33", std::string(kPid) + "SPM|1|S1||BLD\r" + orc +
                                             "\rOBR|1|P1||HIV\rDG1|1||B20^HIV^I10\r");
  ASSERT_EQ(first.drafts.size(), 3U);
  for (const auto& draft : first.drafts) {
    EXPECT_EQ(draft.source_labels, std::vector<std::string>{"confidentiality:R"});
  }
}

TEST(AcuteReferrals, TheTighterOfEventAndStatusHolds) {
  const auto status = [](const std::string& event, const std::string& rf1) {
    const auto read = ReadWell(event, "RF1|" + rf1 + "|||||R1\r" + std::string(kPid));
    EXPECT_EQ(read.drafts.size(), 1U);
    return read.drafts.at(0).entry.status;
  };
  EXPECT_EQ(status("REF^I12", "A"), ClinicalStatus::kActive);
  EXPECT_EQ(status("REF^I13", "R"), ClinicalStatus::kCancelled);
  EXPECT_EQ(status("REF^I13", "E"), ClinicalStatus::kStopped);
  EXPECT_EQ(status("REF^I14", "A"), ClinicalStatus::kCancelled);
  EXPECT_EQ(status("REF^I14", ""), ClinicalStatus::kCancelled);
  EXPECT_EQ(status("REF^I12", "?"), ClinicalStatus::kUnstated);
}

TEST(AcuteReferrals, ATestWithoutAResultIsAskedForAndAProcedureIsNotSaidToBeDone) {
  const auto read =
      ReadWell("REF^I12", "RF1|A|||||R1\r" + std::string(kPid) +
                              "PR1|1||ABL^Ablation|Ablation|20270101\rOBR|1|||ECHO^Echo\rNTE|1||x\r"
                              "OBR|2|||ECG^Ecg\rOBX|1|ST|ECG^Ecg||normal||||||F\r");
  for (const auto& draft : read.drafts) {
    const auto& entry = draft.entry;
    if (entry.section == Section::kProcedures) {
      EXPECT_EQ(entry.intent, Intent::kUnstated);
    }
    const bool echo = !entry.what.codings.empty() && entry.what.codings[0].code == "ECHO";
    if (echo) {
      EXPECT_EQ(entry.section, Section::kInvestigationsRequested);
    }
  }
  EXPECT_EQ(read.drafts.size(), 5U);
}

const std::string kOfReferral =
    "DG1|1||I48^Fibrillation^I10\rPR1|1||ABL^Ablation|Ablation|20270101\r"
    "OBR|1|||BP^Pressure|||20261101\rOBX|1|NM|BP^Systolic||140||||||F\r"
    "OBR|2|||ECHO^Echo\r"
    "OBR|3||L7|FBC^Count|||20261101\rOBX|1|NM|HB^Haemoglobin||90||||||F\r";
std::string ReferralOf(const std::string& rf1, const std::string& more) {
  return rf1 + "\r" + std::string(kPid) + more;
}

TEST(AcuteReferrals, ADeletedOneTakesBackWhatCameWithIt) {
  const auto referred = ReadWell("REF^I12", ReferralOf("RF1|A|||||R1", kOfReferral));
  const std::string deletion = Field("RF1|A|||||R1", 25, "D");
  const auto told = ReadWell("REF^I13", ReferralOf(deletion, kOfReferral));
  EXPECT_TRUE(told.drafts.empty());
  EXPECT_EQ(LeftBy(told, referred), (std::vector<std::string>{"Count", "Haemoglobin"}))
      << "a laboratory's own";
  const auto bare = LeftBy(ReadWell("REF^I13", ReferralOf(deletion, "")), referred);
  for (const char* const gone : {"Referral", "Fibrillation", "Ablation"}) {
    EXPECT_EQ(std::count(bare.begin(), bare.end(), gone), 0) << gone;
  }
}

// The same diagnosis, told of a visit or by another referral, is not of this one.
TEST(AcuteReferrals, ADeletedOneLeavesWhatOthersTold) {
  const std::string diagnosis = "DG1|1||I48^Fibrillation^I10\r";
  const std::string deletion = ReferralOf(Field("RF1|A|||||R1", 25, "D"), diagnosis);
  const auto deleted = ReadWell("REF^I13", deletion);
  for (const auto& other :
       {ReadWell("ADT^A01", "EVN|A01|20261122\r" + std::string(kPid) + "PV1|1|I\r" + diagnosis),
        ReadWell("REF^I12", ReferralOf("RF1|A|||||R2", diagnosis))}) {
    EXPECT_EQ(LeftBy(deleted, other).size(), other.drafts.size());
  }
}

TEST(AcuteReferrals, AQuestionAboutOneNamesWhatItTellsAsTheReferralDoes) {
  const std::string diagnosis = "DG1|1||I48^Fibrillation^I10\r";
  const auto asked = ReadWell("REF^I15", ReferralOf("RF1||||||R1", diagnosis));
  const auto deleted = ReadWell("REF^I13", ReferralOf(Field("RF1|A|||||R1", 25, "D"), ""));
  ASSERT_EQ(asked.drafts.size(), 1U);
  EXPECT_TRUE(LeftBy(deleted, asked).empty());
  EXPECT_TRUE(asked.drafts[0].source_key.starts_with(asked.drafts[0].entry.group + "/"));
}

record::Contribution Document(const std::string& trigger, const std::string& txa,
                              const std::string& content = {}) {
  return ReadWell("MDM^" + trigger, std::string(kPid) + txa + "\r" + content);
}

TEST(AcuteDocuments, ANoticeLeavesTheContentThatWasSent) {
  const std::string txa = Field(Field("TXA|1|CL", 12, "DOC-1"), 17, "LA");
  const auto sent = Document("T02", txa, "OBX|1|TX|A||words\r");
  const auto notice = Document("T03", txa);
  ASSERT_EQ(notice.drafts.size(), 1U);
  EXPECT_NE(notice.drafts[0].source_key, sent.drafts[0].source_key);
  EXPECT_TRUE(notice.withdrawn_keys.empty());
  EXPECT_TRUE(notice.replaced_documents.empty());
}

TEST(AcuteDocuments, WhatIsCancelledNotForCareOrReplacedIsTakenBackWithItsParts) {
  const std::string txa = Field("TXA|1|CL", 12, "DOC-1");
  const auto sent = Document("T02", txa, "OBX|1|TX|A||words\rOBX|2|NM|W^Weight||70||||||F\r");
  const std::string key = sent.drafts.back().source_key;
  for (const auto& draft : sent.drafts) EXPECT_TRUE(draft.source_key.starts_with(key));
  for (const auto& [trigger, header] : std::vector<std::pair<std::string, std::string>>{
           {"T11", txa},
           {"T03", Field(txa, 19, "CA")},
           {"T03", Field(txa, 19, "UN")},
           {"T03", Field(txa, 19, "OB")},
           {"T09", Field(Field("TXA|1|CL", 12, "DOC-2"), 13, "DOC-1")},
           {"T10", Field(Field("TXA|1|CL", 12, "DOC-2"), 13, "DOC-1")}}) {
    const auto read = Document(trigger, header);
    EXPECT_EQ(read.withdrawn_keys, std::vector<std::string>{key}) << trigger;
    EXPECT_EQ(std::count(read.replaced_documents.begin(), read.replaced_documents.end(), key), 1);
  }
}

// Which document it is, and what it changes or ends, is not told without TXA.
TEST(AcuteDocuments, ContentWithoutAHeaderIsADocumentOfItsOwnAndEndsNothing) {
  const std::string words = "OBX|1|TX|RPT^Report||words||||||F\r";
  const auto first = Document("T02", "OBR|1|P1||ECHO", words);
  const auto again = Document("T02", "OBR|1|P1||ECHO", words);
  const auto other = Document("T02", "OBR|1|P1||ECHO", "OBX|1|TX|RPT^Report||others||||||F\r");
  ASSERT_EQ(first.drafts.size(), 1U);
  const auto& entry = first.drafts[0].entry;
  EXPECT_EQ(entry.kind, record::Kind::kDocument);
  EXPECT_EQ(entry.status, ClinicalStatus::kUnstated);
  ASSERT_TRUE(entry.document);
  EXPECT_EQ(entry.document->bytes, "words\n");
  EXPECT_EQ(again.drafts[0].source_key, first.drafts[0].source_key);
  EXPECT_NE(other.drafts[0].source_key, first.drafts[0].source_key);
  EXPECT_TRUE(other.withdrawn_keys.empty());
  EXPECT_TRUE(other.replaced_documents.empty());
}

TEST(AcuteDocuments, WhatEndsOrReplacesADocumentIsRefusedWithoutAHeader) {
  for (const std::string trigger : {"T01", "T03", "T04", "T06", "T08", "T09", "T10", "T11"}) {
    const auto reading =
        MakeAdapter()->Read("MSH|^~\\&|PAS|RXX|||20261122||MDM^" + trigger + "|1|P|2.5\r" +
                                std::string(kPid) + "OBX|1|TX|A||words||||||F\r",
                            {});
    ASSERT_FALSE(reading.patients.front()) << trigger;
    EXPECT_EQ(reading.patients.front().error().place, "TXA");
  }
}

// Every field of every segment of each family, each with a word of its own: it is carried, or its
// place is listed.
TEST(AcuteOrders, EveryFieldIsCarriedOrListed) {
  const std::set<std::string> kSteering = {"RGS-2", "RGS-3",  "AIS-2",  "AIG-2", "AIL-2", "AIP-2",
                                           "RXA-2", "RXA-21", "RF1-25", "NTE-2", "OBX-2", "OBX-15"};
  const std::set<std::string> kKeysOfResults = {"ORC-2", "ORC-3", "OBR-2", "OBR-3"};
  struct Family {
    std::string event;
    std::vector<std::string> segments;
  };
  for (const Family& family : std::vector<Family>{
           {"SIU^S12", {"SCH", "TQ1", "NTE", "RGS", "AIS", "AIG", "AIL", "AIP", "OBX"}},
           {"REF^I12", {"RF1", "AUT", "CTD", "PRD", "NTE", "OBR", "OBX"}},
           {"OML^O21", {"ORC", "TQ1", "OBR", "NTE", "CTD", "OBX", "SPM", "SAC", "PRT", "TQ2"}},
           {"OMD^O03", {"ORC", "ODS", "ODT"}},
           {"RDE^O11", {"ORC", "RXO", "RXR", "RXE", "RXC"}},
           {"RDS^O13", {"ORC", "RXE", "RXD"}},
           {"RGV^O15", {"ORC", "RXG"}},
           {"RAS^O17", {"ORC", "RXA"}},
           {"OMB^O27", {"ORC", "BPO"}},
           {"OMS^O05", {"ORC", "RQD"}},
           {"OMI^O23", {"ORC", "OBR", "IPC"}},
           {"OUL^R22", {"SPM", "SAC", "INV", "OBR", "ORC", "OBX"}},
           {"MDM^T03", {"TXA", "CON"}}}) {
    std::string message(kPid);
    std::vector<std::pair<std::string, std::string>> words;
    for (const std::string& segment : family.segments) {
      message += segment;
      for (int f = 1; f <= 50; ++f) {
        std::string word = "w" + segment + std::to_string(f) + "w";
        message += "|" + word;
        words.emplace_back(segment + "-" + std::to_string(f), std::move(word));
      }
      message += "\r";
    }
    const auto read = ReadWell(family.event, message);
    const std::string carried = kit::Print(read);
    for (const auto& [place, word] : words) {
      const bool listed = std::any_of(
          read.not_carried.begin(), read.not_carried.end(), [&, at = &place](const auto& line) {
            return line.place == *at || line.place == at->substr(0, 3) ||
                   line.place.starts_with(*at + ".");
          });
      // Set ids, and what steers how the rest is read: codes of action, a value's type, the
      // source of a note, numbers that make keys.
      const bool steers = place.ends_with("-1") || kSteering.contains(place) ||
                          ((family.event == "OUL^R22" || family.event == "REF^I12") &&
                           kKeysOfResults.contains(place));
      EXPECT_TRUE(listed || steers || carried.find(word) != carried.npos)
          << family.event << " " << place;
    }
  }
}

TEST(AcuteOrders, WhatIsNobodysIsRefusedWithoutAValueAndSaysWhatToDo) {
  for (const std::string event : {"MFN^M02", "QBP^Q22", "ACK", "RSP^K22", "SSU^U03"}) {
    const auto reading = MakeAdapter()->Read(
        "MSH|^~\\&|PAS|RXX|||20261122||" + event + "|1|P|2.5.1\r" + std::string(kPid), {});
    ASSERT_FALSE(reading.patients.front()) << event;
    EXPECT_EQ(reading.patients.front().error().id, base::ErrorId::kMessageUnsupported);
    EXPECT_EQ(base::Describe(reading.patients.front().error()).find("send ADT"), std::string::npos)
        << event;
  }
  for (const std::string message : {"SIU^S12|1|P|2.5\rSCH|1|2\r", "ORM^O01|1|P|2.5\rORC|NW|1\r",
                                    "ORM^O01|1|P|2.5\rORC|NW|1\rRQD|1\rOBX|1|ST|A||x\r"}) {
    const auto reading = MakeAdapter()->Read("MSH|^~\\&|PAS|RXX|||20261122||" + message, {});
    ASSERT_FALSE(reading.patients.front());
    EXPECT_EQ(reading.patients.front().error().place, "PID");
    EXPECT_EQ(reading.patients.front().error().id, base::ErrorId::kMessageUnsupported);
  }
}

// Else two systems might answer each other for ever.
TEST(AcuteOrders, AnAcknowledgementIsNoMessage) {
  for (const std::string event : {"ACK^A01", "MCF", "MFK^M01"}) {
    const auto reading =
        MakeAdapter()->Read("MSH|^~\\&|PAS|RXX|||20261122||" + event + "|1|P|2.5\rMSA|AA|1\r", {});
    ASSERT_FALSE(reading.patients.front()) << event;
    EXPECT_EQ(reading.patients.front().error().id, base::ErrorId::kMessageUnsupported);
  }
}

// A source's list of wards, a bed that was cleaned, a time that was closed, dressings for a store.
TEST(AcuteOrders, WhatSpeaksOfNoPatientIsTakenAndCarriesNothing) {
  for (const std::string message :
       {"MFN^M05|1|P|2.5\rMFI|LOC||UPD|||NE\rMFE|MAD|1||W1\rLOC|W1\rMFE|MAD|2||W2\rLOC|W2\r",
        "ADT^A20|1|P|2.5\rEVN||20261122\rNPU|W1^^3|C\r",
        "SIU^S23|1|P|2.5\rSCH|1|2\rRGS|1\rAIL|1|A|ROOM\r",
        "ORM^O01|1|P|2.5\rORC|NW|1\rRQD|1|GAUZE\r", "SSU^U03|1|P|2.5\rEQU|1\r"}) {
    const auto reading = MakeAdapter()->Read("MSH|^~\\&|PAS|RXX|||20261122||" + message, {});
    ASSERT_EQ(reading.patients.size(), 1U);
    ASSERT_TRUE(reading.patients.front()) << message;
    record::Contribution said = *reading.patients.front();
    EXPECT_FALSE(said.not_carried.empty());
    said.not_carried.clear();
    EXPECT_EQ(said, record::Contribution{}) << message;
  }
}

TEST(AcuteOrders, NothingOfAPatientsIsTakenAsNobodys) {
  for (const std::string segment : {"PID|1||9990000018^^^NHS^NH", "OBX|1|ST|A||x", "PV1|1|I",
                                    "NK1|1|DOE^ANN", "SAC|1", "ORC|CA|1"}) {
    for (const std::string event : {"MFN^M02", "ACK", "SSU^U03", "SIU^S24"}) {
      const auto reading = MakeAdapter()->Read(
          "MSH|^~\\&|PAS|RXX|||20261122||" + event + "|1|P|2.5\rNTE|1||x\r" + segment + "\r", {});
      const auto& patient = reading.patients.front();
      EXPECT_TRUE(!patient || patient->patient != record::PatientClaim{}) << event << segment;
    }
  }
}

}  // namespace
}  // namespace milecastle::acute

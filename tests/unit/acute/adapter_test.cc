#include "acute/adapter.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "kit/golden.h"
#include "kit/print.h"
#include "port/told.h"

namespace milecastle::acute {
namespace {

using base::Error;
using base::ErrorId;
using port::Disposition;

const base::Instant kNow(std::chrono::seconds(1795339800));
constexpr std::string_view kAdmission =
    "MSH|^~\\&|PAS|RXX|MC|ICS|20261122||ADT^A01|M77|P|2.4\rPID|1||A1^^^RXX^MR||FOLEY^ANN\rPV1|1|I|"
    "WARD1\r";

std::string ReplyTo(std::string_view message, Disposition disposition,
                    std::optional<base::Error> error = std::nullopt, const port::Feed& feed = {}) {
  port::Outcome outcome;
  outcome.disposition = disposition;
  outcome.error = std::move(error);
  return MakeAdapter()->Reply(message, feed, outcome, kNow);
}

std::string CodeOf(const std::string& reply) { return reply.substr(reply.find("\rMSA|") + 5, 2); }

TEST(AcuteReply, AcceptsWhateverWasMadeDurable) {
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kAccepted)), "AA");
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kDuplicate)), "AA");
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kAwaitingIdentity)), "AA");
  const base::Error conflict{ErrorId::kConflict, "MSH-10", "the same control id, other content"};
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kQuarantined, conflict)), "AA");
}

TEST(AcuteReply, AsksAgainOnlyWhereNothingWasCommitted) {
  const base::Error busy{ErrorId::kOverloaded, "queue", "send again later"};
  EXPECT_EQ(CodeOf(ReplyTo(kAdmission, Disposition::kFailed, busy)), "AE");
  const base::Error wrong{ErrorId::kMessageInvalid, "PID-7", "write YYYYMMDD"};
  const std::string reply = ReplyTo(kAdmission, Disposition::kRejected, wrong);
  EXPECT_NE(reply.find("\rMSA|AR|M77|message.invalid at PID-7: write YYYYMMDD\rERR|PID^1^7^102\r"),
            std::string::npos)
      << reply;
}

TEST(AcuteReply, AnswersAFrameThatHoldsNoMessage) {
  const base::Error error{ErrorId::kMessageUnparseable, "MSH", "begin with MSH"};
  EXPECT_EQ(CodeOf(ReplyTo("GET / HTTP/1.1\r\n\r\n", Disposition::kRejected, error)), "AR");
  EXPECT_EQ(CodeOf(ReplyTo("", Disposition::kRejected, error)), "AR");
}

TEST(AcuteReply, ACommitIsAcknowledgedAsSuchInEnhancedMode) {
  std::string message(kAdmission);
  message.replace(message.find("|2.4\r"), 5, "|2.4|||AL|NE\r");
  port::Feed enhanced;
  enhanced.enhanced_acknowledgement = true;
  EXPECT_EQ(CodeOf(ReplyTo(message, Disposition::kAccepted, std::nullopt, enhanced)), "CA");
  EXPECT_EQ(CodeOf(ReplyTo(message, Disposition::kAccepted)), "AA");
}

TEST(AcuteReply, OfSeveralPatientsSaysHowManyOfWhichAndWhatTheSenderCanMend) {
  port::Outcome outcome;
  outcome.disposition = Disposition::kQuarantined;
  outcome.error = Error{ErrorId::kPatientMissing, "PID[2]-3", "send a number"};
  outcome.patients = {{Disposition::kAccepted, {}, 3},
                      {Disposition::kQuarantined, outcome.error, 0},
                      {Disposition::kAccepted, {}, 1},
                      {Disposition::kAwaitingIdentity, {}, 1},
                      {Disposition::kQuarantined,
                       Error{ErrorId::kConflict, "patient identifiers", "kept apart"}, 0},
                      {Disposition::kDuplicate, {}, 2}};
  const std::string reply = MakeAdapter()->Reply(kAdmission, {}, port::AsTold(outcome), kNow);
  EXPECT_TRUE(
      reply.ends_with("\rMSA|AA|M77|6 patients: 4 accepted, 1 duplicate, 1 quarantined; "
                      "patient 2 was not read, at PID[2]-3\r"))
      << reply;
  EXPECT_TRUE(ReplyTo(kAdmission, Disposition::kAccepted).ends_with("\rMSA|AA|M77\r"));
}

record::Contribution ReadWell(std::string_view message) {
  port::Feed feed;
  auto reading = MakeAdapter()->Read(message, feed);
  EXPECT_TRUE(reading.patients.front()) << base::Describe(reading.patients.front().error());
  return *std::move(reading.patients.front());
}

TEST(AcuteKeys, AResendAndACorrectionNameTheSameEntry) {
  const std::string head = "MSH|^~\\&|LIMS|RXX|||20261122||ORU^R01|L1|P|2.4\rPID|1||A1^^^RXX^MR\r";
  const std::string order = "OBR|1|P1|F1|UE^Urea|||20261122\r";
  const auto first = ReadWell(head + order + "OBX|1|NM|K^Potassium||9.9|||||F\r");
  const auto corrected = ReadWell(head + order + "OBX|1|NM|K^Potassium||3.9||||||C\r");
  const auto deleted = ReadWell(head + order + "OBX|1|NM|K^Potassium||3.9||||||D\r");
  ASSERT_EQ(first.drafts.size(), 2U);
  EXPECT_EQ(first.drafts[1].source_key, corrected.drafts[1].source_key);
  EXPECT_EQ(deleted.withdrawn_keys, std::vector<std::string>{first.drafts[1].source_key});
}

TEST(AcuteKeys, TwoResultsOfOneCodeStayTwo) {
  const auto read = ReadWell(
      "MSH|^~\\&|LIMS|RXX|||20261122||ORU^R01|L1|P|2.4\rPID|1||A1^^^RXX^MR\rOBR|1|P1|F1|UE\r"
      "OBX|1|NM|K^Potassium||3.9|||||F\rOBX|2|NM|K^Potassium||4.1|||||F\r");
  ASSERT_EQ(read.drafts.size(), 3U);
  EXPECT_NE(read.drafts[1].source_key, read.drafts[2].source_key);
}

TEST(AcuteKeys, ADeletionBehindWhatItDeletesNamesTheSameEntries) {
  const std::string head = "MSH|^~\\&|LIMS|RXX|||20261122||ORU^R01|L1|P|2.4\rPID|1||A1^^^RXX^MR\r";
  const std::string report = "OBR|1|P1|F1|UE^Urea\r";
  const std::string deleted_report = "OBR|2|P1|F1|UE^Urea" + std::string(21, '|') + "D\r";
  const std::string sodium = "OBX|1|NM|NA^Sodium||140||||||F\r";
  const std::string potassium = "OBX|2|NM|K^Potassium||9.9||||||F\r";
  const std::string no_potassium = "OBX|1|NM|K^Potassium||9.9||||||D\r";
  const std::string given = report + sodium + potassium + "SPM|1|S1||BLD\r";
  const auto withdrawn = [&](const std::string& segments) {
    const auto read = ReadWell(head + segments);
    std::set<std::string> texts;
    for (const auto& draft : read.drafts) {
      const auto& gone = read.withdrawn_keys;
      if (std::find(gone.begin(), gone.end(), draft.source_key) == gone.end()) continue;
      texts.insert(draft.entry.what.codings.front().code);
    }
    return texts;
  };
  using Texts = std::set<std::string>;
  EXPECT_EQ(withdrawn(given + deleted_report), (Texts{"UE", "NA", "K", "BLD"}));
  EXPECT_EQ(withdrawn(given + deleted_report + no_potassium), (Texts{"UE", "NA", "K", "BLD"}));
  EXPECT_EQ(withdrawn(given + report + no_potassium), (Texts{"K"}));
  EXPECT_EQ(withdrawn(given + "OBR|2|P2|F2|UE^Urea\r" + no_potassium), (Texts{})) << "another";
  EXPECT_EQ(withdrawn(deleted_report + given), (Texts{})) << "what comes after it is new";
  EXPECT_EQ(withdrawn(report + potassium + no_potassium), (Texts{}))
      << "within one report the second of a code is deleted, and the first stays";
}

TEST(AcuteKeys, HoldNoPatientData) {
  const auto read = ReadWell(
      "MSH|^~\\&|PAS|RXX|||20261122||ADT^A31|1|P|2.4\rPID|1||A1^^^RXX^MR\rNK1|1|SECRET^BOB|SPO\r"
      "AL1|1|DA|^SECRET\r");
  ASSERT_EQ(read.drafts.size(), 2U);
  for (const auto& draft : read.drafts)
    EXPECT_EQ(draft.source_key.find("SECRET"), std::string::npos);
}

TEST(AcuteErrors, NeverRepeatAValue) {
  port::Feed feed;
  const auto adapter = MakeAdapter();
  std::string fields;
  for (int i = 0; i < 60; ++i) fields += "|SECRET^SECRET&SECRET~SECRET";
  for (const std::string_view event :
       {"ADT^A01", "ADT^A31", "ADT^A40", "ORU^R01", "MDM^T02", "SECRET^SECRET"}) {
    for (const std::string_view segment :
         {"PID", "PD1", "NK1", "PV1", "PV2", "AL1", "IAM", "DG1", "PR1", "ORC", "OBR", "OBX", "SPM",
          "TXA", "MRG", "ZU1", "ZU8", "ZZZ"}) {
      std::string message = "MSH|^~\\&|PAS|RXX|||SECRET||" + std::string(event) + "|1|P|2.4\r";
      if (segment != "PID") message += "PID|1||A1^^^RXX^MR\r";
      message += std::string(segment) + fields + "\r";
      const auto reading = adapter->Read(message, feed);
      if (!reading.patients.front()) {
        EXPECT_EQ(base::Describe(reading.patients.front().error()).find("SECRET"),
                  std::string::npos)
            << segment;
        continue;
      }
      for (const auto& line : reading.patients.front()->not_carried) {
        EXPECT_EQ((line.place + line.why).find("SECRET"), std::string::npos) << segment;
      }
    }
  }
}

TEST(AcuteAccount, NothingThatASenderFilledIsForgotten) {
  // Every field of every segment of an admission, each with a value of its own that is carried
  // nowhere by accident.
  port::Feed feed;
  std::string message = "MSH|^~\\&|PAS|RXX|||20261122||ADT^A01|1|P|2.4\rPID|1||A1^^^RXX^MR";
  for (int f = 4; f <= 39; ++f) message += "|";
  const std::string filled = message + "|forty\rGT1|1|payer\rPV1|1|I|||||||||||||||||V1" +
                             std::string(20, '|') + "thirty-nine\r";
  const auto reading = MakeAdapter()->Read(filled, feed);
  ASSERT_TRUE(reading.patients.front());
  std::vector<std::string> places;
  for (const auto& line : reading.patients.front()->not_carried) places.push_back(line.place);
  EXPECT_EQ(places, (std::vector<std::string>{"PID-40", "GT1", "PV1-39"}));
}

TEST(AcuteCharacterSets, AreReadAsTheFeedSays) {
  const std::string message =
      "MSH|^~\\&|PAS|RXX|||20261122||ADT^A31|1|P|2.4\rPID|1||A1^^^RXX^MR||M\xDCLLER\r";
  port::Feed feed;
  const auto refused = MakeAdapter()->Read(message, feed);
  ASSERT_FALSE(refused.patients.front());
  EXPECT_EQ(refused.patients.front().error().place, "PID-5");
  EXPECT_EQ(refused.envelope.control_id, "1");
  feed.undeclared_charset = "8859/1";
  const auto read = MakeAdapter()->Read(message, feed);
  ASSERT_TRUE(read.patients.front());
  EXPECT_EQ(read.patients.front()->patient.names.value[0].family, "MÜLLER");
}

// Results of several patients, each with a word of their own in every field of every segment.
std::string ResultsOf(const std::vector<std::string>& canaries) {
  std::string message = "MSH|^~\\&|LIMS|RXX|||20261122||ORU^R01|L1|P|2.5.1\r";
  int number = 0;
  for (const std::string& canary : canaries) {
    std::string fields;
    for (int i = 0; i < 40; ++i) fields += "|" + canary + "^" + canary + "&" + canary;
    const std::string set_id = "|" + std::to_string(++number);
    message += "PID" + set_id + "||" + canary + "^^^RXX^MR||" + canary + "^ANN|" + canary + "\r";
    for (const char* name :
         {"PD1", "NTE", "PV1", "ORC", "OBR", "OBX", "SPM", "ZU1", "ZU8", "ZZZ"}) {
      message += name + set_id + fields + "\r";
    }
  }
  return message;
}

TEST(AcutePatients, NothingOfOneReachesAnother) {
  const std::vector<std::string> canaries = {"ALPHA", "BRAVO", "ALPHA", "CHARLIE"};
  const auto reading = MakeAdapter()->Read(ResultsOf(canaries), {});
  ASSERT_EQ(reading.patients.size(), canaries.size());
  for (std::size_t i = 0; i < canaries.size(); ++i) {
    ASSERT_TRUE(reading.patients[i]) << base::Describe(reading.patients[i].error());
    const std::string all = kit::Print(*reading.patients[i]);
    for (const std::string& canary : canaries) {
      EXPECT_EQ(all.find(canary) != std::string::npos, canary == canaries[i]) << canary;
    }
  }
}

TEST(AcutePatients, EveryPartIsAccountedForOnceAndTheHeaderToo) {
  const auto reading = MakeAdapter()->Read(
      "MSH|^~\\&|LIMS|RXX|||20261122|secret|ORU^R01|L1|P|2.5.1\r"
      "PID|1||A1^^^RXX^MR\rZZA|1|x\rPID|2||B1^^^RXX^MR\rZZB|1|x\rPID|3||A1^^^RXX^MR\rZZC|1|x\r",
      {});
  ASSERT_EQ(reading.patients.size(), 3U);
  std::vector<std::string> places;
  for (const auto& patient : reading.patients) {
    for (const auto& line : patient->not_carried) places.push_back(line.place);
  }
  EXPECT_EQ(places, (std::vector<std::string>{"ZZA", "MSH-8", "ZZB", "ZZC"}));
}

// Heading, the segments given, and an answer.
port::Reading ReadAll(std::string_view event, const std::string& segments) {
  return MakeAdapter()->Read(
      "MSH|^~\\&|LIMS|RXX|||20261122||" + std::string(event) + "|L1|P|2.5.1\r" + segments, {});
}

void ExpectRefusedWhole(const port::Reading& reading, std::string_view place) {
  ASSERT_EQ(reading.patients.size(), 1U);
  ASSERT_FALSE(reading.patients[0]) << "at " << place;
  EXPECT_EQ(reading.patients[0].error().id, ErrorId::kMessageInvalid);
  EXPECT_EQ(reading.patients[0].error().place, place);
}

constexpr const char* kAlpha = "PID|1||A1^^^RXX^MR||ALPHA^ANN\r";
constexpr const char* kBravo = "PID|2||B1^^^RXX^MR||BRAVO^BEN\r";

// Each group's segments before its PID: read in order, all of them would be the next one's.
TEST(AcutePatients, GroupsThatDoNotBeginWithTheirPidAreRefusedWholeAndGivenToNobody) {
  const std::string ann = kAlpha;
  const std::string ben = kBravo;
  ExpectRefusedWhole(
      ReadAll("ORU^R01", "OBR|1||F1|UE\rOBX|1|ST|K||1\r" + ann + "OBR|1||F2|UE\r" + ben), "OBR");
  ExpectRefusedWhole(ReadAll("ORU^R01", "PV1|1|I\r" + ann + "OBR|1||F1|UE\r" + ben), "PV1");
  ExpectRefusedWhole(ReadAll("ORU^R01", "ZZZ|1\rNTE|1||x\rPD1|1\r" + ann + ben), "PD1");
  ExpectRefusedWhole(
      ReadAll("ADT^A40", "EVN|A40\rMRG|A2^^^RXX^MR\r" + ann + "MRG|B2^^^RXX^MR\r" + ben), "MRG");
  EXPECT_TRUE(ReadAll("ORU^R01", "OBR|1||F1|UE\r" + ann).patients[0]) << "of one there is no doubt";
}

// Set aside, the first one's dissent would be lost, and the second one's become the first one's.
TEST(AcutePatients, ChoicesBeforeTheFirstOfSeveralAreRefusedWholeAndLostByNobody) {
  const std::string dissent = "ZU8||2||2\r";
  ExpectRefusedWhole(ReadAll("ORU^R01", dissent + kAlpha + "ZU8||1||0\r" + kBravo), "ZU8");
  EXPECT_TRUE(ReadAll("ORU^R01", dissent + kAlpha).patients[0]);
  EXPECT_EQ(ReadAll("ORU^R01", "ZU9|1\r" + std::string(kAlpha) + kBravo).patients.size(), 2U);
}

TEST(AcutePatients, MergesWhoseGroupsAreNotWholeAndInOrderAreRefusedWhole) {
  const std::string ann = kAlpha;
  const std::string ben = kBravo;
  const std::string one = "MRG|A2^^^RXX^MR\r";
  const std::string two = "MRG|B2^^^RXX^MR\r";
  const auto merges = [](const std::string& groups) {
    return ReadAll("ADT^A40", "EVN|A40\r" + groups);
  };
  ExpectRefusedWhole(merges(ann + one + ben), "MRG of PID[2]");
  ExpectRefusedWhole(merges(ann + ben + two), "MRG of PID[1]");
  ExpectRefusedWhole(merges(ann + ben + one + two), "MRG of PID[1]");
  ExpectRefusedWhole(merges(ann + one + two + ben), "MRG[2]");
  ExpectRefusedWhole(merges(ann + one + ben + two + "MRG|B3^^^RXX^MR\r"), "MRG[3]");
  ExpectRefusedWhole(merges(ann + "PV1|1|I\r" + one + ben + two), "MRG");
  ExpectRefusedWhole(merges(ann + one + "PD1|1\r" + ben + two), "PD1");
  ExpectRefusedWhole(merges(ann + one + "OBX|1|ST|K||1\r" + ben + two), "OBX");
  const auto whole = merges(ann + "PD1|1\rZZZ|1\r" + one + "PV1|1|I\rNTE|1\r" + ben + two).patients;
  ASSERT_EQ(whole.size(), 2U);
  EXPECT_TRUE(whole[0] && whole[0]->merge);
  EXPECT_TRUE(whole[1] && whole[1]->merge);
}

// Else a corrected value would stand beside the wrong one, and a withdrawn one would stay.
TEST(AcutePatients, OneWhoStandsThereTwiceIsReadAsInTwoMessages) {
  const std::string report = "OBR|1||F1|UE\rOBX|1|ST|K||";
  const std::string first = report + "9.9||||||P\r";
  const std::string corrected = report + "3.9||||||C\r";
  const std::string deleted = "OBR|1||F1|UE|||||||||||||||||||||D\rOBX|1|ST|K||3.9||||||D\r";
  const auto all =
      ReadAll("ORU^R01", kAlpha + first + kBravo + first + kAlpha + corrected + kAlpha + deleted)
          .patients;
  ASSERT_EQ(all.size(), 4U);
  const auto alone = [](const std::string& segments) {
    return *ReadAll("ORU^R01", kAlpha + segments).patients.front();
  };
  EXPECT_EQ(*all[0], alone(first));
  EXPECT_EQ(*all[2], alone(corrected));
  EXPECT_EQ(*all[3], alone(deleted));
  EXPECT_EQ(all[2]->drafts[1].source_key, all[0]->drafts[1].source_key);
  EXPECT_EQ(all[3]->withdrawn_keys,
            (std::vector<std::string>{all[0]->drafts[0].source_key, all[0]->drafts[1].source_key}));
}

TEST(AcutePatients, AnErrorOfOneOfSeveralSaysOfWhich) {
  const auto places = [](const std::string& event, const std::string& segments) {
    std::vector<std::string> all;
    for (const auto& patient : ReadAll(event, segments).patients) {
      all.push_back(patient ? "" : patient.error().place);
    }
    return all;
  };
  const std::string nobody = "PID|1||||ALPHA^ANN\r";
  using Places = std::vector<std::string>;
  EXPECT_EQ(places("ORU^R01", nobody + kBravo + nobody), (Places{"PID[1]-3", "", "PID[3]-3"}));
  EXPECT_EQ(places("ADT^A40", kAlpha + std::string("MRG|\r") + kBravo + "MRG|B2^^^RXX^MR\r"),
            (Places{"MRG[1]-1", ""}));
  EXPECT_EQ(places("ORU^R01", nobody), (Places{"PID-3"})) << "of one there is no other";
}

TEST(AcutePatients, LocalSegmentsAndNotesBeforeTheFirstAreNobodysAndMakeNoPatient) {
  const auto reading = ReadAll("ORU^R01", std::string("NTE|1||of nobody\rZFU|1|x\r") + kAlpha +
                                              "OBR|1||F1|UE\r" + kBravo + "OBR|1||F2|UE\r");
  ASSERT_EQ(reading.patients.size(), 2U);
  std::string all;
  std::vector<std::string> places;
  for (const auto& patient : reading.patients) {
    ASSERT_TRUE(patient) << base::Describe(patient.error());
    all += kit::Print(*patient);
    for (const auto& line : patient->not_carried) places.push_back(line.place);
  }
  EXPECT_EQ(places, (std::vector<std::string>{"NTE", "ZFU"}));
  EXPECT_EQ(all.find("of nobody"), std::string::npos);
}

TEST(AcutePatients, MoreThanTheFeedsLimitAreRefusedWhole) {
  port::Feed feed;
  feed.patient_limit = 3;
  const auto read = [&](const std::vector<std::string>& canaries) {
    return MakeAdapter()->Read(ResultsOf(canaries), feed).patients;
  };
  EXPECT_EQ(read({"A", "B", "C"}).size(), 3U);
  const auto refused = read({"A", "B", "C", "D"});
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].error().id, ErrorId::kMessageTooLarge);
  EXPECT_EQ(refused[0].error().place, "PID[4]");
}

// Looked for one by one, they are what a message of several costs.
TEST(AcutePatients, MoreIdentifiersThanTenForEachPatientOfTheLimitAreRefusedWhole) {
  port::Feed feed;
  feed.patient_limit = 2;
  const auto ids = [](int count) {
    std::string field;
    for (int i = 0; i < count; ++i) field += "~A" + std::to_string(i) + "^^^RXX^MR";
    return field.substr(1);
  };
  const auto read = [&](std::string_view event, const std::string& segments) {
    return MakeAdapter()
        ->Read("MSH|^~\\&|LIMS|RXX|||20261122||" + std::string(event) + "|L1|P|2.5.1\r" + segments,
               feed)
        .patients;
  };
  const auto place = [](const auto& patients) {
    EXPECT_EQ(patients.front().error().id, ErrorId::kMessageTooLarge);
    return patients.size() == 1 ? patients.front().error().place : "not refused whole";
  };
  const std::string ten = "PID|1||" + ids(10) + "\r";
  EXPECT_EQ(read("ORU^R01", ten + ten).size(), 2U);
  EXPECT_EQ(place(read("ORU^R01", ten + "PID|2||" + ids(11) + "\r")), "PID[2]-3");
  EXPECT_EQ(place(read("ORU^R01", ten + "PID|2|B1|" + ids(9) + "|B2\r")), "PID[2]-4");
  EXPECT_EQ(place(read("ADT^A40", ten + "MRG|" + ids(11) + "\rPID|2||B1\rMRG|B2\r")), "MRG[1]-1");
  EXPECT_TRUE(read("ORU^R01", "PID|1||" + ids(50) + "\r").front()) << "one has the field's bound";
}

std::vector<std::string> GoldenMessages() {
  std::vector<std::string> found;
  for (const auto& file : kit::GoldenCases("acute", {".hl7"})) {
    for (auto& message : MakeAdapter()->Split(kit::GoldenInput(file), {})) {
      found.push_back(std::move(message));
    }
  }
  return found;
}

// By a number; or, where patient administration did not send it, by what an officer can look for.
bool NamesSomebody(const std::string& event, const record::PatientClaim& patient) {
  if (!patient.nhs_number_as_sent.empty() || !patient.local_identifiers.empty()) return true;
  const bool gives_numbers =
      event.starts_with("ADT") || event.starts_with("BAR") || event.starts_with("DFT");
  return !gives_numbers && !patient.names.value.empty() &&
         patient.birth_date.change == record::Update<record::BirthDate>::Change::kSet;
}

// It claims nobody, and nothing of it is carried.
bool IsNobodys(record::Contribution contribution) {
  contribution.not_carried.clear();
  return contribution == record::Contribution{};
}

// However a message is damaged, it has an outcome and an answer, and the same bytes always have the
// same.
RC_GTEST_PROP(AcuteDamage, AnyDamagedMessageHasOneOutcome, ()) {
  static const std::vector<std::string> messages = GoldenMessages();
  std::string message = *rc::gen::elementOf(messages);
  const int changes = *rc::gen::inRange(1, 8);
  for (int i = 0; i < changes && !message.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, message.size());
    const char with = *rc::gen::elementOf(std::string("|^~\\&\r\n\"X0AZ\x0B\x80 "));
    const int how = *rc::gen::inRange(0, 4);
    if (how == 0) message.erase(at, *rc::gen::inRange<std::size_t>(1, 40));
    if (how == 1) message.insert(at, 1, with);
    if (how == 2) message[at] = with;
    if (how == 3) message.insert(at, message.substr(message.size() / 2, 60));
  }
  port::Feed feed;
  const auto adapter = MakeAdapter();
  const auto first = adapter->Read(message, feed);
  const auto second = adapter->Read(message, feed);
  RC_ASSERT(!first.patients.empty());
  RC_ASSERT(first.patients.size() == second.patients.size());
  for (std::size_t i = 0; i < first.patients.size(); ++i) {
    const auto& patient = first.patients[i];
    RC_ASSERT(patient.has_value() == second.patients[i].has_value());
    if (patient) {
      RC_ASSERT(*patient == *second.patients[i]);
      RC_ASSERT(NamesSomebody(first.envelope.event, patient->patient) || IsNobodys(*patient));
    } else {
      RC_ASSERT(!patient.error().place.empty());
    }
  }
  port::Outcome outcome;
  outcome.disposition = Disposition::kRejected;
  RC_ASSERT(!adapter->Reply(message, {}, outcome, kNow).starts_with("PID"));
}

}  // namespace
}  // namespace milecastle::acute

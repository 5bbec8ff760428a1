#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "acute/adapter.h"
#include "kit/print.h"

namespace milecastle::acute {
namespace {

using base::ErrorId;

base::Error ErrorOf(const std::string& event) {
  const auto reading = MakeAdapter()->Read(
      "MSH|^~\\&|PAS|RXX|||20261122||" + event + "|M1|P|2.4\rPID|1||A1^^^RXX^MR||FOLEY^ANN\r", {});
  const auto& patient = reading.patients.front();
  return patient ? base::Error{ErrorId::kInternal, "", ""} : patient.error();
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string Trigger(std::string prefix, int number) {
  const std::string digits = std::to_string(number);
  return prefix.append(3 - prefix.size() - digits.size(), '0') + digits;
}

// "send ADT A01-A03, A08 or PPR PC1-PC3" as {"ADT^A01", "ADT^A02", …}.
std::set<std::string> Named(const std::string& advice) {
  std::set<std::string> named;
  std::string code;
  for (std::size_t at = 0; at < advice.size();) {
    const std::size_t end = std::min(advice.find_first_of(", ", at), advice.size());
    const std::string word = advice.substr(at, end - at);
    at = end + 1;
    if (word.size() == 3 && !IsDigit(word[2])) code = word;
    if (word.size() < 3 || !IsDigit(word.back())) continue;
    const std::size_t digits = word.find_first_of("0123456789");
    const std::string prefix = word.substr(0, digits);
    const int last = std::stoi(word.substr(word.size() - 3 + digits));
    for (int n = std::stoi(word.substr(digits, 3 - digits)); n <= last; ++n) {
      named.insert(code + "^" + Trigger(prefix, n));
    }
  }
  return named;
}

TEST(AcuteEvents, TheAdviceOfARefusalNamesEveryEventThatIsReadAndNoOther) {
  const std::set<std::string> named = Named(ErrorOf("XYZ^X99").advice);
  ASSERT_TRUE(named.contains("ADT^A01") && named.contains("ORU^R01")) << ErrorOf("XYZ^X99").advice;
  for (const std::string code : {"ADT", "BAR", "DFT", "MDM", "OML", "ORU", "PPR", "SIU", "VXU"}) {
    for (const std::string prefix : {"A", "O", "P", "PC", "R", "S", "T", "V"}) {
      for (int n = 0; n < (prefix.size() == 1 ? 100 : 10); ++n) {
        const std::string event = code + "^" + Trigger(prefix, n);
        const bool read = ErrorOf(event).id != ErrorId::kMessageUnsupported;
        EXPECT_EQ(read, named.contains(event)) << event;
      }
    }
  }
}

TEST(AcuteEvents, ABedsStatusIsRefusedForItNamesNobody) {
  EXPECT_EQ(ErrorOf("ADT^A20").advice, "leave out of this feed what speaks of a bed alone");
}

record::Contribution Read(const std::string& event, const std::string& segments,
                          const port::Feed& feed = {}) {
  const auto reading = MakeAdapter()->Read(
      "MSH|^~\\&|PAS|RXX|||20261122100000||" + event + "|M1|P|2.6\r" + segments, feed);
  const auto& patient = reading.patients.front();
  EXPECT_TRUE(patient) << event;
  return patient ? *patient : record::Contribution{};
}

const std::string kPatient = "PID|1||A1^^^RXX^MR||FOLEY^ANN||19620304\r";
std::string Visit(const std::string& rest = "") {
  return "PV1|1|I|" + std::string(16, '|') + "V1" + rest + "\r";
}

TEST(AcutePlans, NothingThatIsPlannedReadsAsDone) {
  for (const std::string event : {"ADT^A05", "ADT^A14"}) {
    const auto said = Read(event, kPatient + Visit() + "PR1|1||W37.1^HIP^OPCS4\r");
    ASSERT_EQ(said.drafts.size(), 2U);
    for (const auto& draft : said.drafts) {
      EXPECT_EQ(draft.entry.status, record::ClinicalStatus::kPlanned) << event;
      EXPECT_EQ(draft.entry.intent, record::Intent::kPlanned) << event;
    }
    EXPECT_EQ(said.encounter->change, record::EncounterChange::kPlanned);
  }
  const auto transfer = Read("ADT^A15", kPatient + Visit());
  EXPECT_EQ(transfer.encounter->change, record::EncounterChange::kUpdated);
  EXPECT_EQ(transfer.drafts.back().entry.intent, record::Intent::kPlanned);
  // A time in the place of the discharge that is only planned.
  const auto discharge = Read("ADT^A16", kPatient + Visit(std::string(26, '|') + "20261201"));
  EXPECT_FALSE(discharge.encounter->ended);
  EXPECT_EQ(discharge.drafts.front().entry.status, record::ClinicalStatus::kActive);
  EXPECT_EQ(discharge.drafts.back().entry.intent, record::Intent::kPlanned);
}

TEST(AcutePlans, TakingAPlanBackTakesBackWhatWasPlannedAndNothingElse) {
  const std::string stay = Read("ADT^A01", kPatient + Visit()).drafts.front().source_key;
  const struct {
    std::string planned;
    std::string cancelled;
  } pairs[] = {{"ADT^A05", "ADT^A38"},
               {"ADT^A14", "ADT^A27"},
               {"ADT^A15", "ADT^A26"},
               {"ADT^A16", "ADT^A25"}};
  for (const auto& [planned, cancelled] : pairs) {
    const std::string plan = Read(planned, kPatient + Visit()).drafts.back().source_key;
    EXPECT_NE(plan, stay);
    EXPECT_EQ(Read(cancelled, kPatient + Visit()).withdrawn_keys, std::vector<std::string>{plan})
        << cancelled;
  }
}

TEST(AcutePlans, WhatHappensEndsItsPlan) {
  const auto ends = [](const std::string& event, const std::string& planned) {
    const std::string plan = Read(planned, kPatient + Visit()).drafts.back().source_key;
    const auto keys = Read(event, kPatient + Visit()).withdrawn_keys;
    return std::find(keys.begin(), keys.end(), plan) != keys.end();
  };
  EXPECT_TRUE(ends("ADT^A01", "ADT^A05"));
  EXPECT_TRUE(ends("ADT^A06", "ADT^A14"));
  EXPECT_TRUE(ends("ADT^A02", "ADT^A15"));
  EXPECT_TRUE(ends("ADT^A03", "ADT^A16"));
  EXPECT_TRUE(ends("ADT^A03", "ADT^A21"));
  EXPECT_FALSE(ends("ADT^A08", "ADT^A05"));
  EXPECT_FALSE(ends("ADT^A02", "ADT^A16"));
}

TEST(AcuteMoves, LinksDeletionsAndMovesMergeAndDeleteNothingAndAskForReview) {
  const std::string other = "MRG|A2^^^RXX^MR||ACC2||V2\r";
  const std::pair<std::string, std::string> messages[] = {{"ADT^A24", kPatient},
                                                          {"ADT^A37", kPatient},
                                                          {"ADT^A29", kPatient},
                                                          {"ADT^A35", kPatient + other},
                                                          {"ADT^A41", kPatient + other},
                                                          {"ADT^A42", kPatient + other + Visit()},
                                                          {"ADT^A43", kPatient + other},
                                                          {"ADT^A44", kPatient + other},
                                                          {"ADT^A45", kPatient + other + Visit()},
                                                          {"ADT^A49", kPatient + other},
                                                          {"ADT^A50", kPatient + other + Visit()},
                                                          {"ADT^A51", kPatient + other}};
  for (const auto& [event, segments] : messages) {
    const auto said = Read(event, segments);
    EXPECT_EQ(said.reviews.size(), 1U) << event;
    EXPECT_FALSE(said.merge) << event;
    EXPECT_FALSE(said.encounter) << event;
    EXPECT_TRUE(said.drafts.empty() && said.withdrawn_keys.empty()) << event;
  }
  EXPECT_EQ(Read("ADT^A23", kPatient + Visit()).reviews.size(), 1U);
}

TEST(AcuteMoves, NumbersOfOnePatientAskNobody) {
  const std::string own = "MRG|A1^^^RXX^MR||ACC2||V2\r";
  for (const std::string event :
       {"ADT^A35", "ADT^A41", "ADT^A44", "ADT^A45", "ADT^A49", "ADT^A51"}) {
    const auto said = Read(event, kPatient + own + Visit());
    EXPECT_TRUE(said.reviews.empty() && !said.encounter && !said.merge) << event;
  }
  for (const std::string event : {"ADT^A42", "ADT^A50"}) {
    EXPECT_EQ(Read(event, kPatient + own + Visit()).encounter->former_number, "V2") << event;
  }
}

TEST(AcuteProblems, WhatEndedOrIsNotSoIsNeverActive) {
  const auto status = [](const std::string& confirmation, const std::string& cycle,
                         const std::string& ended = "") {
    const auto said = Read("PPR^PC1", kPatient + "PRB|AD||1^X^L|P1|||||" + ended + "||||" +
                                          confirmation + "|" + cycle + "\r");
    return said.drafts.front().entry.status;
  };
  using record::ClinicalStatus;
  EXPECT_EQ(status("Confirmed", "Active"), ClinicalStatus::kActive);
  EXPECT_EQ(status("ACTIVE", ""), ClinicalStatus::kActive);
  EXPECT_EQ(status("Resolved", "Active"), ClinicalStatus::kResolved);
  EXPECT_EQ(status("Active", "Resolved"), ClinicalStatus::kResolved);
  EXPECT_EQ(status("", "Active", "20250101"), ClinicalStatus::kResolved);
  EXPECT_EQ(status("", "Active", "20990101"), ClinicalStatus::kActive);
  for (const std::string word :
       {"Refuted", "Ruled out", "entered-in-error", "^Entered in error^L"}) {
    EXPECT_EQ(status(word, "Active"), ClinicalStatus::kUnstated) << word;
    EXPECT_EQ(status("Active", word), ClinicalStatus::kUnstated) << word;
  }
}

TEST(AcuteVaccinations, OnlyWhatTheSourceSaysWasGivenReadsAsGiven) {
  const auto intent = [](const std::string& refusal, const std::string& completion,
                         const std::string& control = "RE", const std::string& when = "20261101") {
    const auto said =
        Read("VXU^V04", kPatient + "ORC|" + control + "||F1\rRXA|0|1|" + when + "||1^MMR^L|1" +
                            std::string(12, '|') + refusal + "||" + completion + "|A\r");
    return said.drafts.front().entry.intent;
  };
  using record::Intent;
  EXPECT_EQ(intent("", "CP"), Intent::kDone);
  EXPECT_EQ(intent("", "PA"), Intent::kDone);
  for (const std::string code : {"RE", "NA"}) EXPECT_EQ(intent("", code), Intent::kNotDone) << code;
  EXPECT_EQ(intent("00^Parental decision", ""), Intent::kNotDone);
  EXPECT_EQ(intent("", "", "CA"), Intent::kNotDone);
  EXPECT_EQ(intent("00^Parental decision", "CP"), Intent::kUnstated);
  EXPECT_EQ(intent("", ""), Intent::kUnstated);
  EXPECT_EQ(intent("", "CP", "RE", "20991101"), Intent::kUnstated);
  EXPECT_EQ(intent("", "", "RE", "20991101"), Intent::kPlanned);
}

TEST(AcuteAccounts, ABillMakesNoRelationshipAndOpensNoVisit) {
  for (const std::string event : {"BAR^P01", "BAR^P05", "BAR^P06", "DFT^P03"}) {
    const auto open = Read(event, kPatient + Visit());
    EXPECT_TRUE(!open.encounter && open.drafts.empty()) << event;
    const auto over = Read(event, kPatient + Visit(std::string(26, '|') + "20261101"));
    EXPECT_FALSE(over.encounter) << event;
    EXPECT_EQ(over.drafts.front().entry.status, record::ClinicalStatus::kCompleted) << event;
  }
}

// A token in every field of a segment, but for what it needs to be read at all.
struct Filled {
  std::string event;
  std::string before;  // the segments before it
  std::string name;
  int fields;
  std::set<int> structure;  // counters and action codes: what orders the message and says nothing
  std::map<int, std::string> needed = {};
};

std::set<std::string> ForgottenOf(const Filled& filled) {
  std::string segment = filled.name;
  for (int f = 1; f <= filled.fields; ++f) {
    const auto needed = filled.needed.find(f);
    segment +=
        "|" + (needed == filled.needed.end() ? "token" + std::to_string(f) + "x" : needed->second);
  }
  const auto said = Read(filled.event, kPatient + filled.before + segment + "\r");
  const std::string text = kit::Print(said);
  std::set<std::string> forgotten;
  for (int f = 1; f <= filled.fields; ++f) {
    if (filled.structure.contains(f) || filled.needed.contains(f)) continue;
    const std::string place = filled.name + "-" + std::to_string(f);
    const bool listed = std::any_of(
        said.not_carried.begin(), said.not_carried.end(),
        [&](const auto& line) { return line.place == place || line.place == filled.name; });
    const bool carried = text.find("token" + std::to_string(f) + "x") != std::string::npos;
    if (!listed && !carried) forgotten.insert(place);
  }
  return forgotten;
}

TEST(AcuteAccount, EveryFieldOfTheFurtherSegmentsIsCarriedOrListed) {
  const std::string problem = "PRB|AD||1^X^L|P1\r";
  const Filled all[] = {
      {"PPR^PC1", "", "PRB", 30, {1}},
      {"PPR^PC1", problem, "VAR", 8, {1}},
      {"PPR^PC1", problem, "ROL", 12, {1, 2}},
      {"PPR^PC1", problem, "NTE", 6, {1, 2}},
      {"PGL^PC6", "", "GOL", 24, {1}},
      {"PPP^PCB", "", "PTH", 9, {1}},
      {"VXU^V04", "", "RXA", 29, {1, 2, 21}},
      {"VXU^V04", "RXA|0|1|20261101||1^X^L\r", "RXR", 8, {}},
      {"VXU^V04", "RXA|0|1|20261101||1^X^L\r", "OBX", 25, {1, 4}, {{2, "TX"}}},
      {"VXU^V04", "RXA|0|1|20261101||1^X^L\r", "OBX", 25, {1, 3, 4, 14}, {{2, "TX"}, {11, "D"}}},
      {"ADT^A60", "", "IAM", 22, {1, 6, 7}},
      {"ADT^A60", "IAM|1|DA|X||r|A|I1\r", "IAR", 6, {}},
      {"ADT^A08", Visit(), "ARV", 8, {1, 2}},
      {"ADT^A50", Visit(), "MRG", 9, {}, {{1, "A1^^^RXX^MR"}}},
      {"ADT^A45", Visit(), "MRG", 9, {1}},
      {"ADT^A35", "", "MRG", 9, {1}},
      {"BAR^P01", "", "PV1", 54, {1, 19, 51}},
      {"ADT^A15", "", "PV1", 54, {1, 51}},
      {"ADT^A16", "", "PV2", 50, {22}},
      {"DFT^P03", "", "FT1", 30, {}}};
  for (const Filled& filled : all) {
    EXPECT_EQ(ForgottenOf(filled), std::set<std::string>{}) << filled.event << " " << filled.name;
  }
}

TEST(AcuteNumbers, AreAssignedByWhomTheFeedNamesWhereTheyNameNobody) {
  port::Feed feed;
  const std::string bare = "PID|1||A1^^^^MR\r";
  EXPECT_EQ(Read("ADT^A31", bare, feed).patient.local_identifiers.front().authority, "RXX");
  feed.assigning_authority = "RYY";
  EXPECT_EQ(Read("ADT^A31", bare, feed).patient.local_identifiers.front().authority, "RYY");
  EXPECT_EQ(Read("ADT^A31", kPatient, feed).patient.local_identifiers.front().authority, "RXX");
}

TEST(AcuteNumbers, AMessageWithoutOneIsKnownByItsBytes) {
  const auto number = [](const std::string& name) {
    return MakeAdapter()
        ->Read("MSH|^~\\&|PAS|RXX|||20261122||ADT^A31||P|2.4\rPID|1||A1^^^RXX^MR||" + name + "\r",
               {})
        .envelope.control_id;
  };
  EXPECT_FALSE(number("FOLEY").empty());
  EXPECT_EQ(number("FOLEY"), number("FOLEY"));
  EXPECT_NE(number("FOLEY"), number("MARSH"));
  EXPECT_EQ(number("FOLEY").find("FOLEY"), std::string::npos);
}

}  // namespace
}  // namespace milecastle::acute

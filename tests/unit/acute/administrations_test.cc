// What is told as given was given, says its message: no dose that is yet to come, and none of which
// nobody can tell.
#include <gtest/gtest.h>

#include "message.h"

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using record::Intent;

struct Case {
  std::string completion;  // RXA-20
  std::string began;       // RXA-3
  std::string ended;
  Intent intent;
  std::string sent = "20261122120000";
};
const std::string kBefore = "20261122100000";
const std::string kAhead = "20261122180000";

const std::vector<Case> kCases = {
    {"CP", kBefore, "", Intent::kDone},
    {"PA", kBefore, "", Intent::kDone},
    {"", kBefore, "", Intent::kDone},
    {"", kBefore, kBefore, Intent::kDone},
    {"RE", kBefore, "", Intent::kNotDone},
    {"NA", kBefore, "", Intent::kNotDone},
    {"RE", kAhead, "", Intent::kNotDone},
    {"XX", kBefore, "", Intent::kUnstated},
    {"\"\"", kBefore, "", Intent::kUnstated},
    {"CP", kAhead, "", Intent::kUnstated},
    {"PA", kAhead, "", Intent::kUnstated},
    {"CP", kBefore, kAhead, Intent::kUnstated},
    {"", kAhead, "", Intent::kPlanned},
    {"XX", kAhead, "", Intent::kPlanned},
    {"", kBefore, kAhead, Intent::kUnstated},
    {"", "", "", Intent::kUnstated},
    {"", "soon", "", Intent::kUnstated},
    {"CP", "", "", Intent::kDone},
    {"", kBefore, "", Intent::kUnstated, ""},
    {"CP", kBefore, "", Intent::kDone, ""},
    {"", "20261122", "", Intent::kDone, "20261122"},
    {"CP", "20261122120230", "", Intent::kDone},  // clocks differ
    {"", "20261122120230", "", Intent::kPlanned},
    {"CP", "20261122120600", "", Intent::kUnstated},
};

record::Entry Given(const std::string& event, const Case& one, const std::string& orc = "ORC|RE|P1",
                    const std::string& amount = "250", const std::string& reason = "") {
  const std::string rxa = "RXA|0|1|" + one.began + "|" + one.ended + "|AMOX^Amoxicillin|" + amount;
  const auto read = ReadWell(
      event,
      std::string(kPid) + orc + "\r" + Field(Field(rxa, 18, reason), 20, one.completion) + "\r",
      one.sent);
  EXPECT_EQ(read.drafts.size(), 1U);
  return read.drafts.empty() ? record::Entry{} : read.drafts[0].entry;
}

// Of a vaccination what says nothing is left unstated, past or not.
std::vector<Case> CasesOf(const std::string& event) {
  std::vector<Case> cases = kCases;
  for (Case& one : cases) {
    const bool is_silent = one.completion.empty() && one.intent == Intent::kDone;
    if (event == "VXU^V04" && is_silent) one.intent = Intent::kUnstated;
  }
  return cases;
}

TEST(AcuteAdministrations, OnlyWhatIsOverAndCompleteIsToldAsGiven) {
  for (const std::string event : {"RAS^O17", "VXU^V04"}) {
    for (const Case& one : CasesOf(event)) {
      const auto entry = Given(event, one);
      EXPECT_EQ(entry.intent, one.intent)
          << event << " '" << one.completion << "' " << one.began << "-" << one.ended;
      const bool is_done = one.intent == Intent::kDone;
      const bool is_whole = entry.status == ClinicalStatus::kCompleted;
      EXPECT_EQ(is_whole, is_done && one.completion != "PA") << event << one.completion;
      if (one.completion == "PA" && is_done) {
        EXPECT_EQ(entry.status, ClinicalStatus::kStopped);
      }
    }
  }
}

TEST(AcuteAdministrations, WhatTwoFieldsTellDifferentlyIsToldAsNeither) {
  for (const std::string event : {"RAS^O17", "VXU^V04"}) {
    const Case complete{"CP", kBefore, "", Intent::kUnstated};
    EXPECT_EQ(Given(event, complete, "ORC|RE|P1", "250", "^Asleep").intent, Intent::kUnstated);
    const Case silent{"", kBefore, "", Intent::kNotDone};
    EXPECT_EQ(Given(event, silent, "ORC|RE|P1", "250", "^Asleep").intent, Intent::kNotDone);
  }
  const Case complete{"CP", kBefore, "", Intent::kDone};
  const Case silent{"", kBefore, "", Intent::kDone};
  EXPECT_EQ(Given("RAS^O17", complete, "ORC|RE|P1", "0").intent, Intent::kUnstated);
  EXPECT_EQ(Given("RAS^O17", complete, "ORC|CA|P1").intent, Intent::kDone);
  EXPECT_EQ(Given("RAS^O17", silent, "ORC|CA|P1").intent, Intent::kUnstated);
}

}  // namespace
}  // namespace milecastle::acute

#include "record/belief.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

Entry Active() {
  Entry entry;
  entry.kind = Kind::kProblem;
  entry.section = Section::kProblems;
  entry.status = ClinicalStatus::kActive;
  return entry;
}

TEST(Belief, OfEndedAndActiveNeitherIsBelieved) {
  Entry entry = Active();
  Settle(entry);
  EXPECT_EQ(entry.status, ClinicalStatus::kActive);
  entry.ended = When::ParseIso("2015");
  Settle(entry);
  EXPECT_EQ(entry.status, ClinicalStatus::kUnstated);
  for (const char* name : {"abatement", "actual end date", "reason ended"}) {
    Entry told = Active();
    told.details = {{.name = name, .text = "in words"}};
    Settle(told);
    EXPECT_EQ(told.status, ClinicalStatus::kUnstated) << name;
  }
  Entry not_abated = Active();
  not_abated.details = {{.name = "abatement", .text = "false"}};
  Settle(not_abated);
  EXPECT_EQ(not_abated.status, ClinicalStatus::kActive);
}

// A medicine or plan whose last day was over when it came is not of today, whatever its status
// says; a result that is not final yet is another matter.
TEST(Belief, ACourseOrPlanThatWasOverWhenItCameIsNotActive) {
  const base::Instant received = When::ParseIso("2026-11-22T09:00:00Z")->at;
  const auto status = [&](Kind kind, const char* end) {
    Entry entry = Active();
    entry.kind = kind;
    entry.ended = When::ParseIso(end);
    SettleCourse(entry, received);
    return entry.status;
  };
  for (const Kind kind : {Kind::kMedication, Kind::kMedicationIssue, Kind::kStatement}) {
    EXPECT_EQ(status(kind, "2020-01-01"), ClinicalStatus::kUnstated);
    EXPECT_EQ(status(kind, "2026"), ClinicalStatus::kActive);
    EXPECT_EQ(status(kind, "2026-11-22"), ClinicalStatus::kActive);
    EXPECT_EQ(status(kind, "2027-01-01"), ClinicalStatus::kActive);
    EXPECT_EQ(status(kind, ""), ClinicalStatus::kActive);
  }
  EXPECT_EQ(status(Kind::kObservation, "2020-01-01"), ClinicalStatus::kActive);
}

TEST(Belief, WhatIsRefutedIsNotActive) {
  for (const auto verification : {Verification::kRefuted, Verification::kEnteredInError}) {
    Entry entry = Active();
    entry.verification = verification;
    Settle(entry);
    EXPECT_EQ(entry.status, ClinicalStatus::kUnstated);
  }
}

// Policy decides by the section: what is safeguarded of a baby stays under safeguarding.
TEST(Belief, WhatIsOfSomebodyElseStandsUnderNoHeadingOfThePatients) {
  Entry problem = Active();
  GiveToOther(Subject::kOther, problem);
  EXPECT_EQ(problem.subject, Subject::kOther);
  EXPECT_EQ(problem.kind, Kind::kStatement);
  EXPECT_EQ(problem.section, Section::kFamilyHistory);
  Entry safeguarded = Active();
  safeguarded.section = Section::kSafeguarding;
  GiveToOther(Subject::kFamily, safeguarded);
  EXPECT_EQ(safeguarded.section, Section::kSafeguarding);
  EXPECT_EQ(safeguarded.subject, Subject::kFamily);
}

}  // namespace
}  // namespace milecastle::record

#include "port/told.h"

#include <gtest/gtest.h>

namespace milecastle::port {
namespace {

const PatientOutcome kApart{
    .disposition = Disposition::kQuarantined,
    .error = base::Error{base::ErrorId::kConflict, "patient identifiers", "kept apart"},
    .read = 3};
const PatientOutcome kWaits{
    .disposition = Disposition::kAwaitingIdentity, .error = {}, .entries = 3, .read = 3};
const PatientOutcome kJoined{
    .disposition = Disposition::kAccepted, .error = {}, .entries = 2, .read = 3};
const PatientOutcome kUnread{
    .disposition = Disposition::kQuarantined,
    .error = base::Error{base::ErrorId::kPatientMissing, "PID[2]-3", "send a number"}};

Outcome Of(const PatientOutcome& patient) {
  return {.disposition = patient.disposition,
          .error = patient.error,
          .entries = patient.entries,
          .read = patient.read,
          .repeated = patient.repeated};
}

TEST(AsTold, WhoIsJoinedWhoWaitsAndWhoIsKeptApartAreToldAlike) {
  for (const PatientOutcome& patient : {kApart, kWaits, kJoined}) {
    const Outcome told = AsTold(Of(patient));
    EXPECT_EQ(told.disposition, Disposition::kAccepted);
    EXPECT_FALSE(told.error);
    EXPECT_EQ(told.entries, 3U) << "as many as it has, not as many as are of use";
  }
}

TEST(AsTold, NorAmongOthersOfAMessageIsThereADifference) {
  Outcome outcome{.disposition = Disposition::kQuarantined, .error = kApart.error, .entries = 5};
  outcome.patients = {kJoined, kApart, kWaits};
  const Outcome told = AsTold(AsTold(outcome));
  EXPECT_EQ(told.disposition, Disposition::kAccepted);
  EXPECT_FALSE(told.error);
  EXPECT_EQ(told.entries, 9U);
  ASSERT_EQ(told.patients.size(), 3U);
  for (const PatientOutcome& patient : told.patients) {
    EXPECT_EQ(patient.disposition, Disposition::kAccepted);
    EXPECT_FALSE(patient.error);
    EXPECT_EQ(patient.entries, 3U);
  }
}

TEST(AsTold, BytesThatAreTakenAgainAreADuplicateWhateverBecomesOfThem) {
  for (PatientOutcome patient : {kApart, kWaits, kJoined}) {
    patient.repeated = true;
    const Outcome told = AsTold(Of(patient));
    EXPECT_EQ(told.disposition, Disposition::kDuplicate);
    EXPECT_FALSE(told.error);
    EXPECT_EQ(told.entries, 0U);
  }
}

TEST(AsTold, ADuplicateNamesNoPatientsWhetherSomeWereTakenAgainOrNot) {
  PatientOutcome again = kWaits;
  again.repeated = true;
  PatientOutcome before;
  before.disposition = Disposition::kDuplicate;
  Outcome outcome{.disposition = Disposition::kAwaitingIdentity};
  outcome.patients = {before, again};
  const Outcome told = AsTold(outcome);
  EXPECT_EQ(told.disposition, Disposition::kDuplicate);
  EXPECT_TRUE(told.patients.empty());
}

TEST(AsTold, WhatIsOlderThanWhatStandsIsNotTold) {
  Outcome older = Of(kJoined);
  older.untold = {{"message", "1 of its parts is an older version"}};
  EXPECT_TRUE(AsTold(older).untold.empty());
  EXPECT_TRUE(AsTold(older).not_carried.empty());
}

TEST(AsTold, WhatIsWrongWithTheFormIsToldStill) {
  Outcome outcome{.disposition = Disposition::kQuarantined, .error = kApart.error};
  outcome.patients = {kApart, kUnread};
  const Outcome told = AsTold(outcome);
  EXPECT_EQ(told.disposition, Disposition::kQuarantined);
  ASSERT_TRUE(told.error);
  EXPECT_EQ(told.error->place, "PID[2]-3");
  const base::Error other{base::ErrorId::kConflict, "control id", "give each message its own"};
  EXPECT_EQ(AsTold({.disposition = Disposition::kQuarantined, .error = other}).disposition,
            Disposition::kQuarantined);
  for (const PatientOutcome& patient : {kApart, kWaits, kJoined}) {
    Outcome left = Of(patient);
    left.not_carried = {{"PID-8", "it has no place"}};
    EXPECT_EQ(AsTold(left).not_carried.size(), 1U);
  }
  for (const auto other_end :
       {Disposition::kDuplicate, Disposition::kRejected, Disposition::kFailed}) {
    EXPECT_EQ(AsTold({.disposition = other_end}).disposition, other_end);
  }
}

}  // namespace
}  // namespace milecastle::port

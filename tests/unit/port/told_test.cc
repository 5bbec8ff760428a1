#include "port/told.h"

#include <gtest/gtest.h>

namespace milecastle::port {
namespace {

const PatientOutcome kApart{.disposition = Disposition::kQuarantined,
                            .error = base::Error{base::ErrorId::kConflict, "patient identifiers",
                                                 "kept apart: the identity team was told"}};
const PatientOutcome kWaits{
    .disposition = Disposition::kAwaitingIdentity, .error = {}, .entries = 3};
const PatientOutcome kUnread{
    .disposition = Disposition::kQuarantined,
    .error = base::Error{base::ErrorId::kPatientMissing, "PID[2]-3", "send a number"}};

Outcome Of(const PatientOutcome& patient) {
  return {.disposition = patient.disposition, .error = patient.error, .entries = patient.entries};
}

TEST(AsTold, WhoIsKeptApartIsToldInNoOtherWordsThanWhoWaits) {
  const Outcome apart = AsTold(Of(kApart));
  const Outcome waits = AsTold(Of(kWaits));
  EXPECT_EQ(apart.disposition, Disposition::kAwaitingIdentity);
  EXPECT_EQ(waits.disposition, Disposition::kAwaitingIdentity);
  EXPECT_FALSE(apart.error);
  EXPECT_EQ(apart.entries, 0U);
  EXPECT_EQ(waits.entries, 0U) << "nothing of it was applied";
  Outcome left = Of(kWaits);
  left.not_carried = {{"PID-8", "it has no place"}};
  EXPECT_EQ(AsTold(left).not_carried.size(), 1U) << "what is wrong with its form";
}

TEST(AsTold, NorAmongOthersOfAMessage) {
  Outcome outcome{.disposition = Disposition::kQuarantined, .error = kApart.error, .entries = 7};
  outcome.patients = {{Disposition::kAccepted, {}, 4}, kApart, kWaits};
  const Outcome told = AsTold(outcome);
  EXPECT_EQ(told.disposition, Disposition::kAwaitingIdentity);
  EXPECT_FALSE(told.error);
  EXPECT_EQ(told.entries, 4U);
  ASSERT_EQ(told.patients.size(), 3U);
  EXPECT_EQ(told.patients[1].disposition, told.patients[2].disposition);
  EXPECT_FALSE(told.patients[1].error);
  EXPECT_EQ(told.patients[1].entries, told.patients[2].entries);
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
  Outcome accepted{.disposition = Disposition::kAccepted, .entries = 2};
  accepted.not_carried = {{"PID-8", "it has no place"}};
  EXPECT_EQ(AsTold(accepted).entries, 2U);
  EXPECT_EQ(AsTold(accepted).not_carried.size(), 1U);
}

}  // namespace
}  // namespace milecastle::port

// What each of GP Connect's errors means for a view.
#include "gather/outcome.h"

#include <gtest/gtest.h>

namespace milecastle::gather {
namespace {

TEST(LiveOutcome, EveryErrorOfGpConnectHasItsMeaningAndNoneIsARecord) {
  // The codes of the specification, written down apart from the table.
  for (const char* code : {"INVALID_IDENTIFIER_SYSTEM",
                           "INVALID_IDENTIFIER_VALUE",
                           "INVALID_NHS_NUMBER",
                           "INVALID_PATIENT_DEMOGRAPHICS",
                           "BAD_REQUEST",
                           "CONFLICTING_VALUES",
                           "NO_PATIENT_CONSENT",
                           "NO_ORGANISATION_CONSENT",
                           "ACCESS DENIED",
                           "NO_RELATIONSHIP",
                           "PATIENT_NOT_FOUND",
                           "ORGANISATION_NOT_FOUND",
                           "PRACTITIONER_NOT_FOUND",
                           "NO_RECORD_FOUND",
                           "DUPLICATE_REJECTED",
                           "INVALID_RESOURCE",
                           "INVALID_PARAMETER",
                           "REFERENCE_NOT_FOUND",
                           "INTERNAL_SERVER_ERROR",
                           "NOT_IMPLEMENTED"}) {
    EXPECT_TRUE(std::any_of(ErrorCodes().begin(), ErrorCodes().end(), [&](const ErrorCode& each) {
      return each.code == code;
    })) << code;
    for (const int status : {200, 400, 403, 404, 500}) {
      EXPECT_NE(OutcomeOf(status, code), Outcome::kReturned) << code;
    }
  }
}

TEST(LiveOutcome, DissentAndNotFoundAreToldFromRefusalAndFailure) {
  EXPECT_EQ(OutcomeOf(403, "NO_PATIENT_CONSENT"), Outcome::kDissent);
  EXPECT_EQ(OutcomeOf(404, "PATIENT_NOT_FOUND"), Outcome::kNotFound);
  EXPECT_EQ(OutcomeOf(403, "NO_RELATIONSHIP"), Outcome::kRefused);
  EXPECT_EQ(OutcomeOf(500, "INTERNAL_SERVER_ERROR"), Outcome::kUnavailable);
}

TEST(LiveOutcome, AnUnknownCodeCountsByItsStatus) {
  EXPECT_EQ(OutcomeOf(503, ""), Outcome::kUnavailable);
  EXPECT_EQ(OutcomeOf(429, ""), Outcome::kUnavailable);
  EXPECT_EQ(OutcomeOf(404, "<html>"), Outcome::kUnavailable);
  EXPECT_EQ(OutcomeOf(401, ""), Outcome::kRefused);
  EXPECT_EQ(OutcomeOf(302, ""), Outcome::kInvalidAnswer);
  EXPECT_EQ(OutcomeOf(200, ""), Outcome::kInvalidAnswer);
}

TEST(LiveOutcome, WhatWasNotAskedIsToldFromWhatFailed) {
  EXPECT_FALSE(WasAsked(Outcome::kBusy));
  EXPECT_FALSE(WasAsked(Outcome::kCircuitOpen));
  EXPECT_FALSE(WasAsked(Outcome::kNoTime));
  EXPECT_TRUE(WasAsked(Outcome::kTimedOut));
  EXPECT_TRUE(WasAsked(Outcome::kDissent));
}

}  // namespace
}  // namespace milecastle::gather

// BaRS messages: what they need, and that a cancellation takes the place of what it cancels. Every
// tests/golden/bars/NAME.json must give what stands in NAME.txt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "community/adapter.h"
#include "kit/golden.h"
#include "kit/readings.h"

namespace milecastle::community {
namespace {

using record::ClinicalStatus;
using record::Section;
using testing::HasSubstr;

port::Reading ReadCase(const std::string& name) {
  const auto file = kit::SourceFolder("tests/golden/bars") / (name + ".json");
  return MakeAdapter()->Read(kit::GoldenInput(file), {});
}

const record::Draft* Find(const port::Reading& reading, std::string_view type) {
  if (!reading.patients.front()) return nullptr;
  for (const record::Draft& draft : reading.patients.front()->drafts) {
    if (draft.source_key.starts_with(type)) return &draft;
  }
  return nullptr;
}

TEST(Bars, ACancelledReferralTakesThePlaceOfTheOpenOne) {
  const auto open = ReadCase("referral-new");
  const auto* const before = Find(open, "ServiceRequest/");
  ASSERT_NE(before, nullptr);
  EXPECT_EQ(before->entry.status, ClinicalStatus::kActive);
  EXPECT_EQ(before->entry.section, Section::kReferralDetails);
  for (const std::string name : {"referral-revoked", "referral-in-error"}) {
    const auto reading = ReadCase(name);
    const auto* const after = Find(reading, "ServiceRequest/");
    ASSERT_NE(after, nullptr);
    EXPECT_EQ(after->source_key, before->source_key);
    const bool is_error = after->entry.verification == record::Verification::kEnteredInError;
    EXPECT_TRUE(after->entry.status == ClinicalStatus::kStopped || is_error) << name;
  }
}

TEST(Bars, ACancelledBookingTakesThePlaceOfTheBookedOneAndIsNoRelationship) {
  const auto booked = ReadCase("booking-new");
  const auto cancelled = ReadCase("booking-cancelled");
  const auto* const before = Find(booked, "Appointment/");
  const auto* const after = Find(cancelled, "Appointment/");
  ASSERT_TRUE(before != nullptr && after != nullptr);
  EXPECT_EQ(before->source_key, after->source_key);
  EXPECT_EQ(before->entry.status, ClinicalStatus::kPlanned);
  EXPECT_EQ(after->entry.status, ClinicalStatus::kCancelled);
  ASSERT_TRUE(cancelled.patients.front()->encounter);
  EXPECT_EQ(cancelled.patients.front()->encounter->change,
            record::EncounterChange::kOpeningCancelled);
  ASSERT_TRUE(booked.patients.front() && booked.patients.front()->encounter);
  EXPECT_EQ(cancelled.patients.front()->encounter->number,
            booked.patients.front()->encounter->number);
}

TEST(Bars, FlagsStandWhereTheyAreLookedForAndSceneSafetyIsThePatientsAlert) {
  const auto reading = ReadCase("referral-new");
  ASSERT_TRUE(reading.patients.front());
  const auto section_of = [&](std::string_view words) {
    for (const record::Draft& draft : reading.patients.front()->drafts) {
      const auto& codings = draft.entry.what.codings;
      if (!codings.empty() && codings.front().display == words) return draft.entry.section;
    }
    return Section::kResearch;
  };
  EXPECT_EQ(section_of("The scene is not safe"), Section::kAlerts);
  EXPECT_EQ(section_of("Adult at risk"), Section::kSafeguarding);
  EXPECT_EQ(section_of("Speak slowly"), Section::kIndividualRequirements);
}

TEST(Bars, WhatAMessageNeedsAndLacksIsSaidWithItsPlace) {
  const auto refusal = [](const std::string& name) {
    const auto reading = ReadCase(name);
    return reading.patients.front() ? "taken" : base::Describe(reading.patients.front().error());
  };
  EXPECT_THAT(refusal("without-version"), HasSubstr("message.invalid at meta.versionId"));
  EXPECT_EQ(refusal("version-by-profile"), "taken");
  EXPECT_THAT(refusal("version-2"), HasSubstr("message.unsupported at meta.versionId"));
  EXPECT_THAT(refusal("without-focus"), HasSubstr(".focus: name what the message is about"));
  EXPECT_THAT(refusal("without-reason"), HasSubstr(".reason: say whether"));
  EXPECT_EQ(refusal("number-with-a-wrong-check-digit"), "taken");
}

TEST(Bars, BecomesWhatIsWrittenBesideIt) {
  const auto adapter = MakeAdapter();
  for (const auto& file : kit::GoldenCases("bars", {".json"})) {
    kit::ExpectBeside(file, ".txt", kit::Describe(*adapter, kit::GoldenInput(file)));
  }
}

}  // namespace
}  // namespace milecastle::community

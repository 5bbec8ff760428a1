// What leads every view, and what does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "drafts.h"

namespace milecastle::normalise {
namespace {

using testing::ElementsAre;

NormaliserOptions HeadlineSet() {
  NormaliserOptions options;
  options.code_labels = {{"urn:codes", "CPR", "headline:resuscitation"},
                         {"urn:codes", "CP", "headline:child_protection"},
                         {"urn:codes", "CP", "safeguarding"}};
  return options;
}

record::Draft Coded(std::string code) {
  record::Draft draft = Draft("a");
  draft.entry.what.codings = {{"urn:codes", std::move(code), ""}};
  return draft;
}

record::Headline HeadlineOf(const record::Draft& draft) {
  return With(HeadlineSet()).Normalise({draft}, kSource).front().entry_class.headline;
}

TEST(Headline, IsWhatACodeSetSaysAndNoLabel) {
  const auto items = With(HeadlineSet()).Normalise({Coded("CP")}, kSource);
  EXPECT_EQ(items.front().entry_class.headline, record::Headline::kChildProtection);
  EXPECT_THAT(items.front().entry_class.labels, ElementsAre("safeguarding"));
}

TEST(Headline, IsWhatItsSectionSaysWithoutACode) {
  const std::pair<record::Section, record::Headline> expected[] = {
      {record::Section::kAllergies, record::Headline::kAllergy},
      {record::Section::kAlerts, record::Headline::kAlert},
      {record::Section::kSafeguarding, record::Headline::kSafeguarding},
      {record::Section::kIndividualRequirements, record::Headline::kReasonableAdjustment},
      {record::Section::kEndOfLifeCare, record::Headline::kEndOfLifeCare},
      {record::Section::kProblems, record::Headline::kNone}};
  for (const auto& [section, headline] : expected) {
    record::Draft draft = Draft("a");
    draft.entry.section = section;
    EXPECT_EQ(HeadlineOf(draft), headline) << KeyOf(section);
  }
}

TEST(Headline, TheMorePressingOfCodeAndSectionHolds) {
  record::Draft draft = Coded("CPR");
  draft.entry.section = record::Section::kEndOfLifeCare;
  EXPECT_EQ(HeadlineOf(draft), record::Headline::kResuscitation);
}

// safety.md 10: what ended, is denied, mistaken, not done or somebody else's leads nobody's view.
TEST(Headline, IsNotOfWhatDoesNotStandOrIsNotOfThePatient) {
  const std::function<void(record::Entry&)> turns[] = {
      [](auto& entry) { entry.status = record::ClinicalStatus::kInactive; },
      [](auto& entry) { entry.status = record::ClinicalStatus::kResolved; },
      [](auto& entry) { entry.status = record::ClinicalStatus::kStopped; },
      [](auto& entry) { entry.status = record::ClinicalStatus::kCancelled; },
      [](auto& entry) { entry.verification = record::Verification::kRefuted; },
      [](auto& entry) { entry.verification = record::Verification::kEnteredInError; },
      [](auto& entry) { entry.subject = record::Subject::kFamily; },
      [](auto& entry) { entry.intent = record::Intent::kNotDone; },
      [](auto& entry) { entry.negated = true; }};
  for (const auto& turn : turns) {
    record::Draft draft = Coded("CPR");
    turn(draft.entry);
    EXPECT_EQ(HeadlineOf(draft), record::Headline::kNone);
  }
}

TEST(Headline, WhatIsCompleteStandsWhereItWasDoneOrSeenAndNotWhereItWasAPlan) {
  record::Draft draft = Coded("CPR");
  draft.entry.status = record::ClinicalStatus::kCompleted;
  EXPECT_EQ(HeadlineOf(draft), record::Headline::kResuscitation);
  draft.entry.kind = record::Kind::kStatement;
  EXPECT_EQ(HeadlineOf(draft), record::Headline::kNone);
}

// As sure as the source was: "2026" is over when 2026 is. An end ahead ends nothing yet.
TEST(Headline, IsNotOfWhatHadEndedWhenItWasReceived) {
  const base::Instant received = record::When::ParseIso("2026-11-22T09:00:00Z")->at;
  const auto leads = [&](record::Kind kind, const char* end) {
    record::Draft draft = Draft("a", kind);
    draft.entry.section = record::Section::kAlerts;
    draft.entry.ended = record::When::ParseIso(end);
    const auto items = With({}).Normalise({draft}, kSource, received);
    return items.front().entry_class.headline != record::Headline::kNone;
  };
  EXPECT_FALSE(leads(record::Kind::kAlert, "2021-01-01"));
  EXPECT_FALSE(leads(record::Kind::kAlert, "2025"));
  EXPECT_TRUE(leads(record::Kind::kAlert, "2026"));
  EXPECT_TRUE(leads(record::Kind::kAlert, "2026-11-22"));
  EXPECT_TRUE(leads(record::Kind::kAlert, "2027-01-01"));
  // What was done or seen over a time stands after it.
  EXPECT_TRUE(leads(record::Kind::kObservation, "2021-01-01"));
}

// In the words of a column that everybody must fill, or of an element. Whatever says more leads.
TEST(Headline, IsNotOfAPlainDenial) {
  const auto leads = [](const std::string& what, const std::string& words,
                        const std::string& detail = "") {
    record::Draft draft = Draft("a", record::Kind::kAlert);
    draft.entry.section = record::Section::kSafeguarding;
    draft.entry.what = {.text = what, .codings = {}};
    if (!words.empty()) draft.entry.free_text = {words};
    if (!detail.empty()) draft.entry.details = {{.name = "free text", .text = detail}};
    const auto items = With({}).Normalise({draft}, kSource);
    return items.front().entry_class.headline == record::Headline::kSafeguarding;
  };
  EXPECT_FALSE(leads("Safeguarding concern", "No concerns"));
  EXPECT_FALSE(leads("Safeguarding concern", "None  identified."));
  EXPECT_FALSE(leads("Allegation unfounded", ""));
  EXPECT_FALSE(leads("Safeguarding concerns", "", "None"));
  EXPECT_FALSE(leads("None", ""));
  EXPECT_TRUE(leads("Safeguarding concern", ""));
  EXPECT_TRUE(leads("Safeguarding concern", "No concerns?"));
  EXPECT_TRUE(leads("Safeguarding concern", "No concerns but for his uncle"));
  EXPECT_TRUE(leads("Safeguarding concern", "None identified", "Neglect"));
  EXPECT_TRUE(leads("Violent uncle", "No concerns"));
  EXPECT_TRUE(leads("Safeguarding concern", "Resolved 2024 - none now"));
}

TEST(Headline, IsNotTakenOnByWhatBelongsToIt) {
  record::Draft report = Draft("report", record::Kind::kReport);
  report.entry.what.codings = {{"urn:codes", "CPR", ""}};
  record::Draft result = Draft("result");
  result.entry.group = "report";
  const auto items = With(HeadlineSet()).Normalise({report, result}, kSource);
  EXPECT_EQ(items[1].entry_class.headline, record::Headline::kNone);
}

}  // namespace
}  // namespace milecastle::normalise

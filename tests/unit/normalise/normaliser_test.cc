#include "normalise/normaliser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace milecastle::normalise {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const record::OdsCode kSource = *record::OdsCode::Parse("RXX");

record::Draft Draft(std::string key, record::Kind kind = record::Kind::kObservation) {
  record::Draft draft;
  draft.source_key = std::move(key);
  draft.entry.section = record::Section::kInvestigationResults;
  draft.entry.kind = kind;
  return draft;
}

Normaliser With(NormaliserOptions options) { return *Normaliser::Create(options); }

NormaliserOptions HivSet() {
  NormaliserOptions options;
  options.code_labels = {{"SNM3", "86406008", "hiv"}};
  return options;
}

TEST(Normaliser, NamesKnownCodeSystemsByTheirUriWhereverTheyStand) {
  record::Draft draft = Draft("a");
  draft.entry.what.codings = {{"SNM3", "1", ""}, {"ln", "2", ""}, {"WinPath", "3", ""}};
  draft.entry.value.emplace();
  draft.entry.value->coded.codings = {{"I10", "4", ""}};
  draft.entry.details = {{"site", "", {"", {{"SCT", "5", ""}}}, {}}};
  const auto items = With({}).Normalise({draft}, kSource);
  const record::Entry& entry = items.front().draft.entry;
  EXPECT_EQ(entry.what.codings[0].system, "http://snomed.info/sct");
  EXPECT_EQ(entry.what.codings[1].system, "http://loinc.org");
  EXPECT_EQ(entry.what.codings[2].system, "WinPath") << "an unknown name stays as sent";
  EXPECT_EQ(entry.value->coded.codings[0].system, "http://hl7.org/fhir/sid/icd-10");
  EXPECT_EQ(entry.details[0].coded.codings[0].system, "http://snomed.info/sct");
}

TEST(Normaliser, AConfiguredSystemNameWinsOverABuiltInOne) {
  NormaliserOptions options;
  options.systems = {{"RC", "urn:local:royal-codes"}};
  record::Draft draft = Draft("a");
  draft.entry.what.codings = {{"rc", "1", ""}};
  const auto items = With(options).Normalise({draft}, kSource);
  EXPECT_EQ(items.front().draft.entry.what.codings[0].system, "urn:local:royal-codes");
}

TEST(Normaliser, ASensitiveCodeLabelsItsEntryFromItsCodesValueOrDetails) {
  record::Draft what = Draft("what");
  what.entry.what.codings = {{"99LOCAL", "X", ""}, {"SCT", "86406008", ""}};
  record::Draft value = Draft("value");
  value.entry.value.emplace();
  value.entry.value->coded.codings = {{"http://snomed.info/sct", "86406008", ""}};
  record::Draft detail = Draft("detail");
  detail.entry.details = {{"reason", "", {"", {{"SNM3", "86406008", ""}}}, {}}};
  record::Draft other = Draft("other");
  other.entry.what.codings = {{"LN", "86406008", ""}};
  const auto items = With(HivSet()).Normalise({what, value, detail, other}, kSource);
  EXPECT_THAT(items[0].entry_class.labels, ElementsAre("hiv"));
  EXPECT_THAT(items[1].entry_class.labels, ElementsAre("hiv"));
  EXPECT_THAT(items[2].entry_class.labels, ElementsAre("hiv"));
  EXPECT_THAT(items[3].entry_class.labels, IsEmpty()) << "the same code of another system";
}

TEST(Normaliser, WhatASourceSaysOfAnEntryBecomesItsLabels) {
  record::Draft draft = Draft("a");
  draft.source_labels = {"NOPAT", "confidentiality:V", "confidentiality:N", "vip:PRINCE", "NOPAT"};
  const auto items = With({}).Normalise({draft}, kSource);
  EXPECT_THAT(items.front().entry_class.labels,
              ElementsAre("no_patient_access", "source:very_restricted", "source:vip"));
}

TEST(Normaliser, ASourceLabelThatNobodyKnowsIsKeptAsSuchWithoutItsWords) {
  record::Draft draft = Draft("a");
  draft.source_labels = {"do not tell the daughter"};
  const auto items = With({}).Normalise({draft}, kSource);
  EXPECT_THAT(items.front().entry_class.labels, ElementsAre("source:unmapped"));
}

TEST(Normaliser, TheSafeguardingSectionLabelsWhatStandsInIt) {
  record::Draft draft = Draft("a");
  draft.entry.section = record::Section::kSafeguarding;
  const auto items = With({}).Normalise({draft}, kSource);
  EXPECT_THAT(items.front().entry_class.labels, ElementsAre("safeguarding"));
}

TEST(Normaliser, ASensitiveReportAndItsResultsShareTheirLabels) {
  record::Draft report = Draft("report", record::Kind::kReport);
  record::Draft sensitive = Draft("sensitive");
  sensitive.entry.what.codings = {{"SCT", "86406008", ""}};
  sensitive.entry.group = "report";
  const auto up = With(HivSet()).Normalise({report, sensitive}, kSource);
  EXPECT_THAT(up[0].entry_class.labels, ElementsAre("hiv"))
      << "a report's title tells of its items";

  report.entry.what.codings = {{"SCT", "86406008", ""}};
  record::Draft plain = Draft("plain");
  plain.entry.group = "report";
  const auto down = With(HivSet()).Normalise({plain, report}, kSource);
  EXPECT_THAT(down[0].entry_class.labels, ElementsAre("hiv"));
}

TEST(Normaliser, ASensitiveItemDoesNotLabelTheRestOfItsConsultation) {
  record::Draft consultation = Draft("consultation", record::Kind::kEncounter);
  record::Draft sensitive = Draft("sensitive");
  sensitive.entry.what.codings = {{"SCT", "86406008", ""}};
  sensitive.entry.group = "consultation";
  record::Draft plain = Draft("plain");
  plain.entry.group = "consultation";
  const auto items = With(HivSet()).Normalise({consultation, sensitive, plain}, kSource);
  EXPECT_THAT(items[0].entry_class.labels, IsEmpty());
  EXPECT_THAT(items[2].entry_class.labels, IsEmpty());
}

TEST(Normaliser, DerivedLabelsNeverReachAnAllergyOrAnAlert) {
  record::Draft consultation = Draft("consultation", record::Kind::kEncounter);
  consultation.entry.what.codings = {{"SCT", "86406008", ""}};
  record::Draft allergy = Draft("allergy", record::Kind::kAllergy);
  allergy.entry.section = record::Section::kAllergies;
  allergy.entry.group = "consultation";
  record::Draft alert = Draft("alert", record::Kind::kAlert);
  alert.entry.section = record::Section::kAlerts;
  alert.entry.group = "consultation";
  const auto items = With(HivSet()).Normalise({consultation, allergy, alert}, kSource);
  EXPECT_THAT(items[1].entry_class.labels, IsEmpty());
  EXPECT_THAT(items[2].entry_class.labels, IsEmpty());
}

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

TEST(Headline, IsNotTakenOnByWhatBelongsToIt) {
  record::Draft report = Draft("report", record::Kind::kReport);
  report.entry.what.codings = {{"urn:codes", "CPR", ""}};
  record::Draft result = Draft("result");
  result.entry.group = "report";
  const auto items = With(HeadlineSet()).Normalise({report, result}, kSource);
  EXPECT_EQ(items[1].entry_class.headline, record::Headline::kNone);
}

TEST(Normaliser, ALabelOfWrongFormIsRefused) {
  NormaliserOptions options;
  options.source_labels = {{"X", "Not A Label"}};
  EXPECT_FALSE(Normaliser::Create(options));
}

TEST(Normaliser, TakesAFurtherRuleOfAnotherKind) {
  Normaliser normaliser = With({});
  normaliser.Add([](const record::Draft& draft, std::vector<std::string>& labels) {
    if (draft.entry.what.text == "by text") labels.emplace_back("of_text");
  });
  record::Draft draft = Draft("a");
  draft.entry.what.text = "by text";
  EXPECT_THAT(normaliser.Normalise({draft}, kSource).front().entry_class.labels,
              ElementsAre("of_text"));
}

}  // namespace
}  // namespace milecastle::normalise

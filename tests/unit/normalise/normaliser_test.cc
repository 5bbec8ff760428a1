#include "normalise/normaliser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

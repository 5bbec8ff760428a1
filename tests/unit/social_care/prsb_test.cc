// PRSB Local authority information as JSON (adapters/prsb), as the social-care adapter reads it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/print.h"
#include "social_care/adapter.h"

namespace milecastle::social_care {
namespace {

using record::ClinicalStatus;
using record::Section;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

port::Reading Read(const std::string& headings, const port::Feed& feed = {}) {
  const std::string json =
      R"({"Standard": "Local authority information", "Local authority": {"Organisation code": "ZL1"},)"
      R"("Person demographics": {"NHS number": "9990000018", "Date of birth": "1941-02-03"})" +
      headings + "}";
  return MakeAdapter()->Read(json, feed);
}

record::Contribution Only(const std::string& headings) {
  auto reading = Read(headings);
  EXPECT_TRUE(reading.patients.front()) << base::Describe(reading.patients.front().error());
  return *reading.patients.front();
}

std::string Refusal(const std::string& json) {
  const auto reading = MakeAdapter()->Read(json, {});
  return reading.patients.front() ? "taken" : base::Describe(reading.patients.front().error());
}

std::string Services(const std::string& entries) {
  return R"(, "Services and care": {"Services and care record entry": [)" + entries + "]}";
}

TEST(Prsb, NamesAreComparedWithoutCapitalsSpacesAndPunctuation) {
  for (const char* const heading : {"Services and care", "services_and_care", "servicesAndCare"}) {
    const auto contribution = Only(std::string(", \"") + heading +
                                   R"(": {"servicesAndCareRecordEntry":
                                      [{"Social_care_package_name": "Home care"}]})");
    ASSERT_EQ(contribution.drafts.size(), 1U) << heading;
    EXPECT_EQ(contribution.drafts[0].entry.what.text, "Home care");
  }
}

TEST(Prsb, WhatIsActiveAndEndedIsNeither) {
  const auto status = [](const std::string& more) {
    return Only(R"(, "Primary support reason": {"Primary support reason record entry":
                   [{"Primary support reason": "x")" +
                more + "}]}")
        .drafts.at(0)
        .entry.status;
  };
  EXPECT_EQ(status(""), ClinicalStatus::kUnstated);
  EXPECT_EQ(status(R"(, "Active": true)"), ClinicalStatus::kActive);
  EXPECT_EQ(status(R"(, "Active": false)"), ClinicalStatus::kInactive);
  EXPECT_EQ(status(R"(, "Active": true, "End date": "2020-01-01")"), ClinicalStatus::kUnstated);
  EXPECT_EQ(status(R"(, "Active": true, "End date": "last year")"), ClinicalStatus::kUnstated);
}

TEST(Prsb, AServiceIsNeverCurrentOfItself) {
  for (const auto& draft : Only(Services(R"({"Social care package name": "Home care"})")).drafts) {
    EXPECT_EQ(draft.entry.status, ClinicalStatus::kUnstated);
  }
}

TEST(Prsb, AnEndThatIsNoDateIsKeptAsItStands) {
  const auto contribution =
      Only(Services(R"({"Social care package name": "x", "Service end date": "in May"})"));
  EXPECT_THAT(kit::Print(contribution), HasSubstr("detail service end date: in May"));
}

TEST(Prsb, AServiceKeepsItsKeyWhenItEnds) {
  const auto open = Only(Services(R"({"Social care package name": "x"})"));
  const auto ended =
      Only(Services(R"({"Social care package name": "x", "Service end date": "2026-05-01"})"));
  EXPECT_EQ(open.drafts[0].source_key, ended.drafts[0].source_key);
}

TEST(Prsb, AHeadingThatIsThereIsWholeAndOneThatIsNotSaysNothing) {
  const auto contribution = Only(Services(R"({"Social care package name": "x"})"));
  EXPECT_THAT(contribution.snapshot_of, ElementsAre(Section::kServicesAndCare));
  EXPECT_THAT(contribution.statements, IsEmpty());
}

TEST(Prsb, AnEmptyHeadingSaysThatNothingIsRecordedAndNeverThatThereIsNone) {
  for (const char* const empty : {"{}", "[]", R"({"Alerts record entry": []})"}) {
    const auto contribution = Only(std::string(R"(, "Alerts": )") + empty);
    ASSERT_EQ(contribution.statements.size(), 1U) << empty;
    EXPECT_EQ(contribution.statements[0].saying, record::SectionSaying::kNothingRecorded);
    EXPECT_THAT(contribution.not_carried, IsEmpty());
  }
}

TEST(Prsb, EveryHeadingOfTheStandardsStandsSomewhereInTheRecord) {
  const std::vector<std::string> headings = {"About me",
                                             "Individual requirements",
                                             "Alerts",
                                             "Legal information",
                                             "Safeguarding",
                                             "Consent",
                                             "Professional contacts",
                                             "Personal contacts",
                                             "Referral details",
                                             "Contacts with professionals",
                                             "Presenting complaints",
                                             "Problem list",
                                             "Clinical summary",
                                             "Signpost details",
                                             "Pregnancy",
                                             "Social context",
                                             "Services and care",
                                             "Primary support reason",
                                             "Assessments",
                                             "Risks",
                                             "Equipment and adaptations",
                                             "Plan and requested actions",
                                             "Care and support plan"};
  for (const std::string& heading : headings) {
    EXPECT_EQ(Only(", \"" + heading + "\": []").snapshot_of.size(), 1U) << heading;
  }
  EXPECT_THAT(Only(R"(, "Presenting complaints": [])").snapshot_of,
              ElementsAre(Section::kContactsWithProfessionals));
}

TEST(Prsb, AHeadingThatCannotBeReadEndsNothing) {
  for (const char* const other : {R"("see letter")", "null", "3"}) {
    const auto contribution = Only(std::string(R"(, "Alerts": )") + other);
    EXPECT_THAT(contribution.snapshot_of, IsEmpty()) << other;
    EXPECT_THAT(contribution.statements, IsEmpty()) << other;
  }
}

TEST(Prsb, AContactsNhsNumberIsNotCarried) {
  const auto contribution = Only(
      R"(, "Personal contacts": {"Personal contacts record entry":
         [{"Name": "Claudia", "NHS number": "9990000026"}]})");
  EXPECT_THAT(kit::Print(contribution), Not(HasSubstr("9990000026")));
  EXPECT_THAT(kit::Print(contribution), HasSubstr("NHS number: another person's identifier"));
}

TEST(Prsb, EverythingThatIsNotReadIsListedAndNothingSomebodyWroteIsNamed) {
  const auto contribution = Only(R"(, "Aelia Hadrian": {"x": 1}, "Alerts": {"Alerts record entry":
                                    [{"Alert": "a", "Of Aelia": {"deep": [1, 2]}}]})");
  std::vector<std::string> places;
  for (const auto& line : contribution.not_carried) places.push_back(line.place);
  EXPECT_THAT(places, ElementsAre("?", "Alerts / Alerts record entry[0] / ?"));
}

TEST(Prsb, SaysWhatIsMissing) {
  EXPECT_THAT(Refusal("{}"), HasSubstr("at Standard: name the standard that is sent"));
  EXPECT_THAT(Refusal(R"({"Standard": "Local authority information"})"),
              HasSubstr("message.patient_missing at Person demographics"));
  EXPECT_THAT(Refusal("{\"Standard\": "), HasSubstr("message.unparseable"));
  EXPECT_THAT(Refusal(R"({"resourceType": "Bundle", "type": "document"})"),
              HasSubstr("message.unsupported"));
}

TEST(Prsb, TheSenderIsTheAuthorityByTheMappingsName) {
  port::Feed feed;
  feed.mapping.values["LA_Code"]["zl1"] = "ZL2";
  const auto reading = Read("", feed);
  EXPECT_EQ(reading.envelope.sender, "ZL2");
  EXPECT_EQ(reading.envelope.event, "prsb-local-authority");
}

TEST(Prsb, AMessageIsNotSplit) { EXPECT_EQ(MakeAdapter()->Split("\n {\"a\": 1}", {}).size(), 1U); }

TEST(Prsb, DeepAndManyAreRefusedOrBounded) {
  EXPECT_THAT(Refusal(std::string(100'000, '[')), Not(HasSubstr("taken")));
  EXPECT_THAT(Refusal("{\"a\":" + std::string(100'000, '[')), HasSubstr("message."));
  std::string many;
  for (int at = 0; at < 900; ++at) many += ", \"q" + std::to_string(at) + "\": 1";
  EXPECT_LE(Only(many).not_carried.size(), 201U);
}

}  // namespace
}  // namespace milecastle::social_care

// What a charity's sheet says of sharing: what a No withholds, what a later Yes answers, and that
// ordinary notes refuse nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "rows.h"

namespace milecastle::third_sector {
namespace {

using record::Section;
using testing::ElementsAre;

using Answer = record::PreferenceAnswer;

TEST(ThirdSector, WhateverIsNoPlainYesToSharingIsARefusalOrAskedForAndYesOpensNothing) {
  const auto answers = [](const std::string& said) {
    std::vector<Answer> all;
    for (const auto& one : Only({{{"Consent to share", said}}}).preferences) {
      EXPECT_EQ(one.said->original, "2026-11-05");
      EXPECT_EQ(one.key, "consent");
      all.push_back(one.answer);
    }
    return all;
  };
  for (const char* const said :
       {"No", "NO!!", "n", "Refused", "declined.", "Withdrawn", "Opted out", "Not given",
        "does not consent", "verbal", "0", "X", "No - not her GP", "no thank you",
        "\xD0\x9D\xD0\xBE", "yes but not the hospital"}) {
    EXPECT_THAT(answers(said), ElementsAre(Answer::kUnclear)) << said;
  }
  for (const char* const said : {"Yes", "y"}) {
    EXPECT_THAT(answers(said), ElementsAre(Answer::kAskEachTime)) << said;
  }
  for (const char* const said : {"not asked", "unknown", "-", ""}) {
    EXPECT_THAT(answers(said), ElementsAre()) << said;
  }
  EXPECT_EQ(In(Only({{{"Consent to share", "verbal"}}}), Section::kLegalInformation).size(), 1U);
}

// Of two rows: what the entry shows, and with which date the refusal goes on.
std::pair<std::string, std::string> SharingIn(const Row& no, const Row& yes) {
  Row first = no;
  Row second = yes;
  first.emplace("Consent to share", "No");
  second.emplace("Consent to share", "Yes");
  second.emplace("Reference", "2");
  const auto made = Only({first, second});
  const auto entries = In(made, Section::kLegalInformation);
  if (entries.size() != 1 || made.preferences.empty()) return {};
  const auto& refusal = made.preferences.front();
  EXPECT_EQ(refusal.answer, Answer::kUnclear);
  return {entries.front().details.front().text, refusal.said ? refusal.said->original : ""};
}

TEST(ThirdSector, OfSharingTheLastWordIsShownAndEveryRefusalGoesOnWithItsDate) {
  using Shown = std::pair<std::string, std::string>;
  EXPECT_EQ(SharingIn({}, {{"Date", "2026-11-06"}}), Shown("Yes", "2026-11-05"));
  EXPECT_EQ(SharingIn({}, {}), Shown("No", "2026-11-05")) << "of one day";
  EXPECT_EQ(SharingIn({}, {{"Date", "2026-11-04"}}), Shown("No", "2026-11-05"));
}

TEST(ThirdSector, OfTwoWordsOfOneDayTheOneThatHoldsANoIsShown) {
  const auto made = Only({{{"Consent to share", "verbal"}},
                          {{"Consent to share", "he would rather not"}, {"Reference", "2"}}});
  const auto entries = In(made, Section::kLegalInformation);
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries.front().details.front().text, "he would rather not");
}

TEST(ThirdSector, AVagueDateIsTheEndOfItsPeriodForARefusalAndTheStartForAYes) {
  using Shown = std::pair<std::string, std::string>;
  EXPECT_EQ(SharingIn({{"Consent date", "2026-05"}}, {{"Consent date", "2026-05-03"}}),
            Shown("No", "2026-05"));
  EXPECT_EQ(SharingIn({{"Consent date", "2026"}}, {{"Consent date", "2026-01-03"}}),
            Shown("No", "2026"));
  EXPECT_EQ(SharingIn({{"Consent date", "2026-05"}}, {{"Consent date", "2026-06-01"}}),
            Shown("Yes", "2026-05"));
  EXPECT_EQ(SharingIn({{"Consent date", "2026-05-03"}}, {{"Consent date", "2026-05"}}),
            Shown("No", "2026-05-03"));
  EXPECT_EQ(SharingIn({{"Consent date", "sometime in May"}}, {{"Consent date", "2026-06-01"}}),
            Shown("No", ""))
      << "said last";
  EXPECT_EQ(SharingIn({{"Consent date", "2026-05-01"}}, {{"Consent date", "in June"}}),
            Shown("No", "2026-05-01"))
      << "answers nothing";
}

TEST(ThirdSector, ARefusalInARowOfTypeConsentIsAskedFor) {
  const auto choices = [](Row row) {
    row.emplace("Record type", "Consent");
    row.emplace("What", "Sharing with the NHS");
    return Only({row}).preferences;
  };
  for (const Row& row :
       {Row{{"Outcome", "Refused"}}, Row{{"Outcome", "No"}}, Row{{"Status", "Declined"}},
        Row{{"Status", "Stopped"}}, Row{{"Status", "Cancelled"}},
        Row{{"Details", "She does not want it"}}, Row{{"Details", "opted out"}},
        Row{{"Details", "She wants nobody to know"}}, Row{{"Details", "cannot be shared"}},
        Row{{"Details", "Keep private; hospital must not see"}}}) {
    const auto made = choices(row);
    ASSERT_EQ(made.size(), 1U) << row.begin()->second;
    EXPECT_EQ(made[0].answer, record::PreferenceAnswer::kUnclear);
  }
  EXPECT_TRUE(choices({{"Outcome", "Given"}}).empty());
  EXPECT_TRUE(choices({{"Details", "Form signed at home; no concerns; happy to share"}}).empty());
}

TEST(ThirdSector, AnOrdinaryNoteWithANoInItRefusesNothing) {
  EXPECT_TRUE(Only({{{"Details", "Did not attend; does not want lunch; keep trying"}}})
                  .preferences.empty());
}

TEST(ThirdSector, ARefusalUnderTheStandardsHeadingIsAskedFor) {
  const auto choices = [](const std::string& said) {
    const auto reading = MakeAdapter()->Read(
        R"({"Standard":"Social prescribing","Organisation":{"Organisation code":"LOCALHEARTH"},
            "Person demographics":{"NHS number":"9990000018","Date of birth":"1962-07-13",
            "Person name":{"Person first name":"Aelia","Person family name":"Hadrian"}},
            "Consent":{"Date":"2026-11-05","Consent for information sharing":)" +
            said + R"(}})",
        port::Feed{});
    EXPECT_TRUE(reading.patients.front());
    return reading.patients.front() ? reading.patients.front()->preferences.size() : 0U;
  };
  for (const char* const said :
       {R"("No")", R"("N")", R"("Refused")", R"("Not given")", R"("Must not be shared")",
        R"({"Coded value":{"system":"http://snomed.info/sct","code":"416308001"}})",
        R"({"Coded value":{"system":"http://snomed.info/sct","code":"320011000000108"}})",
        R"({"Coded value":{"code":"x","display":"Refused consent for upload"}})",
        R"({"Coded value":{"code":"417370002","display":"Refused"}})",
        R"({"Coded value":{"system":"http://snomed.info/sct","code":"1234567"}})"}) {
    EXPECT_EQ(choices(said), 1U) << said;
  }
  for (const char* const said :
       {R"("Given")", R"("Consent for sharing")",
        R"({"Coded value":{"system":"http://snomed.info/sct","code":"319951000000105"}})",
        R"({"Coded value":{"code":"x","display":"Consent given"}})"}) {
    EXPECT_EQ(choices(said), 0U) << said;
  }
}

TEST(ThirdSector, ARefusalBesideAnythingElseUnderAHeadingIsAskedFor) {
  const auto choices = [](const std::string& headings) {
    const auto reading = MakeAdapter()->Read(
        R"({"Standard":"Social prescribing","Organisation":{"Organisation code":"LOCALHEARTH"},
            "Person demographics":{"NHS number":"9990000018","Date of birth":"1962-07-13",
            "Person name":{"Person first name":"Aelia","Person family name":"Hadrian"}},)" +
            headings + "}",
        port::Feed{});
    EXPECT_TRUE(reading.patients.front());
    return reading.patients.front() ? reading.patients.front()->preferences.size() : 0U;
  };
  const std::string capacity =
      R"("Mental capacity assessment":{"Mental capacity assessment":"Has capacity","Date":"2026-01-01"})";
  const std::vector<std::string> refusals = {
      R"("Consent for information sharing":{"Consent for information sharing":"Declined"})",
      R"("Consent for information sharing":"Declined")",
      R"("Consent for information sharing":["Declined"])", R"("Consent to share":"No")",
      R"("Sharing":{"Consent":{"Given":false}})"};
  for (const std::string& said : refusals) {
    EXPECT_EQ(choices(R"("Legal information":{)" + capacity + "," + said + "}"), 1U) << said;
    EXPECT_EQ(choices(R"("Legal information":{)" + said + "," + capacity + "}"), 1U) << said;
    EXPECT_EQ(choices(R"("Legal information":{)" + said + R"(,"Date":"2026-01-01"})"), 1U) << said;
    EXPECT_EQ(choices(said), 1U) << said;
  }
  EXPECT_EQ(choices(R"("Consent":"Refused")"), 1U);
  EXPECT_EQ(choices(R"("Consent":["Refused"])"), 1U);
  EXPECT_EQ(choices(R"("Legal information":{)" + capacity +
                    R"(,"Consent for information sharing":"Given"})"),
            0U);
  EXPECT_EQ(choices(R"("Legal information":{)" + capacity +
                    R"(,"Consent to share":"Yes","Consent date":"2026-01-02"})"),
            0U);
}

}  // namespace
}  // namespace milecastle::third_sector

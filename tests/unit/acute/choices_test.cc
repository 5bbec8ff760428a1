// What the person chose, as ZU8 carries it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "message.h"

namespace milecastle::acute {
namespace {

TEST(AcuteChoices, WhateverIsNoPlainYesToSharingIsARefusalOrAskedFor) {
  using record::PreferenceAnswer;
  const auto answers = [](const std::string& said) {
    std::vector<PreferenceAnswer> all;
    for (const auto& one :
         ReadWell("ADT^A01", std::string(kPid) + "PV1|1|I\rZU8||" + said + "\r").preferences) {
      all.push_back(one.answer);
    }
    return all;
  };
  using Answers = std::vector<PreferenceAnswer>;
  for (const char* const said : {"2", "02", "N", "no", "Dissent", "Refused", "2^Dissent", "2~1"}) {
    EXPECT_EQ(answers(said), Answers{PreferenceAnswer::kDissent}) << said;
  }
  for (const char* const said : {"9", "X", "-", "Hospital only", "Yes - not her GP", "1^Dissent",
                                 "3^Refused to say", "1~2", "^Dissent"}) {
    EXPECT_EQ(answers(said), Answers{PreferenceAnswer::kUnclear}) << said;
  }
  for (const char* const said : {"3", "03", "Unknown", "Y", "01"}) {
    EXPECT_EQ(answers(said), Answers{PreferenceAnswer::kUnknown}) << said << ": opens nothing";
  }
  EXPECT_EQ(answers("1^Consent^ZU056"), Answers{PreferenceAnswer::kConsent});
  EXPECT_EQ(answers(""), Answers{});
  EXPECT_EQ(answers("^"), Answers{});
}

TEST(AcuteChoices, ANoToTheSummaryInOtherWordsIsARefusalOfIt) {
  for (const char* const said : {"No", "N", "Refused", "Opted out"}) {
    const auto choices =
        ReadWell("ADT^A01", std::string(kPid) + "PV1|1|I\rZU8|||" + said + "\r").preferences;
    ASSERT_EQ(choices.size(), 1U) << said;
    EXPECT_EQ(choices[0].kind, record::PreferenceKind::kSummaryCareRecord) << said;
    EXPECT_EQ(choices[0].answer, record::PreferenceAnswer::kDissent) << said;
  }
}

}  // namespace
}  // namespace milecastle::acute

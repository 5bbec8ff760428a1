// What AL1 and IAM tell of allergies, and what they deny (HL7 v2.8.2 sections 3.4.6, 3.4.7).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "message.h"

namespace milecastle::acute {
namespace {

using record::Kind;
using record::SectionSaying;

record::Contribution Told(const std::string& segments) {
  return ReadWell("ADT^A31", std::string(kPid) + segments + "\r");
}

// Its words, else those of its first code that has any, else that code.
std::string TextOf(const record::Coded& coded) {
  if (!coded.text.empty() || coded.codings.empty()) return coded.text;
  for (const auto& coding : coded.codings) {
    if (!coding.display.empty()) return coding.display;
  }
  return coded.codings.front().code;
}

// The allergies among the entries, by their words.
std::vector<std::string> Allergies(const record::Contribution& told) {
  std::vector<std::string> words;
  for (const auto& draft : told.drafts) {
    const record::Entry& entry = draft.entry;
    if (entry.kind == Kind::kAllergy && !entry.negated) words.push_back(TextOf(entry.what));
  }
  return words;
}

std::vector<std::string> DetailsOf(const record::Entry& entry, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& detail : entry.details) {
    if (detail.name == name) found.push_back(detail.text + TextOf(detail.coded));
  }
  return found;
}

TEST(AcuteAllergies, WordsThatGoOnAfterADenialTellOfAnAllergy) {
  for (const std::string words :
       {"NKDA. Latex allergy", "No known allergies except penicillin", "NKDA, latex",
        "No known allergies apart from latex", "No known cause, anaphylaxis 2019",
        "Not allergic to penicillin (tolerates); allergic to cephalosporins"}) {
    for (const std::string segment : {"AL1|1||^", "IAM|1|DA|^"}) {
      const auto told = Told(segment + words);
      EXPECT_THAT(Allergies(told), testing::ElementsAre(words)) << segment;
      EXPECT_TRUE(told.statements.empty()) << segment << words;
    }
  }
}

TEST(AcuteAllergies, ADenialBesideASeverityOrReactionIsAnAllergyWithAllItHolds) {
  for (const std::string what :
       {"^NKDA", "^No known allergies", "716186003^No known allergy^SCT"}) {
    const auto told = Told("AL1|1|DA|" + what + "|SV|Anaphylaxis to penicillin");
    ASSERT_EQ(Allergies(told).size(), 1U) << what;
    EXPECT_TRUE(told.statements.empty()) << what;
    EXPECT_THAT(DetailsOf(told.drafts[0].entry, "severity"), testing::ElementsAre("SV"));
    EXPECT_THAT(DetailsOf(told.drafts[0].entry, "reaction"),
                testing::ElementsAre("Anaphylaxis to penicillin"));
  }
  const auto behind = Told("IAM|1||^No known allergies\rIAR|39579001^Anaphylaxis^SCT|SV");
  ASSERT_EQ(Allergies(behind).size(), 1U) << "the reaction stands behind";
  EXPECT_TRUE(behind.statements.empty());
  EXPECT_EQ(Told("AL1|1||^No known allergies|U|None").statements.size(), 1U)
      << "of a severity and reaction nothing is told";
}

TEST(AcuteAllergies, ACodeOfNoneKnownThatNamesASubstanceIsAnAllergy) {
  for (const std::string what :
       {"716186003^Latex^SCT", "716186003^No known allergy^SCT^PENI^Penicillin^L"}) {
    const auto told = Told("AL1|1||" + what);
    EXPECT_EQ(Allergies(told).size(), 1U) << what;
    EXPECT_TRUE(told.statements.empty()) << what;
  }
}

TEST(AcuteAllergies, ADenialOfOneKindIsSaidOfThatKindAlone) {
  for (const auto& [segment, words] :
       {std::pair<std::string, std::string>{"AL1|1|FA|^Nil known", "Food allergy: Nil known"},
        {"AL1|1|DA|^No known allergies", "Drug allergy: No known allergies"},
        {"AL1|1|EA|716186003^No known allergy^SCT", "Environmental allergy: No known allergy"},
        {"AL1|1||409137002^No known drug allergy^SCT", "No known drug allergy"},
        {"AL1|1|DA|^NKDA", "NKDA"}}) {
    const auto told = Told(segment);
    EXPECT_TRUE(told.statements.empty()) << segment;
    ASSERT_EQ(told.drafts.size(), 1U) << segment;
    EXPECT_TRUE(told.drafts[0].entry.negated) << segment;
    EXPECT_EQ(told.drafts[0].entry.kind, Kind::kStatement) << segment;
    EXPECT_EQ(TextOf(told.drafts[0].entry.what), words);
  }
  const auto two =
      Told("AL1|1|FA|716186003^No known allergy^SCT\rAL1|2|EA|716186003^No known allergy^SCT");
  ASSERT_EQ(two.drafts.size(), 2U);
  EXPECT_EQ(two.drafts[1].source_key,
            Told("AL1|1|EA|716186003^No known allergy^SCT").drafts[0].source_key)
      << "each kind has its own key, whatever stands beside it";
  const auto all = Told("AL1|1||^No known allergies");
  ASSERT_EQ(all.statements.size(), 1U);
  EXPECT_EQ(all.statements[0].saying, SectionSaying::kNoneKnown);
  EXPECT_TRUE(all.drafts.empty());
}

TEST(AcuteAllergies, ADenialThatIsDeletedInDoubtOrAnnotatedSaysNothingOfTheSection) {
  for (const std::string segment :
       {"IAM|1||^No known allergies|||D", "IAM|1||^No known allergies|||A|||||||||||E",
        "IAM|1||^No known allergies|||A\rNTE|1||Ask about penicillin"}) {
    EXPECT_TRUE(Told(segment).statements.empty()) << segment;
    EXPECT_TRUE(Allergies(Told(segment)).empty()) << segment;
  }
}

TEST(AcuteAllergies, EachRepetitionIsAnAllergyOfItsOwn) {
  const auto told = Told("AL1|1|DA|^Penicillin~^Latex|SV|Anaphylaxis|20200101");
  ASSERT_THAT(Allergies(told), testing::ElementsAre("Penicillin", "Latex"));
  EXPECT_TRUE(told.not_carried.empty());
  for (const auto& draft : told.drafts) {
    EXPECT_THAT(DetailsOf(draft.entry, "severity"), testing::ElementsAre("SV"));
    EXPECT_THAT(DetailsOf(draft.entry, "reaction"), testing::ElementsAre("Anaphylaxis"));
    EXPECT_TRUE(draft.entry.effective);
  }
  EXPECT_EQ(told.drafts[1].source_key, Told("AL1|1|DA|^Latex").drafts[0].source_key)
      << "it is the same allergy in a segment of its own";

  const auto iam = Told("IAM|1|DA|^Penicillin~^Latex|SV|Rash|A|77\rIAR|^Wheeze");
  EXPECT_THAT(Allergies(iam), testing::ElementsAre("Penicillin", "Latex"));
  EXPECT_EQ(iam.drafts[0].source_key,
            Told("IAM|1|DA|^Penicillin|SV|Rash|A|77").drafts[0].source_key);
  EXPECT_NE(iam.drafts[0].source_key, iam.drafts[1].source_key);
  EXPECT_THAT(DetailsOf(iam.drafts[1].entry, "reaction"), testing::ElementsAre("Rash", "Wheeze"));
  EXPECT_EQ(Told("IAM|1|DA|^Penicillin~^Latex|||D|77").withdrawn_keys,
            (std::vector{iam.drafts[0].source_key, iam.drafts[1].source_key}));

  const auto beside = Told("AL1|1|DA|^NKDA~^Latex");
  EXPECT_THAT(Allergies(beside), testing::ElementsAre("Latex"));
  const auto null = Told("AL1|1|DA|^Penicillin~\"\"");
  EXPECT_THAT(Allergies(null), testing::ElementsAre("Penicillin"));
  EXPECT_EQ(null.reviews.size(), 1U) << "one that is deleted is asked about";
}

}  // namespace
}  // namespace milecastle::acute

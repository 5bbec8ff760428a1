#include "record/none_known.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

constexpr const char* kSnomed = "http://snomed.info/sct";

TEST(NoneKnown, IsSaidByCodeOrInWords) {
  EXPECT_EQ(DenialOf({"", {{kSnomed, "716186003", ""}}}), Denial::kAll);
  EXPECT_EQ(DenialOf({"", {{"L", "1", "NKA"}}}), Denial::kAll);
  EXPECT_EQ(DenialOf({"No known allergies.", {}}), Denial::kAll);
  EXPECT_EQ(DenialOf({"", {{kSnomed, "409137002", "No known drug allergy"}}}), Denial::kOneKind);
  EXPECT_EQ(DenialOf({"NKDA", {}}), Denial::kOneKind);
  // A local code beside it may say the same in any words.
  EXPECT_EQ(DenialOf({"Nil", {{kSnomed, "716186003", ""}, {"L", "1", "Nil"}}}), Denial::kAll);
}

TEST(NoneKnown, IsNotSaidWhereAnythingNamesAnAllergy) {
  EXPECT_EQ(DenialOf({}), Denial::kNothing);
  EXPECT_EQ(DenialOf({"Peanut", {}}), Denial::kNothing);
  EXPECT_EQ(DenialOf({"No known allergies", {{kSnomed, "91936005", "Allergy to penicillin"}}}),
            Denial::kNothing);
  EXPECT_EQ(DenialOf({"", {{kSnomed, "716186003", ""}, {kSnomed, "91936005", ""}}}),
            Denial::kNothing);
}

// "No known allergies except penicillin" is an allergy to penicillin.
TEST(NoneKnown, IsNotSaidByWordsThatGoOn) {
  for (const char* words : {"NKDA. Latex allergy",
                            "NKDA, latex",
                            "NKDA - Latex",
                            "NKDA\nLatex",
                            "NKDA latex",
                            "No known allergies except penicillin",
                            "No known allergies apart from latex",
                            "No known drug allergies - but rash with Septrin",
                            "No known allergies other than nuts",
                            "No known allergies to antibiotics; latex: anaphylaxis",
                            "No known cause, anaphylaxis 2019",
                            "No known trigger - idiopathic anaphylaxis",
                            "No known trigger allergy",
                            "Not allergic to penicillin (tolerates); allergic to cephalosporins",
                            "Not allergic to penicillin latex",
                            "No. Latex allergy",
                            "No - latex allergy",
                            "Nil; food allergy",
                            "No\nlatex allergy",
                            "No\xE2\x80\x93latex allergy",
                            "Latex allergy. NKDA",
                            "Latex allergy: NKDA",
                            "Drug allergy: NKFA",
                            "Drug allergy. NKFA",
                            "No known new allergies",
                            "No known severe allergies",
                            "NKDA?",
                            "?NKDA",
                            "No known allergies?",
                            "No known allergies apart",
                            "No known allergies to",
                            "NKDA and",
                            "No known",
                            "NKDA: latex",
                            "No known allergies penicilline \xC3\xA0 v\xC3\xA9rifier",
                            "No history of penicillin but rash",
                            "No allergies but latex",
                            "None",
                            "Nil",
                            "."}) {
    EXPECT_EQ(DenialOf({words, {}}), Denial::kNothing) << words;
    EXPECT_EQ(DenialOf({"", {{"L", "1", words}}}), Denial::kNothing) << words;
  }
}

TEST(NoneKnown, IsSaidByWordsThatSayNoMore) {
  for (const char* words :
       {"NKA", "N.K.A.", "No known allergies", "NO KNOWN ALLERGIES.", "no-known-allergies",
        "NoKnownAllergies", "No known allergy (situation)", "NKA - no known allergies",
        "No known allergies/intolerances", "No known allergies or adverse reactions",
        "No\xC2\xA0known allergies", "Allergies: nil known", "None known", "Nil known",
        "No allergies", "No allergies known", "No known allergies to date"}) {
    EXPECT_EQ(DenialOf({words, {}}), Denial::kAll) << words;
  }
  for (const char* words :
       {"NKDA", "(NKDA)", "N.K.D.A.", "NKDA/NKFA", "NKDA. No known food allergies.",
        "No known drug allergies", "No known drug or food allergies", "No known latex allergy",
        "No known penicillin allergy", "Not allergic to penicillin",
        "No known allergy to penicillin", "No known allergies to any medication",
        "No history of penicillin allergy", "No history of anaphylaxis", "No allergies recorded",
        "No known drug sensitivities", "NKDA. No known allergies", "Food allergy: nil known",
        "Food allergy and drug allergy: none known"}) {
    EXPECT_EQ(DenialOf({words, {}}), Denial::kOneKind) << words;
  }
}

TEST(NoneKnown, IsNotSaidByACodeThatIsCalledSomethingElse) {
  const Coding none{kSnomed, "716186003", "No known allergy"};
  EXPECT_EQ(DenialOf({"", {{kSnomed, "716186003", "Latex"}}}), Denial::kNothing);
  EXPECT_EQ(DenialOf({"", {none, {"L", "PENI", "Penicillin"}}}), Denial::kNothing);
  EXPECT_EQ(DenialOf({"", {none, {"L", "PENI", ""}}}), Denial::kNothing);
  EXPECT_EQ(DenialOf({"Penicillin - anaphylaxis", {none}}), Denial::kNothing);
  EXPECT_EQ(DenialOf({"NKDA", {{kSnomed, "373270004", ""}}}), Denial::kNothing);
  EXPECT_EQ(DenialOf({"NKDA", {{"L", "PENI", ""}}}), Denial::kNothing);
  // The same in other words, or nothing that names anything.
  EXPECT_EQ(DenialOf({"NKA", {none, {"READ", "1151.", "No known allergies"}}}), Denial::kAll);
  EXPECT_EQ(DenialOf({"", {none, {"READ", "1151.", ""}}}), Denial::kAll);
  EXPECT_EQ(DenialOf({"NKDA", {none}}), Denial::kOneKind);
  EXPECT_EQ(DenialOf({"", {{kSnomed, "1003774007", "No known latex allergy"}}}), Denial::kOneKind);
  // Which concept it is, nobody here knows.
  EXPECT_EQ(DenialOf({"", {{kSnomed, "91936005", "No known allergies"}}}), Denial::kOneKind);
}

Detail Beside(std::string_view name, std::string_view text) {
  return {.name = std::string(name), .text = std::string(text)};
}

TEST(NoneKnown, IsNotSaidBesideAReaction) {
  const Coded none{"No known allergies", {}};
  for (const char* name : {"severity", "reaction", "reaction severity", "reaction substance",
                           "severity of the reaction", "onset", "group of substances"}) {
    EXPECT_EQ(DenialOf(none, {Beside(name, "Anaphylaxis")}), Denial::kNothing) << name;
    EXPECT_EQ(DenialOf({"NKDA", {}}, {Beside(name, "Anaphylaxis")}), Denial::kNothing) << name;
    EXPECT_EQ(DenialOf(none, {Beside(name, "None")}), Denial::kAll) << name;
    EXPECT_EQ(DenialOf(none, {Beside(name, "N/A")}), Denial::kAll) << name;
  }
  EXPECT_EQ(DenialOf(none, {{.name = "last occurrence", .when = When{}}}), Denial::kNothing);
  EXPECT_EQ(DenialOf(none, {Beside("criticality", "high")}), Denial::kNothing);
  EXPECT_EQ(DenialOf(none, {Beside("criticality", "low")}), Denial::kAll);
  EXPECT_EQ(DenialOf(none, {Beside("recorder", "Ann")}), Denial::kAll);
}

TEST(NoneKnown, IsSaidOfNoMoreThanTheKindThatItIsSaidOf) {
  const Coded none{"Nil known", {}};
  for (const auto& [name, kind] : {std::pair{"type", "FA"},
                                   {"type", "DA"},
                                   {"type", "EA"},
                                   {"type", "Drug"},
                                   {"type", "intolerance"},
                                   {"category", "food"},
                                   {"category", "medication"}}) {
    EXPECT_EQ(DenialOf(none, {Beside(name, kind)}), Denial::kOneKind) << kind;
  }
  EXPECT_EQ(DenialOf(none, {Beside("type", "allergy"), Beside("category", "Problem")}),
            Denial::kAll);
  EXPECT_EQ(DenialOf(none, {Beside("category", "food"), Beside("category", "medication"),
                            Beside("category", "environment")}),
            Denial::kAll);
  EXPECT_TRUE(IsAnyAllergy({"", {{kSnomed, "419199007", ""}}}, {}));
  EXPECT_FALSE(IsAnyAllergy({"", {{kSnomed, "419199007", ""}}}, {Beside("reaction", "Rash")}));
  EXPECT_FALSE(IsAnyAllergy({"", {{kSnomed, "419199007", ""}}}, {Beside("category", "food")}));
}

TEST(NoneKnown, OfOneKindSaysSoInItsWords) {
  Entry entry{.what = {"", {{kSnomed, "716186003", "No known allergy"}}},
              .details = {Beside("category", "food"), Beside("category", "medication")}};
  NameKindOfDenial(entry);
  EXPECT_EQ(entry.what.text, "Food allergy and Drug allergy: No known allergy");
  EXPECT_EQ(DenialOf(entry.what), Denial::kOneKind);
  Entry named{.what = {"NKDA", {}}, .details = {Beside("type", "DA")}};
  NameKindOfDenial(named);
  EXPECT_EQ(named.what.text, "NKDA");
}

}  // namespace
}  // namespace milecastle::record

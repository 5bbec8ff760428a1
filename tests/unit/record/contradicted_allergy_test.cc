#include "record/contradicted_allergy.h"

#include <gtest/gtest.h>

namespace milecastle::record {
namespace {

const Coding kPenicillin = {"http://snomed.info/sct", "91936005", "Allergy to penicillin"};
const Coding kNoneKnown = {"http://snomed.info/sct", "716186003", "No known allergy"};

Entry Of(std::string text, std::vector<Coding> codings) {
  Entry entry;
  entry.kind = Kind::kAllergy;
  entry.section = Section::kAllergies;
  entry.what = {std::move(text), std::move(codings)};
  return entry;
}
std::string LedBy(Entry entry) {
  LeadWithSubstance(entry);
  const std::string once = entry.what.text;
  LeadWithSubstance(entry);
  EXPECT_EQ(entry.what.text, once) << "it is done once";
  return once;
}

TEST(ContradictedAllergy, LeadsWithTheSubstanceAndKeepsTheWordsAsSent) {
  EXPECT_EQ(LedBy(Of("No known allergy", {kPenicillin})),
            "Allergy to penicillin, CONTRADICTED by its source's words: \"No known allergy\"");
  EXPECT_EQ(LedBy(Of("NKDA", {{"L", "PENI", ""}})),
            "PENI, CONTRADICTED by its source's words: \"NKDA\"");
  EXPECT_EQ(LedBy(Of("No known allergies except this", {kPenicillin})),
            "Allergy to penicillin, in its source's words: \"No known allergies except this\"");
}

TEST(ContradictedAllergy, LeadsWithTheSubstanceAmongSeveralCodes) {
  EXPECT_EQ(LedBy(Of("", {kNoneKnown, kPenicillin})),
            "Allergy to penicillin, CONTRADICTED by its source's words: \"No known allergy\"");
  EXPECT_EQ(LedBy(Of("Penicillin", {kNoneKnown})),
            "Penicillin, CONTRADICTED by its source's words: \"No known allergy\"");
}

TEST(ContradictedAllergy, IsSeenInAReactionAndInANote) {
  Entry reaction = Of("", {kPenicillin});
  reaction.details = {{.name = "reaction", .text = "No known allergies"}};
  EXPECT_EQ(LedBy(reaction),
            "Allergy to penicillin, CONTRADICTED by its source's words: \"No known allergies\"");
  Entry note = Of("Penicillin", {});
  note.free_text = {"NKA"};
  EXPECT_EQ(LedBy(note), "Penicillin, CONTRADICTED by its source's words: \"NKA\"");
  Entry happened = Of("", {kNoneKnown});
  happened.details = {{.name = "reaction", .text = "Anaphylaxis"}};
  EXPECT_EQ(LedBy(happened),
            "Allergy, substance not named, CONTRADICTED by its source's words: "
            "\"No known allergy\"");
}

TEST(ContradictedAllergy, IsNotWhatSaysOneThing) {
  EXPECT_EQ(LedBy(Of("Penicillin", {kPenicillin})), "Penicillin");
  EXPECT_EQ(LedBy(Of("No known allergy", {kNoneKnown})), "No known allergy");
  EXPECT_EQ(LedBy(Of("No known allergies except latex", {})), "No known allergies except latex");
  Entry mild = Of("Penicillin", {kPenicillin});
  mild.details = {{.name = "reaction", .text = "None known"},
                  {.name = "note", .text = "No known allergy to latex"}};
  EXPECT_EQ(LedBy(mild), "Penicillin");
  Entry denied = Of("No known allergy", {kPenicillin});
  denied.negated = true;
  EXPECT_EQ(LedBy(denied), "No known allergy");
  Entry problem = Of("No known allergy", {kPenicillin});
  problem.kind = Kind::kProblem;
  EXPECT_EQ(LedBy(problem), "No known allergy");
}

}  // namespace
}  // namespace milecastle::record

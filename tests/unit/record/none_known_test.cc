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

}  // namespace
}  // namespace milecastle::record

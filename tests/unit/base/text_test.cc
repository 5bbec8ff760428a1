#include "base/text.h"

#include <gtest/gtest.h>

namespace milecastle::base {
namespace {

TEST(Text, LosesTheCaseOfAsciiAlone) {
  EXPECT_EQ(Lower("ISO-8859-1 É"), "iso-8859-1 É");
  EXPECT_EQ(LettersAndDigits("Plan & requested actions (2):"), "planrequestedactions2");
}

// Records name their entries so: what is stored under one name must be found under it again.
TEST(Text, NamesStayWhatTheyAre) {
  EXPECT_EQ(DigestName("abc", 16), "ba7816bf8f01cfea");
  EXPECT_EQ(DigestName("abc", 64).size(), 64U);
  EXPECT_EQ(NameOfParts({"ab", "c"}, 16), DigestName("ab\x1F"
                                                     "c\x1F",
                                                     16));
  EXPECT_NE(NameOfParts({"ab", "c"}, 16), NameOfParts({"a", "bc"}, 16));
  EXPECT_EQ(NameOfBytes("abc"),
            "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace milecastle::base

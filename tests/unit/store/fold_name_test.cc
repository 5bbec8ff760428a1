#include <gtest/gtest.h>

#include "store/patients.h"
#include "store/queues.h"

namespace milecastle::store {
namespace {

TEST(FoldName, CaseAccentsSpacesAndPunctuationFoldAway) {
  EXPECT_EQ(FoldName("O'Brien-Smyth"), "obriensmyth");
  EXPECT_EQ(FoldName("O’BRIEN SMYTH"), "obriensmyth");
  EXPECT_EQ(FoldName("Siân"), FoldName("SIAN"));
  EXPECT_EQ(FoldName("Sia\u0302n"), FoldName("Siân"));
  EXPECT_EQ(FoldName("Strauß"), FoldName("STRAUSS"));
  EXPECT_EQ(FoldName("Łukasz"), FoldName("łukasz"));
  EXPECT_EQ(FoldName("ﬁtz"), "fitz");
}

TEST(FoldName, LettersOfOtherScriptsAndDigitsStay) {
  EXPECT_EQ(FoldName("Ελένη"), FoldName("ΕΛΕΝΗ"));
  EXPECT_NE(FoldName("王"), FoldName("李"));
  EXPECT_EQ(FoldName("Baby 2"), "baby2");
}

TEST(FoldName, DifferentNamesStayDifferent) {
  EXPECT_NE(FoldName("Smith"), FoldName("Smyth"));
  EXPECT_NE(FoldName("Müller"), FoldName("Mueller"));
}

TEST(FoldName, NothingAndBrokenBytesAreTaken) {
  EXPECT_EQ(FoldName(""), "");
  EXPECT_EQ(FoldName(" -'"), "");
  EXPECT_EQ(FoldName("Smi\xFFth"), FoldName("Smi\xFFth"));
}

TEST(FoldName, EachCharacterOfAsciiFoldsAsItDoesBesideOthers) {
  for (char c = 0; c < 127; ++c) {
    const std::string one(1, c);
    EXPECT_EQ(FoldName(one) + "e", FoldName(one + "é")) << int{c};
  }
}

TEST(FoldName, FoldingAgainChangesNothing) {
  for (const char* name : {"O'Brien-Smyth", "İstanbul", "Ǆ", "ŉ", "ΐ", "Strauß"}) {
    EXPECT_EQ(FoldName(FoldName(name)), FoldName(name)) << name;
  }
}

TEST(QueueKinds, EveryKindHasAKeyOfItsOwn) {
  for (int i = 1; i <= static_cast<int>(QueueKind::kPatientNotice); ++i) {
    const auto kind = static_cast<QueueKind>(i);
    EXPECT_EQ(QueueKindOf(KeyOf(kind)), kind);
  }
  EXPECT_FALSE(QueueKindOf("no_such_queue"));
}

}  // namespace
}  // namespace milecastle::store

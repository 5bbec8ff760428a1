#include "resources/narrative.h"

#include <gtest/gtest.h>

namespace milecastle::resources {
namespace {

TEST(Narrative, BecomesItsWordsWithTheLinesOfItsBlocks) {
  EXPECT_EQ(PlainText("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>One  <b>two</b></p>\n<p>three"
                      "</p><ul><li>a</li><li>b</li></ul></div>"),
            "One two\nthree\n- a\n- b");
  EXPECT_EQ(PlainText("<table><tr><th>Day</th><td>3</td></tr></table>"), "Day | 3 |");
}

TEST(Narrative, RunsAndKeepsNoScript) {
  EXPECT_EQ(PlainText("a<script>steal('<p>')</script>b<style>p{}</style>c"), "abc");
  EXPECT_EQ(PlainText("a<img src=x onerror=\"steal('>')\"/>b"), "ab");
  EXPECT_EQ(PlainText("a<!-- <p>hidden</p> -->b"), "ab");
  EXPECT_EQ(PlainText("a<script>never closed"), "a");
}

// Text that was struck out must not be read as what holds.
TEST(Narrative, SaysWhatWasStruckOut) {
  EXPECT_EQ(PlainText("takes <del>warfarin</del> aspirin"), "takes [struck out: warfarin] aspirin");
}

// As a document of CDA does.
TEST(Narrative, ASuperscriptDoesNotTurnIntoADigit) {
  EXPECT_EQ(PlainText("10<sup>9</sup>/L and H<sub>2</sub>O"), "10^9/L and H2O");
  EXPECT_EQ(PlainText("<table><tr><td>x 10<SUP>5</SUP> weekly</td></tr></table>"),
            "x 10^5 weekly |");
  EXPECT_EQ(PlainText("<p>a<sup>1</sup></p><p><sup>2</sup> b <sup>3</sup></p>"), "a^1\n2 b 3");
  EXPECT_EQ(PlainText("10<sup>5</sup>2, 10<sub>5</sub>, log<sub>10</sub>5"),
            "10^5 2, 10_5, log10 5");
  EXPECT_EQ(PlainText("10<sup/>5<script><sup></script>"), "105");
}

TEST(Narrative, ResolvesReferencesAndLeavesWhatIsNone) {
  EXPECT_EQ(PlainText("&lt;5 &amp; &#233;&#xE9; &nbsp;x"), "<5 & \xC3\xA9\xC3\xA9 x");
  EXPECT_EQ(PlainText("&bogus; &#0; &#xD800; &"), "&bogus; &#0; &#xD800; &");
}

TEST(Narrative, KeepsWhatOnlyLooksLikeMarkup) {
  EXPECT_EQ(PlainText("BP < 120 and > 80"), "BP < 120 and > 80");
  EXPECT_EQ(PlainText("dose <b"), "dose <b");
}

// As long as it takes to read once, whatever it holds.
TEST(Narrative, GrowsWithItsBytesAndNoFaster) {
  std::string hostile;
  for (int i = 0; i < 200'000; ++i) hostile += "<a '";
  EXPECT_EQ(PlainText(hostile).substr(0, 4), "<a '");
  std::string comments;
  for (int i = 0; i < 200'000; ++i) comments += "<!--";
  EXPECT_FALSE(PlainText(comments).empty());
}

}  // namespace
}  // namespace milecastle::resources

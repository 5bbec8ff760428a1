#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "kit/print.h"
#include "sample.h"

namespace milecastle::cda {
namespace {

using record::Section;
using testing::HasSubstr;
using testing::Not;

TEST(CdaNarrative, KeepsTheRowsAndCellsOfATable) {
  EXPECT_EQ(Narrative("<table><caption>Doses</caption><thead><tr><th>Drug</th><th>Dose</th>"
                      "<th>When</th></tr></thead><tbody><tr><td>One</td><td/><td>at<br/>night</td>"
                      "</tr><tr><td>Two <content>b</content></td><td>5 mg</td><td><list><item>am"
                      "</item><item>pm</item></list></td></tr></tbody></table>after"),
            "Doses\nDrug | Dose | When\nOne | | at / night\nTwo b | 5 mg | - am / - pm\nafter");
}

TEST(CdaNarrative, KeepsListsParagraphsAndLineBreaks) {
  EXPECT_EQ(Narrative("a<br/>b<paragraph>c\n  d</paragraph><list listType=\"ordered\"><caption>e"
                      "</caption><item>f</item><item>g</item></list>h"),
            "a\nb\nc d\ne\n1. f\n2. g\nh");
}

TEST(CdaNarrative, LosesNoWordWhateverHoldsIt) {
  EXPECT_EQ(Narrative("a<unknown>b</unknown>c<footnote>d</footnote><content>e"
                      "<renderMultiMedia referencedObject=\"m\"><caption>f</caption>"
                      "</renderMultiMedia></content><![CDATA[g < h]]>"),
            "a b c [note: d] e [attached picture or document]\nf\ng < h");
}

TEST(CdaNarrative, ASuperscriptDoesNotTurnIntoADigit) {
  EXPECT_EQ(Narrative("10<sup>9</sup>/L and H<sub>2</sub>O"), "10^9/L and H2O");
  EXPECT_EQ(Narrative("<paragraph>a<sup>1</sup></paragraph><paragraph><sup>2</sup> b <sup>3</sup>"
                      "</paragraph>"),
            "a^1\n2 b 3");
  EXPECT_EQ(Narrative("10<sup>5</sup>2, 10<sub>5</sub>, log<sub>10</sub>5"),
            "10^5 2, 10_5, log10 5");
}

TEST(CdaNarrative, WhatTheDocumentMarksAsDeletedSaysSo) {
  EXPECT_EQ(Narrative("take <content revised=\"delete\">50</content> <content "
                      "revised=\"insert\">5</content> mg"),
            "take [deleted: 50] 5 mg");
}

TEST(CdaNarrative, KeepsNoScriptAndNoAddressOfALink) {
  const auto read =
      Read({.body = "<component><section><text>see <linkHtml href=\"http://127.0.0.1:9/x\">this"
                    "</linkHtml><script>alert(1)</script></text></section></component>"});
  EXPECT_EQ(NarrativeOf(read), "see this");
  std::string listed;
  for (const auto& line : read.not_carried) listed += line.place + "\n";
  EXPECT_THAT(listed, HasSubstr("linkHtml/@href"));
  EXPECT_THAT(kit::Print(read), Not(HasSubstr("127.0.0.1")));
  EXPECT_THAT(kit::Print(read), Not(HasSubstr("alert")));
}

TEST(CdaNarrative, StandsUnderAHeadingOfTheSectionsCodeElseItsTitleElseDocuments) {
  const auto heading = [](std::string_view section) {
    const auto read = Read({.body = "<component><section>" + std::string(section) +
                                    "<text>Words.</text></section></component>"});
    return read.drafts.back().entry.section;
  };
  EXPECT_EQ(heading(R"(<code code="48765-2"/><title>Advice Given</title>)"), Section::kAllergies);
  EXPECT_EQ(heading("<title>Advice Given</title>"), Section::kPlanAndActions);
  EXPECT_EQ(heading("<title>Safeguarding</title>"), Section::kSafeguarding);
  EXPECT_EQ(heading("<title>Something else</title>"), Section::kDocuments);
}

TEST(CdaNarrative, OfASectionWithinASectionIsKeptToo) {
  const auto read = Read({.body = "<component><section><title>Allergies</title><text>One.</text>"
                                  "<component><section><title>More</title><text>Two.</text>"
                                  "</section></component></section></component>"});
  ASSERT_EQ(read.drafts.size(), 3U);
  EXPECT_EQ(read.drafts[2].entry.free_text.front(), "Two.");
  EXPECT_EQ(read.drafts[2].entry.section, Section::kAllergies) << "as the section around it";
}

}  // namespace
}  // namespace milecastle::cda

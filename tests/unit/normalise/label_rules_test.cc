#include "normalise/label_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "kit/folder.h"
#include "normalise/normaliser.h"

namespace milecastle::normalise {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

LabelRules::Loaded Read(const std::string& toml) {
  const LabelRulesFile file{"rules.toml", toml};
  return LabelRules::Parse({&file, 1});
}

// A set of one rule; `shown` is a text that it labels.
std::shared_ptr<const LabelRules> Rule(const std::string& lines, const std::string& shown) {
  const auto loaded = Read("[[rule]]\nid = \"r\"\nlabel = \"hidden\"\n" + lines +
                           "\n[[case]]\ntext = \"" + shown + "\"\nlabels = [\"hidden\"]\n");
  for (const auto& problem : loaded.problems) ADD_FAILURE() << base::Describe(problem);
  return loaded.rules;
}

bool Finds(const std::shared_ptr<const LabelRules>& rules, std::string_view text) {
  return !rules->FindIn(text).empty();
}

TEST(LabelRules, FindWholeWordsWithoutCaseAccentsAndPunctuation) {
  const auto rules = Rule("words = [\"clinique santé\", \"HIV\"]", "HIV");
  for (const char* text :
       {"hiv", "(HIV)", "HIV-1", "HIV's", "Clinique-Santé", "clinique  sante",
        "CLINIQUE\r\n\tSANTE\xCC\x81", "cli\xC2\xADnique santé",
        "\xEF\xBC\xA8\xEF\xBC\xA9\xEF\xBC\xB6" /* full width */, "clinique sant\xE9 (Latin-1)"}) {
    EXPECT_TRUE(Finds(rules, text)) << text;
  }
  for (const char* text : {"shiver", "hiv1", "hivs", "archiv", "clinique", "santé clinique",
                           "clinique de santé", "h iv", "cliniquesanté", ""}) {
    EXPECT_FALSE(Finds(rules, text)) << text;
  }
}

TEST(LabelRules, AnExactWordIsFoundWithItsCaseAlone) {
  const auto rules = Rule("exact = [\"PrEP clinic\"]", "PrEP clinic");
  EXPECT_TRUE(Finds(rules, "the PrEP-clinic"));
  EXPECT_FALSE(Finds(rules, "the prep clinic"));
  EXPECT_FALSE(Finds(rules, "the PREP clinic"));
}

TEST(LabelRules, AnExceptionTakesBackWhatStandsInsideItAndNothingElse) {
  const auto rules = Rule(
      "words = [\"abortion\"]\nexcept = [\"spontaneous abortion\", \"abortion that was "
      "spontaneous\"]",
      "abortion");
  EXPECT_FALSE(Finds(rules, "Spontaneous abortion"));
  EXPECT_FALSE(Finds(rules, "abortion that was spontaneous"));
  EXPECT_TRUE(Finds(rules, "abortion that was not"));
  EXPECT_TRUE(Finds(rules, "spontaneous abortion, abortion"));
  EXPECT_TRUE(Finds(rules, "abortion; spontaneous abortion"));
}

TEST(LabelRules, OverlappingPhrasesAreAllFound) {
  const auto loaded = Read(R"(
[[rule]]
id = "long"
label = "long"
words = ["one two three four"]
[[rule]]
id = "inner"
label = "inner"
words = ["two three"]
[[rule]]
id = "next"
label = "next"
words = ["three five"]
[[case]]
text = "one two three four"
labels = ["inner", "long"]
[[case]]
text = "one two three five"
labels = ["inner", "next"]
)");
  EXPECT_THAT(loaded.problems, IsEmpty());
}

// Against words compared one by one.
RC_GTEST_PROP(LabelRules, FindsWhatAnHonestSearchFinds, ()) {
  const auto word = rc::gen::element<std::string>("aba", "bab", "abab");
  const auto phrase =
      *rc::gen::resize(4, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(word)));
  const auto text = *rc::gen::container<std::vector<std::string>>(word);
  const auto joined = [](const std::vector<std::string>& words, const std::string& with) {
    std::string all;
    for (const auto& each : words) all += (all.empty() ? "" : with) + each;
    return all;
  };
  RC_PRE(phrase.size() <= 12U);
  const auto rules = Rule("words = [\"" + joined(phrase, " ") + "\"]", joined(phrase, "."));
  const bool stands =
      std::search(text.begin(), text.end(), phrase.begin(), phrase.end()) != text.end();
  RC_ASSERT(Finds(rules, joined(text, "\n")) == stands);
}

RC_GTEST_PROP(LabelRules, AnyBytesAreReadAndChangeNothingForAWordApartFromThem,
              (const std::string& before, const std::string& after)) {
  const auto rules = Rule("words = [\"quayside\"]", "quayside");
  RC_ASSERT(Finds(rules, before + " quayside " + after));
}

record::Entry Letter(const std::string& type, const std::string& bytes) {
  record::Entry entry;
  entry.kind = record::Kind::kDocument;
  entry.document = {.media_type = type, .title = "Letter", .bytes = bytes};
  return entry;
}

TEST(LabelRules, ReadADocumentThatIsTextOrMarkupAndNoOther) {
  const auto rules = Rule("words = [\"sexual health\"]", "sexual health");
  EXPECT_THAT(rules->FindIn(Letter("text/plain; charset=utf-8", "Sexual\nhealth")),
              ElementsAre(Finding{"r", "hidden", "document"}));
  for (const auto& [type, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"text/html", "<p>S<b>ex</b>ual<br/>&#104;ealth"},
           {"application/xhtml+xml", "<td>sexual</td><td>h&eacute;alth &amp; more</td>"},
           {"text/html", "<img alt='sexual health'>"},
           {"application/octet-stream", "\n<p>S<b>ex</b>ual<br/>&#104;ealth"},
           {"Text/HTML", "a < b, sexual <health"},
           {"application/rtf", "{\\rtf1 Sexual health\\par}"},
           {"text/plain", std::string("\xFF\xFEs\0e\0x\0u\0a\0l\0 \0h\0e\0a\0l\0t\0h\0", 28)},
           {"", "sexual health"}}) {
    EXPECT_THAT(rules->FindIn(Letter(type, bytes)), testing::SizeIs(1)) << type << " " << bytes;
  }
  EXPECT_THAT(rules->FindIn(Letter("text/html", "sexual<p>und</p>health")), IsEmpty());
  EXPECT_THAT(rules->FindIn(Letter("application/pdf", "sexual health")), IsEmpty());
}

TEST(LabelRules, ReadEveryTextOfAnEntryAndSayWhereTheWordsStood) {
  const auto rules = Rule("words = [\"clinic\"]", "clinic");
  using record::Entry;
  const std::vector<std::pair<std::function<void(Entry&)>, std::string>> places = {
      {[](Entry& entry) { entry.what.text = "clinic"; }, "what"},
      {[](Entry& entry) {
         entry.what.codings = {{"s", "c", "clinic"}};
       },
       "what"},
      {[](Entry& entry) { entry.source_list = "clinic"; }, "what"},
      {[](Entry& entry) { entry.value = record::Value{.original = "clinic"}; }, "value"},
      {[](Entry& entry) {
         entry.details = {{"location", "clinic", {}, {}}};
       },
       "details"},
      {[](Entry& entry) {
         entry.details = {{"specialty", "", {"", {{"s", "c", "clinic"}}}, {}}};
       },
       "details"},
      {[](Entry& entry) {
         entry.free_text = {"a", "clinic"};
       },
       "free_text"},
      {[](Entry& entry) { entry.document = record::Document{.title = "clinic"}; }, "title"},
      {[](Entry& entry) { entry.performers = {{.role = "clinic nurse"}}; }, "performers"},
      {[](Entry& entry) { entry.performers = {{.organisation = "the clinic"}}; }, "performers"},
      {[](Entry& entry) { entry.contacts = {{.relationship = "clinic"}}; }, "contacts"},
      {[](Entry& entry) { entry.addresses = {{.lines = {"The Clinic"}}}; }, "contacts"},
      {[](Entry& entry) { entry.practice = "clinic"; }, "contacts"}};
  for (const auto& [put, place] : places) {
    Entry entry;
    put(entry);
    EXPECT_THAT(rules->FindIn(entry), ElementsAre(Finding{"r", "hidden", place})) << place;
  }
}

TEST(LabelRules, LookWhereTheyAreToldToLook) {
  const auto rules = Rule("words = [\"clinic\"]\nplaces = [\"details\"]", "clinic");
  record::Entry entry;
  entry.free_text = {"clinic"};
  EXPECT_THAT(rules->FindIn(entry), IsEmpty());
  entry.details = {{"location", "clinic", {}, {}}};
  EXPECT_THAT(rules->FindIn(entry), ElementsAre(Finding{"r", "hidden", "details"}));
}

TEST(LabelRules, NeverLabelAnAllergyOrAnAlert) {
  NormaliserOptions options;
  options.label_rules = Rule("words = [\"abacavir\"]", "abacavir");
  record::Draft allergy{.source_key = "a", .entry = {}, .source_labels = {}};
  allergy.entry.section = record::Section::kAllergies;
  allergy.entry.kind = record::Kind::kAllergy;
  allergy.entry.what.text = "Abacavir";
  record::Draft medicine = allergy;
  medicine.source_key = "m";
  medicine.entry.section = record::Section::kMedications;
  medicine.entry.kind = record::Kind::kMedication;
  const auto items =
      Normaliser::Create(options)->Normalise({allergy, medicine}, *record::OdsCode::Parse("RXX"));
  EXPECT_THAT(items[0].entry_class.labels, IsEmpty());
  EXPECT_THAT(items[1].entry_class.labels, ElementsAre("hidden"));
}

struct Wrong {
  const char* toml;
  const char* place;
  const char* advice;
};
class WrongLabelRules : public testing::TestWithParam<Wrong> {};
TEST_P(WrongLabelRules, AreRefusedWholeWithTheirLine) {
  const std::string good =
      "[[rule]]\nid = \"good\"\nlabel = \"hidden\"\nwords = [\"word\"]\n[[case]]\ntext = "
      "\"word\"\nlabels = "
      "[\"hidden\"]\n";
  const auto loaded = Read(good + GetParam().toml);
  EXPECT_EQ(loaded.rules, nullptr);
  ASSERT_FALSE(loaded.problems.empty());
  EXPECT_EQ(loaded.problems[0].place, GetParam().place);
  EXPECT_THAT(loaded.problems[0].advice, HasSubstr(GetParam().advice));
}
#define RULE(lines) "[[rule]]\nid = \"r\"\nlabel = \"l\"\n" lines "\n"
INSTANTIATE_TEST_SUITE_P(
    Cases, WrongLabelRules,
    testing::Values(Wrong{"[[case]]\ntext = \"word\"\nlabels = []\n", "rules.toml:9",
                          "hidden and the case says no label"},
                    Wrong{"[[case]]\ntext = \"words\"\nlabels = [\"hidden\"]\n", "rules.toml:9",
                          "no label and the case says hidden"},
                    Wrong{RULE("words = [\"unshown\"]"), "rules.toml:10", "add a [[case]]"},
                    Wrong{RULE("words = [\"...\"]"), "rules.toml:11", "write letters or digits"},
                    Wrong{RULE("words = [\"to\"]"), "rules.toml:11", "under exact"},
                    Wrong{RULE("words = [\"a b c d e f g h i j k l m\"]"), "rules.toml:11",
                          "at most 12 words"},
                    Wrong{RULE("words = [\"gum\"]\nexcept = [\"bubble\"]"), "rules.toml:12",
                          "hold a word of the rule"},
                    Wrong{RULE("words = [\"gum\"]\nplaces = [\"everywhere\"]"), "rules.toml:12",
                          "write what, value"},
                    Wrong{RULE("word = [\"gum\"]"), "rules.toml:8", "at least one word"},
                    Wrong{"[[rule]]\nid = \"good\"\nlabel = \"l\"\nwords = [\"gum\"]\n",
                          "rules.toml:9", "another rule has this id"},
                    Wrong{"[[rule]]\nid = \"r\"\nlabel = \"headline:alert\"\nwords = [\"gum\"]\n",
                          "rules.toml:10", "no headline"},
                    Wrong{"[[case]]\ntext = \"gum\"\n", "rules.toml:8", "write the labels"},
                    Wrong{"[[rule]\n", "rules.toml:8", ""}));
#undef RULE

TEST(LabelRules, ThoseThatAreShippedAreRight) {
  const std::filesystem::path shipped = MILECASTLE_SOURCE_DIR "/config/label-rules";
  const auto loaded = LabelRules::Load({&shipped, 1});
  for (const auto& problem : loaded.problems) ADD_FAILURE() << base::Describe(problem);
  ASSERT_NE(loaded.rules, nullptr);
  EXPECT_GT(loaded.rules->cases(), loaded.rules->rules());
}

TEST(LabelRules, AFolderOfNoneIsRefused) {
  const kit::TemporaryFolder folder;
  const auto loaded = LabelRules::Load({&folder.path(), 1});
  EXPECT_EQ(loaded.rules, nullptr);
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].id, base::ErrorId::kConfigUnreadable);
}

}  // namespace
}  // namespace milecastle::normalise

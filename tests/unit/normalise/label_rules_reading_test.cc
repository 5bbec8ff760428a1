// Words are found however a document writes them, and in whichever text of an entry they stand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <set>

#include "normalise/label_rules.h"
#include "record/media.h"

namespace milecastle::normalise {
namespace {

using testing::IsEmpty;

const LabelRules& Rules() {
  static const LabelRulesFile file{"rules.toml", R"(
[[rule]]
id = "r"
label = "hidden"
words = ["sexual health", "gonorrhoea", "clinic"]
[[case]]
text = "Sexual health"
labels = ["hidden"]
)"};
  static const auto loaded = LabelRules::Parse({&file, 1});
  return *loaded.rules;
}

// As a format's adapter makes a document of bytes that it was given with a type.
bool Finds(std::string_view declared, std::string bytes) {
  record::Entry entry;
  entry.kind = record::Kind::kDocument;
  entry.document = record::DocumentOf(declared, "Letter", std::move(bytes));
  return !Rules().FindIn(entry).empty();
}

std::string Rtf(const std::string& body) {
  return "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\r\n" + body + "}";
}

struct Writing {
  const char* name;
  const char* text;
};
void PrintTo(const Writing& writing, std::ostream* out) { *out << writing.name; }
std::string NameOf(const testing::TestParamInfo<Writing>& info) { return info.param.name; }

class WrittenInRtf : public testing::TestWithParam<Writing> {};
TEST_P(WrittenInRtf, IsFound) {
  EXPECT_TRUE(Finds("application/rtf", Rtf(GetParam().text)));
  EXPECT_TRUE(Finds("", "\xEF\xBB\xBF\r\n" + Rtf(GetParam().text)));
  EXPECT_TRUE(Finds("text/plain", "Letter: " + Rtf(GetParam().text)));
}
INSTANTIATE_TEST_SUITE_P(
    Words, WrittenInRtf,
    testing::Values(
        Writing{"AGroupInIt", "sex{\\b ual} health"}, Writing{"ARunInIt", "sex\\b ual\\b0  health"},
        Writing{"ManyRuns", "{\\f0 s}{\\fs20\\lang2057 e}{\\i x}u\\cf1\\b0 al{\\b0\\~}hea\\ul lth"},
        Writing{"Bytes", "\\'73e\\'78ual h\\'65alth"},
        Writing{"Unicode", "\\u115?exual he\\u97?lth"},
        Writing{"UnicodeWithoutAnOldForm", "\\uc0\\u115 exual he\\u97 lth"},
        Writing{"UnicodeWithALongOldForm", "\\uc2\\u115\\'3f\\'3fex{\\uc1\\u117?}al health"},
        Writing{"FullWidth", "s\\u-187?xual health"},  // U+FF45
        Writing{"ASoftHyphen", "sex\\-ual hea\\u173?lth"},
        Writing{"AByteOfASoftHyphen", "sex\\'adual health"},
        Writing{"AZeroWidthSpace", "sex\\u8203?ual \\zwnj health"},
        Writing{"AHardBlank", "sexual\\~health"}, Writing{"AHardHyphen", "sexual\\_health"},
        Writing{"AParagraph", "sexual\\par health"},
        Writing{"AParagraphAsALineEnd", "sexual\\\r\nhealth"},
        Writing{"ALine", "sexual\\line\r\nhealth"}, Writing{"ATab", "sexual\\tab health"},
        Writing{"ACell", "sexual\\cell health"}, Writing{"ADash", "sexual\\endash health"},
        Writing{"ALineEndOfTheFile", "sex\r\nual health"},
        Writing{"ALineEndThatIsMeant", "sexual\r\nhealth"},
        Writing{"ABookmark", "sex{\\*\\bkmkstart clinically}ual{\\*\\bkmkend clinically} health"},
        Writing{"ANote", "sexual{\\super\\chftn{\\footnote\\chftn  see below}} health"},
        Writing{"HiddenText", "sex{\\v xx}ual health"},
        Writing{"APicture", "sex{\\pict\\wmetafile8 0a{\\*\\x 1}ff}ual health"},
        Writing{"BytesOfAnObject", "sex\\bin4 {{{{ual health"},
        Writing{"AField", "{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt sex}}ual health"},
        Writing{"Braces", "\\{sexual health\\}"}, Writing{"ALigature", "gonorrh\\'9ca"},
        Writing{"AWordOfUnicode", "gonorrh\\u339\\'9ca"},
        // Whoever opens the document reads it.
        Writing{"ATextBox",
                "x{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt sex{\\b ual} health}}}"},
        Writing{"AHeader", "{\\header\\pard Sexual{\\b  health}\\par}Dear"},
        Writing{"ATitle", "{\\info{\\title Sexual health}{\\author A B}}Dear"},
        Writing{"HiddenWords", "Dear{\\v  sexual health}"},
        Writing{"AComment", "Dear{\\*\\annotation sex\\b ual health}"}),
    NameOf);

TEST(LabelRulesOfRtf, DoNotReadTablesAndPicturesAndJoinNoWords) {
  for (const char* body :
       {"{\\stylesheet{\\s1 Sexual health;}}Dear", "{\\*\\generator Sexual health;}Dear",
        "{\\fonttbl{\\f1 Clinic;}}Dear", "{\\pict clinic}", "sex\\par ual health",
        "sexual{\\footnote x}ly health", "sexual\\cell and\\cell health"}) {
    EXPECT_FALSE(Finds("application/rtf", Rtf(body))) << body;
  }
}

TEST(LabelRulesOfRtf, ReadOneThatIsBrokenAsItStandsToo) {
  EXPECT_TRUE(Finds("application/rtf", "{\\rtf1{\\fonttbl sexual health"));
  EXPECT_TRUE(Finds("application/rtf", "{\\rtf1 }}} sex\\b ual health"));
  EXPECT_TRUE(Finds("application/rtf", "{\\rtf1 x}\r\nsexual health"));
}

class WrittenInMarkup : public testing::TestWithParam<Writing> {};
TEST_P(WrittenInMarkup, IsFound) {
  const std::string page = std::string("<html><body><p>") + GetParam().text + "</p></body></html>";
  for (const char* type : {"text/html", "text/html; charset=windows-1252", "application/xml", "",
                           "application/msword"}) {
    EXPECT_TRUE(Finds(type, page)) << type;
  }
  EXPECT_TRUE(Finds("text/plain", GetParam().text));
  record::Entry note;
  note.free_text = {GetParam().text};
  EXPECT_FALSE(Rules().FindIn(note).empty());
}
INSTANTIATE_TEST_SUITE_P(
    Words, WrittenInMarkup,
    testing::Values(
        Writing{"ATagInIt", "sex<b>ual</b> health"},
        Writing{"ACitation", "sex<cite>u</cite>al he<del>al</del>th"},
        Writing{"ATagOfCda",
                "sex<content styleCode='Bold'>ual</content> <linkHtml>health</linkHtml>"},
        Writing{"ATagOfWord",
                "<w:r><w:t>sex</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>ual</w:t></w:r> health"},
        Writing{"AnUnknownTagBetween", "<Spec>sexual</Spec><Part>health</Part>"},
        Writing{"ATagWithASignInIt", "sex<span title=\"a > b\">ual</span> health"},
        Writing{"ARemark", "sex<!-- a > b -->ual health"},
        Writing{"AnEmptyRemark", "sex<!-->ual<!--x--> health"},
        Writing{"AnInstruction", "sex<?x y?>ual health"},
        Writing{"AStyle", "sex<style>b{}</style>ual health sexual<style>b</style>health"},
        Writing{"AConditionOfWord", "sex<![if !supportEmptyParas]>ual<![endif]> health"},
        Writing{"Characters", "<![CDATA[sexual health]]>"},
        Writing{"CharactersInIt", "sex<![CDATA[ual]]> health"},
        Writing{"APageInIt", "&lt;p&gt;sex&lt;b&gt;ual&lt;/b&gt; health"},
        Writing{"APageInCharacters", "<![CDATA[<p>sex<b>ual</b> &#104;ealth</p>]]>"},
        Writing{"Numbers", "&#115;e&#x78;ual health"},
        Writing{"NumbersWithZeros", "&#0000000000115;exual health"},
        Writing{"NumbersWithoutAnEnd", "sex&#117al &#104ealth"},
        Writing{"ASoftHyphen", "sex&shy;ual health"},
        Writing{"ASoftHyphenWithoutAnEnd", "sex&shyual health"},
        Writing{"AnotherSoftHyphen", "sex&#173;ual &#xAD;health"},
        Writing{"ASoftHyphenInBytes", "sex\xC2\xADual health"},
        Writing{"AZeroWidthSpace", "sex&#8203;ual health"},
        Writing{"AJoiner", "sex&zwj;u&zwnj;al&NoBreak; health"},
        Writing{"AHardBlank", "sexual&nbsp;health"},
        Writing{"ANumberedBlank", "sexual&#160;health"}, Writing{"ABlock", "sexual</p><p>health"},
        Writing{"ALine", "sexual<br/>health"}, Writing{"ACell", "<td>sexual</td><td>health</td>"},
        Writing{"AnAccent", "s&eacute;xual h&ecaron;alth"}, Writing{"ALigature", "gonorrh&oelig;a"},
        Writing{"ANumberedLigature", "gonorrh&#156;a"},
        Writing{"AnAmpersand", "STI &amp; sexual health"},
        Writing{"SignsAround", "age <18 sexual health >16"}),
    NameOf);

std::string Wide(std::string_view text, std::size_t size, bool big) {
  std::string wide;
  for (const char c : text) {
    std::string unit(size, '\0');
    unit[big ? size - 1 : 0] = c;
    wide += unit;
  }
  return wide;
}

TEST(LabelRulesOfText, AreFoundInEveryEncoding) {
  const std::string page = "<p>A letter: sex<b>ual</b> health</p>";
  const std::string rtf = Rtf("sex{\\b ual} health");
  for (const std::string& text : {page, rtf, std::string("Sexual health")}) {
    for (const char* type : {"", "text/plain", "text/html; charset=utf-16",
                             "text/plain; charset=UTF-16BE", "application/octet-stream"}) {
      EXPECT_TRUE(Finds(type, "\xEF\xBB\xBF" + text)) << type << text;
      EXPECT_TRUE(Finds(type, "\xFF\xFE" + Wide(text, 2, false))) << type << text;
      EXPECT_TRUE(Finds(type, "\xFE\xFF" + Wide(text, 2, true))) << type << text;
      EXPECT_TRUE(Finds(type, Wide(text, 2, false))) << type << text;
      EXPECT_TRUE(Finds(type, Wide(text, 2, true))) << type << text;
      EXPECT_TRUE(Finds(type, std::string("\xFF\xFE\0\0", 4) + Wide(text, 4, false)))
          << type << text;
      EXPECT_TRUE(Finds(type, std::string("\0\0\xFE\xFF", 4) + Wide(text, 4, true)))
          << type << text;
    }
  }
  EXPECT_TRUE(Finds("text/plain; charset=windows-1252",
                    "treated for gonorrh\x9C"
                    "a"));
  EXPECT_TRUE(Finds("text/plain; charset=windows-1252",
                    "sex\xAD"
                    "ual\xA0health"));
  EXPECT_TRUE(Finds("text/plain; charset=utf-8",
                    "gonorrh\xC5\x93"
                    "a"));
}

TEST(LabelRulesOfText, AreFoundWhereALineCutsThem) {
  EXPECT_TRUE(Finds("text/plain", "the sex-\r\n  ual health team"));
  EXPECT_TRUE(Finds("text/plain", "the sexual-\nhealth team"));
  EXPECT_TRUE(Finds("text/plain", "sex\xE2\x80\x8Bual health"));
  EXPECT_FALSE(Finds("text/plain", "sex- ual health"));
}

TEST(LabelRulesOfText, AreFoundInTheStringsOfJson) {
  for (const char* json : {R"({"text":"sexual\nhealth"})", R"({"text":"\u0073exual health"})",
                           R"({"div":"<p class=\"x\">sex<b>ual<\/b> health"})"}) {
    EXPECT_TRUE(Finds("application/json", json)) << json;
    EXPECT_TRUE(Finds("application/fhir+json", json)) << json;
    EXPECT_TRUE(Finds("text/plain", json)) << json;
  }
}

TEST(LabelRulesOfText, AreNotLookedForInBytesOfNoText) {
  EXPECT_FALSE(Finds("application/pdf", "%PDF-1.4 sexual health %%EOF"));
  EXPECT_FALSE(Finds("application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                     "PK\x03\x04 sexual health"));
  EXPECT_FALSE(Finds("image/x-odd", "sexual health"));
  EXPECT_FALSE(Finds("application/msword", std::string("\xD0\xCF\x11\xE0\0\0 sexual health", 20)));
}

// A mebibyte of each; with work that grew with its square any of them took far longer.
class TakesNoLongerThanItIsLong : public testing::TestWithParam<const char*> {};
TEST_P(TakesNoLongerThanItIsLong, WhateverItIs) {
  const std::string_view part = GetParam();
  for (const char* begins : {"{\\rtf1 ", "<p>"}) {
    std::string text = begins;
    while (text.size() < (1U << 20U)) text += part;
    const auto start = std::chrono::steady_clock::now();
    Finds("text/html", std::move(text));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << begins;
  }
}
INSTANTIATE_TEST_SUITE_P(Texts, TakesNoLongerThanItIsLong,
                         testing::Values("{", "}", "{\\*\\a ", "{\\info ", "{\\v ", "\\", "\\'",
                                         "\\u1 ", "\\bin9 ", "{\\rtf1", "<", "<a ", "<a b=\"",
                                         "<a b=\">\" ", "<a b='\" ", "<!--", "<!-- -", "<![CDATA[",
                                         "<style>", "<style></styl", "<script>", "&", "&#1", "&#",
                                         "&shy", "&amp;lt;", "-\n", "- \n", "\\u00", "</", "<?",
                                         "<!", "--"));

// Each text of an entry by its name. A member that a structure of record/entry.h gains does not
// compile here until it is named, and then is read or said not to be.
using Visit = std::function<void(const std::string& name, std::string& text)>;

void Each(const std::string&, const Visit&, bool&) {}
void Each(const std::string& name, const Visit& visit, std::string& text) { visit(name, text); }
template <class T>
requires std::is_enum_v<T>
void Each(const std::string&, const Visit&, T&) {}
template <class T>
void Each(const std::string& name, const Visit& visit, std::vector<T>& list);
template <class T>
void Each(const std::string& name, const Visit& visit, std::optional<T>& one);

void Each(const std::string& name, const Visit& visit, record::When& when) {
  auto& [at, precision, zone, original] = when;
  static_cast<void>(at);
  static_cast<void>(precision);
  static_cast<void>(zone);
  Each(name + ".original", visit, original);
}
void Each(const std::string& name, const Visit& visit, record::Coding& coding) {
  auto& [system, code, display] = coding;
  Each(name + ".system", visit, system);
  Each(name + ".code", visit, code);
  Each(name + ".display", visit, display);
}
void Each(const std::string& name, const Visit& visit, record::Coded& coded) {
  auto& [text, codings] = coded;
  Each(name + ".text", visit, text);
  Each(name + ".codings", visit, codings);
}
void Each(const std::string& name, const Visit& visit, record::Value& value) {
  auto& [original, number, comparator, unit, unit_code, range, interpretation, coded] = value;
  Each(name + ".original", visit, original);
  Each(name + ".number", visit, number);
  Each(name + ".comparator", visit, comparator);
  Each(name + ".unit", visit, unit);
  Each(name + ".unit_code", visit, unit_code);
  Each(name + ".reference_range", visit, range);
  Each(name + ".interpretation", visit, interpretation);
  Each(name + ".coded", visit, coded);
}
void Each(const std::string& name, const Visit& visit, record::Address& address) {
  auto& [lines, postcode, use] = address;
  Each(name + ".lines", visit, lines);
  Each(name + ".postcode", visit, postcode);
  Each(name + ".use", visit, use);
}
void Each(const std::string& name, const Visit& visit, record::Telecom& telecom) {
  auto& [system, value, use] = telecom;
  Each(name + ".system", visit, system);
  Each(name + ".value", visit, value);
  Each(name + ".use", visit, use);
}
void Each(const std::string& name, const Visit& visit, record::Contact& contact) {
  auto& [named, relationship, addresses, telecoms] = contact;
  Each(name + ".name", visit, named);
  Each(name + ".relationship", visit, relationship);
  Each(name + ".addresses", visit, addresses);
  Each(name + ".telecoms", visit, telecoms);
}
void Each(const std::string& name, const Visit& visit, record::Performer& performer) {
  auto& [named, identifier, identifier_system, role, organisation] = performer;
  Each(name + ".name", visit, named);
  Each(name + ".identifier", visit, identifier);
  Each(name + ".identifier_system", visit, identifier_system);
  Each(name + ".role", visit, role);
  Each(name + ".organisation", visit, organisation);
}
void Each(const std::string& name, const Visit& visit, record::Detail& detail) {
  auto& [named, text, coded, when] = detail;
  Each(name + ".name", visit, named);
  Each(name + ".text", visit, text);
  Each(name + ".coded", visit, coded);
  Each(name + ".when", visit, when);
}
void Each(const std::string& name, const Visit& visit, record::Link& link) {
  auto& [relation, key] = link;
  Each(name + ".relation", visit, relation);
  Each(name + ".key", visit, key);
}
void Each(const std::string& name, const Visit& visit, record::Document& document) {
  auto& [media_type, title, bytes, truncated] = document;
  Each(name + ".media_type", visit, media_type);
  Each(name + ".title", visit, title);
  Each(name + ".bytes", visit, bytes);
  Each(name + ".truncated", visit, truncated);
}
template <class T>
void Each(const std::string& name, const Visit& visit, std::vector<T>& list) {
  Each(name, visit, list.emplace_back());
}
template <class T>
void Each(const std::string& name, const Visit& visit, std::optional<T>& one) {
  Each(name, visit, one.emplace());
}
void Each(const Visit& visit, record::Entry& entry) {
  auto& [section, kind, what, status, verification, subject, intent, negated, status_original,
         effective, ended, recorded, value, details, source_list, group, links, document, addresses,
         contacts, practice, performers, free_text] = entry;
  Each("negated", visit, negated);
  Each("section", visit, section);
  Each("kind", visit, kind);
  Each("what", visit, what);
  Each("status", visit, status);
  Each("verification", visit, verification);
  Each("subject", visit, subject);
  Each("intent", visit, intent);
  Each("status_original", visit, status_original);
  Each("effective", visit, effective);
  Each("ended", visit, ended);
  Each("recorded", visit, recorded);
  Each("value", visit, value);
  Each("details", visit, details);
  Each("source_list", visit, source_list);
  Each("group", visit, group);
  Each("links", visit, links);
  Each("document", visit, document);
  Each("addresses", visit, addresses);
  Each("contacts", visit, contacts);
  Each("practice", visit, practice);
  Each("performers", visit, performers);
  Each("free_text", visit, free_text);
}

TEST(LabelRulesOfAnEntry, ReadEveryTextButKeysAndTheTypeOfADocument) {
  // Keys are disclosed to nobody, and a type says what the bytes are.
  const std::set<std::string> not_read = {"group", "links.key", "document.media_type"};
  record::Entry counted;
  std::vector<std::string> names;
  Each([&](const std::string& name, std::string&) { names.push_back(name); }, counted);
  EXPECT_GT(names.size(), 50U);
  for (const std::string& put : names) {
    record::Entry entry;
    Each(
        [&](const std::string& name, std::string& text) {
          if (name == put) text = "the clinic";
        },
        entry);
    EXPECT_EQ(Rules().FindIn(entry).empty(), not_read.contains(put)) << put;
  }
}

}  // namespace
}  // namespace milecastle::normalise

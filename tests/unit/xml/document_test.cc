#include "xml/document.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace milecastle::xml {
namespace {

base::Error ErrorOf(std::string_view xml, const Limits& limits = {}) {
  const auto document = Document::Parse(xml, limits);
  EXPECT_FALSE(document.has_value()) << xml;
  return document ? base::Error{} : document.error();
}

Document Read(std::string_view xml) {
  auto document = Document::Parse(xml);
  EXPECT_TRUE(document.has_value()) << base::Describe(document.error());
  return std::move(document).value();
}

std::vector<std::string> PlacesOf(const std::vector<Node>& nodes) {
  std::vector<std::string> places;
  places.reserve(nodes.size());
  for (const Node& node : nodes) places.push_back(node.Place());
  return places;
}

std::string Repeated(std::string_view what, std::size_t times) {
  std::string out;
  out.reserve(what.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += what;
  return out;
}

using Strings = std::vector<std::string>;

TEST(XmlDocument, FindsNamesByNamespaceWhateverThePrefix) {
  const Document plain = Read(R"(<a xmlns="urn:x"><b c="1"/></a>)");
  const Document prefixed = Read(R"(<p:a xmlns:p="urn:x" xmlns="urn:y"><b/><p:b c="1"/></p:a>)");
  for (const Document* document : {&plain, &prefixed}) {
    const Node root = document->root();
    EXPECT_TRUE(root.Is("urn:x", "a"));
    EXPECT_EQ(root["b"].value("c"), "1");
    EXPECT_EQ(root.All("b").size(), 1U);
  }
  EXPECT_TRUE(prefixed.root().Child("urn:y", "b").exists());
}

TEST(XmlDocument, ADefaultNamespaceEndsWithItsElement) {
  const Document document = Read(R"(<a><b xmlns="urn:x"><c/></b><c/></a>)");
  EXPECT_EQ(document.root().children()[0]["c"].space(), "urn:x");
  EXPECT_EQ(document.root()["c"].space(), "");
}

TEST(XmlDocument, AnAttributeWithoutPrefixIsInNoNamespace) {
  const Document document = Read(R"(<a xmlns="urn:x" xmlns:p="urn:x" v="1" p:v="2"/>)");
  EXPECT_EQ(document.root().value("v"), "1");
  EXPECT_EQ(document.root().attribute("urn:x", "v").text(), "2");
  EXPECT_EQ(document.root().attributes().size(), 2U);
}

TEST(XmlDocument, KeepsMixedContentInItsOrder) {
  const Document document = Read("<p>one <b>two</b> <i>three</i> four</p>");
  std::string seen;
  for (const Node& part : document.root().content()) seen += std::string(part.text()) + "|";
  EXPECT_EQ(seen, "one |two| |three| four|");
}

TEST(XmlDocument, ATextThatACommentCutsIsOne) {
  EXPECT_EQ(Read("<a>no<!-- x -->t given<![CDATA[ & <]]></a>").root().text(), "not given & <");
}

TEST(XmlDocument, ResolvesXmlsOwnEntitiesAndCharacters) {
  const Document document = Read(R"(<a b="&lt;&#65;&#x20AC;&quot;">&amp;amp;&apos;&gt;</a>)");
  EXPECT_EQ(document.root().value("b"), "<A\xE2\x82\xAC\"");
  EXPECT_EQ(document.root().text(), "&amp;'>");
}

TEST(XmlDocument, AnElementWithElementsHasNoTextOfItsOwn) {
  const Document document = Read("<a>one<b/>two</a>");
  EXPECT_EQ(document.root().text(), "");
  EXPECT_EQ(document.root().Unread().size(), 1U) << "what was not given out was not read";
}

TEST(XmlDocument, GivesTheInsideOfAnElementAsSent) {
  const Document document = Read("<a><div>x &amp; <b c='1'>y</b><br/>\r\n</div><e/></a>");
  EXPECT_EQ(document.root()["div"].Inner(), "x &amp; <b c='1'>y</b><br/>\r\n");
  EXPECT_EQ(document.root()["e"].Inner(), "");
}

TEST(XmlDocument, NamesWhatNobodyReadByItsPlace) {
  const Document document =
      Read(R"(<a><b c="1" d="2"><e>x</e></b><b><e>y</e></b><g> </g><h/><i><j k="3"/></i></a>)");
  const Node root = document.root();
  EXPECT_EQ(root["b"].value("c"), "1");
  EXPECT_EQ(root.All("b")[1]["e"].text(), "y");
  EXPECT_EQ(PlacesOf(root.Unread()), (Strings{"a/b[1]/@d", "a/b[1]/e", "a/i"}));
  root.Take();
  EXPECT_TRUE(root.Unread().empty());
}

TEST(XmlDocument, PeekingIsNotReading) {
  const Document document = Read(R"(<a b="1">x</a>)");
  EXPECT_EQ(document.root().peek(), "x");
  EXPECT_EQ(document.root().attribute("b").peek(), "1");
  EXPECT_EQ(PlacesOf(document.root().Unread()), Strings{"a"});
}

TEST(XmlDocument, APlaceRepeatsNoNameThatIsNotTheFormats) {
  const auto is_name = [](std::string_view space, std::string_view name) {
    return space == "urn:x" && (name == "a" || name == "b");
  };
  const auto document =
      Document::Parse(R"(<a xmlns="urn:x"><b/><b><Smith/><b xmlns="urn:y"/></b></a>)", {}, is_name);
  ASSERT_TRUE(document);
  const Node second = document->root().All("b")[1];
  EXPECT_EQ(second["Smith"].Place(), "a/b[2]/?");
  EXPECT_EQ(second.Child("urn:y", "b").Place(), "a/b[2]/?");
}

TEST(XmlDocument, WhereASchemaMayBeFoundCountsAsRead) {
  const Document document = Read(
      R"(<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="x y" i:type="T"/>)");
  EXPECT_EQ(PlacesOf(document.root().Unread()), Strings{"a/@type"});
  EXPECT_EQ(document.root().attribute("http://www.w3.org/2001/XMLSchema-instance", "type").text(),
            "T");
  EXPECT_TRUE(document.root().Unread().empty());
}

TEST(XmlDocument, PassesOverInstructionsBeforeTheRootAndCountsThem) {
  const Document document =
      Read("<?xml version='1.0'?>\n<?xml-stylesheet href='http://127.0.0.1:9/x.xsl'?><a/>\n");
  EXPECT_EQ(document.instructions(), 1U);
}

TEST(XmlDocument, AnAbsentNodeIsEmptyAllTheWay) {
  const Node none = Read("<a/>").root()["b"]["c"].All("d")[3];
  EXPECT_FALSE(none.exists());
  EXPECT_EQ(none.value("e"), "");
  EXPECT_EQ(none.Place(), "");
  EXPECT_EQ(none.Inner(), "");
  EXPECT_TRUE(none.children().empty());
  EXPECT_TRUE(none.Unread().empty());
}

// Refusals. None of these may say a word of the document.

TEST(XmlDocument, RefusesADocumentTypeWhateverItDeclares) {
  for (const char* xml : {
           R"(<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>)",
           R"(<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///dev/random"><a/>)",
           R"(<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/"> %b;]><a/>)",
           R"(<!DOCTYPE a [<!ENTITY b "&c;"><!ENTITY c "&b;">]><a d="&b;"/>)",
           "<a><!ENTITY b 'c'></a>",
           "<!doctype a><a/>",
       }) {
    const base::Error error = ErrorOf(xml);
    EXPECT_EQ(error.id, base::ErrorId::kMessageUnparseable) << xml;
    EXPECT_NE(error.advice.find("are refused"), std::string::npos) << error.advice;
  }
}

TEST(XmlDocument, RefusesEntitiesThatAreNotXmlsOwn) {
  for (const char* xml : {"<a>&nbsp;</a>", "<a b='&c;'/>", "<a>fish & chips</a>", "<a>&#0;</a>",
                          "<a>&#xFFFE;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#;</a>",
                          "<a>&#x;</a>", "<a>&#1x;</a>", "<a>&#99999999999;</a>", "<a>&amp</a>"}) {
    EXPECT_EQ(ErrorOf(xml).id, base::ErrorId::kMessageUnparseable) << xml;
  }
}

TEST(XmlDocument, RefusesInstructionsInsideOfTheDocument) {
  EXPECT_EQ(ErrorOf("<a><?php echo 1 ?></a>").id, base::ErrorId::kMessageUnparseable);
  EXPECT_EQ(ErrorOf("<a/><?xml version='1.0'?>").id, base::ErrorId::kMessageUnparseable);
}

TEST(XmlDocument, RefusesWhatIsNotWellFormed) {
  for (const char* xml : {"",
                          " ",
                          "a",
                          "<",
                          "<a",
                          "<a>",
                          "<a></b>",
                          "<a></ab>",
                          "<ab></a>",
                          "<a/><b/>",
                          "<a/>x",
                          "x<a/>",
                          "</a>",
                          "<a b/>",
                          "<a b=c/>",
                          "<a b='1' b='2'/>",
                          "<a b='1'c='2'/>",
                          "<a b='<'/>",
                          "<a b='1/>",
                          "<a>]]></a>",
                          "<a><!-- -- --></a>",
                          "<a><!-- </a>",
                          "<a><![CDATA[</a>",
                          "<![CDATA[x]]><a/>",
                          "< a/>",
                          "<1/>",
                          "<a><b></a></b>",
                          "<a/",
                          "<?xml version='1.0'?>"}) {
    EXPECT_EQ(ErrorOf(xml).id, base::ErrorId::kMessageUnparseable) << xml;
  }
}

TEST(XmlDocument, RefusesNamesThatNamespacesDoNotAllow) {
  for (const char* xml : {"<p:a/>", "<a p:b='1'/>", "<a:b:c xmlns:a='urn:x'/>", "<:a/>",
                          "<a xmlns:p=''/>", "<a xmlns:xmlns='urn:x'/>", "<a xmlns:xml='urn:x'/>",
                          "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
                          "<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>"}) {
    EXPECT_EQ(ErrorOf(xml).id, base::ErrorId::kMessageUnparseable) << xml;
  }
}

TEST(XmlDocument, RefusesCharactersThatXmlForbids) {
  using namespace std::string_view_literals;
  for (const std::string_view xml :
       {"<a>\0</a>"sv, "<a>\x01</a>"sv, "<a b='\x0B'/>"sv, "<a>\xEF\xBF\xBE</a>"sv,
        "<a>\xEF\xBF\xBF</a>"sv, "<a>\xC0\x80</a>"sv, "<a>\xED\xA0\x80</a>"sv, "<a>\xFF</a>"sv,
        "<a>\xE2\x82</a>"sv, "<a/>\0"sv}) {
    EXPECT_EQ(ErrorOf(xml).id, base::ErrorId::kMessageUnparseable);
  }
}

TEST(XmlDocument, RefusesWhatIsDeeperWiderOrLongerThanItsLimits) {
  const Limits limits;
  const auto too_large = [](const std::string& xml) {
    return ErrorOf(xml).id == base::ErrorId::kMessageTooLarge;
  };
  EXPECT_TRUE(too_large(Repeated("<a>", 20'000)));
  EXPECT_TRUE(too_large("<a>" + Repeated("<b/>", limits.elements) + "</a>"));
  EXPECT_TRUE(too_large("<a>" + Repeated("<!---->", limits.elements) + "</a>"));
  EXPECT_TRUE(too_large("<a>" + Repeated("<![CDATA[]]>", limits.elements) + "</a>"));
  std::string attributes = "<a";
  for (int i = 0; i < 50'000; ++i) attributes += " a" + std::to_string(i) + "='1'";
  EXPECT_TRUE(too_large(attributes + "/>"));
  EXPECT_TRUE(too_large("<a b='" + std::string(limits.attribute_length + 1, 'x') + "'/>"));
  EXPECT_TRUE(too_large("<" + std::string(limits.name_length + 1, 'a') + "/>"));
  EXPECT_EQ(ErrorOf("<a/>", {.bytes = 3}).id, base::ErrorId::kMessageTooLarge);
  std::string spaces;
  for (int i = 0; i < 70; ++i) spaces += "<a xmlns='urn:" + std::to_string(i) + "'>";
  for (int i = 0; i < 70; ++i) spaces += "</a>";
  EXPECT_TRUE(too_large(spaces));
}

TEST(XmlDocument, ReadsUpToItsLimits) {
  const Limits limits;
  Read(Repeated("<a>", limits.depth) + Repeated("</a>", limits.depth));
  const Document wide = Read("<a>" + Repeated("<b/>", limits.elements - 1) + "</a>");
  EXPECT_EQ(wide.root().All("b").size(), limits.elements - 1);
}

TEST(XmlDocument, AnErrorSaysWhereAndNeverWhat) {
  const base::Error error = ErrorOf("<a>\n<name>J\xC3\xB6rg</name><secret&gt;/></a>");
  EXPECT_EQ(error.place, "line 2, column 25");
  EXPECT_EQ(base::Describe(error).find("secret"), std::string::npos);
}

// Encodings.

TEST(XmlDocument, ReadsTheEncodingsThatCanBeConvertedSafely) {
  using namespace std::string_view_literals;
  const std::string wanted = "\xC3\xA9\xE2\x82\xAC";  // é€
  EXPECT_EQ(Read("\xEF\xBB\xBF<a>\xC3\xA9\xE2\x82\xAC</a>").root().text(), wanted);
  EXPECT_EQ(Read("<?xml version='1.0' encoding='Windows-1252'?><a>\xE9\x80</a>").root().text(),
            wanted);
  EXPECT_EQ(Read("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE9</a>").root().text(),
            "\xC3\xA9");
  EXPECT_EQ(Read("<?xml version='1.0' encoding='us-ascii'?><a>&#233;</a>").root().text(),
            "\xC3\xA9");
  EXPECT_EQ(Read("\xFF\xFE<\0a\0>\0\xE9\0\xAC\x20=\xD8\0\xDE<\0/\0a\0>\0"sv).root().text(),
            wanted + "\xF0\x9F\x98\x80");
  EXPECT_EQ(Read("\xFE\xFF\0<\0a\0>\0\xE9\x20\xAC\0<\0/\0a\0>"sv).root().text(), wanted);
}

TEST(XmlDocument, RefusesEncodingsThatWouldHaveToBeGuessed) {
  using namespace std::string_view_literals;
  const std::string utf8_in_16 = [] {
    std::string out = "\xFF\xFE";
    for (const char c : "<?xml version='1.0' encoding='UTF-8'?><a/>"sv) out += {c, '\0'};
    return out;
  }();
  for (const std::string_view xml : {
           std::string_view(utf8_in_16),
           "<?xml version='1.0' encoding='UTF-16'?><a/>"sv,
           "<?xml version='1.0' encoding='EBCDIC-CP-GB'?><a/>"sv,
           "<?xml version='1.0' encoding='UTF-7'?><a>+ADw-b/+AD4-</a>"sv,
           "<?xml version='1.0' encoding='us-ascii'?><a>\xE9</a>"sv,
           "<?xml version='1.0' encoding='ISO-8859-1'?><a>\x93x\x94</a>"sv,
           "<?xml version='1.0' encoding='windows-1252'?><a>\x81</a>"sv,
           "\xEF\xBB\xBF<?xml version='1.0' encoding='ISO-8859-1'?><a/>"sv,
           "\xFF\xFE\0\0<\0\0\0"sv,
           "\xFF\xFE<\0a"sv,
           "\xFF\xFE<\0\0\xDC"sv,
       }) {
    EXPECT_EQ(ErrorOf(xml).id, base::ErrorId::kCharacterSetUnsupported);
  }
  EXPECT_EQ(ErrorOf("\0<\0a\0/\0>"sv).id, base::ErrorId::kMessageUnparseable);
  EXPECT_EQ(ErrorOf("<?xml version='1.1'?><a/>").id, base::ErrorId::kMessageUnparseable);
}

}  // namespace
}  // namespace milecastle::xml

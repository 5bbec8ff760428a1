#include "hl7v2/escape.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "hl7v2/message.h"

namespace milecastle::hl7v2 {
namespace {

const Charset kUtf8;
const Delimiters kUsual;

std::string Read(std::string_view raw) { return Unescape(raw, kUsual, kUtf8); }

TEST(Escape, ReadsWhatTheStandardDefines) {
  EXPECT_EQ(Read("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f"), "a|b^c&d~e\\f");
  EXPECT_EQ(Read("one\\.br\\two\\.sp2\\three\\.sk3\\four"), "one\ntwo\n\nthree   four");
  EXPECT_EQ(Read("\\H\\loud\\N\\\\.in+2\\ quiet"), "loud quiet");
  EXPECT_EQ(Read("\\XC3A9\\\\X0D0A\\"), "é\r\n");
}

TEST(Escape, KeepsWhatItDoesNotUnderstand) {
  for (const std::string_view raw : {"\\Z12\\", "\\C2842\\", "\\X0G\\", "\\XFF\\", "C:\\dir",
                                     "\\\\server\\share", "\\", "\\X\\"}) {
    bool understood = true;
    EXPECT_EQ(Unescape(raw, kUsual, kUtf8, &understood), raw);
    EXPECT_FALSE(understood) << raw;
  }
}

TEST(Escape, AnEscapedLineEndStartsNoSegment) {
  const std::string bytes = "MSH|^~\\&|A\rPID|1||||A\\X0D\\ZU8||1\\.br\\^JANE\r";
  const auto message = Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->size(), 2U);
  EXPECT_FALSE(message->segment("ZU8").exists());
}

TEST(Escape, AHugeRepeatCountIsBounded) {
  EXPECT_LT(Read("\\.sp999999999\\").size(), 100U);
  EXPECT_LT(Read("\\.sk99999999999999999999\\").size(), 300U);
}

rc::Gen<Delimiters> AnyDelimiters() {
  return rc::gen::map(
      rc::gen::unique<std::vector<char>>(
          5, rc::gen::elementOf(std::string("|^~\\&!#$%*+,-./:;<=>?@[]_`{}"))),
      [](const std::vector<char>& c) { return Delimiters{c[0], c[1], c[2], c[3], c[4], '\0'}; });
}

rc::Gen<std::string> AnyText() {
  return rc::gen::container<std::string>(
      rc::gen::weightedOneOf<char>({{3, rc::gen::inRange<char>(' ', '~')},
                                    {2, rc::gen::elementOf(std::string("\r\n\t|^~\\&\x0B\x1C\x01"
                                                                       "XFSTRE.brZH"))}}));
}

// T21: any text, through the escapes and a whole message, comes back the same and adds no
// structure.
RC_GTEST_PROP(EscapeProperty, AnyTextComesBackAndAddsNoStructure, ()) {
  const Delimiters delimiters = *AnyDelimiters();
  const std::string text = *AnyText();
  const std::string escaped = Escape(text, delimiters);
  RC_ASSERT(Unescape(escaped, delimiters, kUtf8) == text);

  std::string bytes = "MSH";
  bytes += {delimiters.field,  delimiters.component,    delimiters.repetition,
            delimiters.escape, delimiters.subcomponent, delimiters.field};
  bytes += "A\rNTE";
  bytes += delimiters.field;
  bytes += escaped;
  bytes += delimiters.field;
  bytes += "end\r";
  const auto message = Parse(bytes);
  RC_ASSERT(message.has_value());
  RC_ASSERT(message->size() == 2U);
  const Segment nte = message->segment("NTE");
  RC_ASSERT(nte.fields() == 2U);
  RC_ASSERT(nte.field(1).size() == 1U);
  RC_ASSERT(nte.field(1).repetition(0).size() == 1U);
  RC_ASSERT(nte.field(1).component(1).size() == 1U);
  RC_ASSERT(nte.field(1).text() == text);
}

// Any bytes at all: an answer, and no view leaves the bytes.
RC_GTEST_PROP(ParseProperty, AnyBytesHaveAnAnswer, (std::string tail)) {
  const std::string bytes = "MSH|^~\\&|A\r" + tail;
  const auto message = Parse(bytes);
  if (!message) {
    RC_ASSERT(!message.error().place.empty());
    return;
  }
  std::size_t total = 0;
  for (std::size_t i = 0; i < message->size(); ++i) {
    const Segment segment = message->at(i);
    for (std::size_t f = 0; f <= segment.fields() + 1; ++f) total += segment.field(f).text().size();
  }
  RC_ASSERT(total <= bytes.size() * 6);
}

}  // namespace
}  // namespace milecastle::hl7v2

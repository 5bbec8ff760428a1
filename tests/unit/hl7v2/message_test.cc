#include "hl7v2/message.h"

#include <gtest/gtest.h>

namespace milecastle::hl7v2 {
namespace {

using base::ErrorId;

constexpr std::string_view kMsh = "MSH|^~\\&|PAS|RXX|MC|ICS|202611220930||ADT^A01|X1|P|2.4\r";

std::string With(std::string_view segments) { return std::string(kMsh) + std::string(segments); }

base::Error ErrorOf(std::string_view bytes, const ParseOptions& options = {}) {
  auto parsed = Parse(bytes, options);
  return parsed ? base::Error{ErrorId::kInternal, "none", ""} : parsed.error();
}

TEST(Message, AddressesEveryLevel) {
  const std::string bytes = With("PID|1||9990000018^^^NHS&2.16&ISO^NH~A7^^^RXX^MR||FOLEY^ANN\r");
  const auto message = Parse(bytes);
  ASSERT_TRUE(message);
  const Segment pid = message->segment("PID");
  EXPECT_EQ(pid.field(3).size(), 2U);
  EXPECT_EQ(pid.field(3).repetition(1).component(4).text(), "RXX");
  EXPECT_EQ(pid.field(3).component(4).subcomponent(2).text(), "2.16");
  EXPECT_EQ(pid.field(3).component(4).text(), "NHS&2.16&ISO");
  EXPECT_EQ(pid.field(5).component(2).text(), "ANN");
  EXPECT_EQ(pid.fields(), 5U);
}

TEST(Message, WhatIsAbsentIsEmptyAtAnyDepth) {
  const std::string bytes = With("PID|1\r");
  const auto message = Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_FALSE(message->segment("ZZZ").exists());
  EXPECT_EQ(message->segment("ZZZ").field(3).repetition(2).component(9).subcomponent(1).text(), "");
  EXPECT_EQ(message->segment("PID").field(99).component(1).text(), "");
  EXPECT_EQ(message->segment("PID").field(0).raw(), "");
}

TEST(Message, TellsEmptyFromNullFromPresent) {
  const std::string bytes = With("PID||\"\"||\"\"^^^NHS|x\r");
  const auto message = Parse(bytes);
  ASSERT_TRUE(message);
  const Segment pid = message->segment("PID");
  EXPECT_EQ(pid.field(1).presence(), Presence::kEmpty);
  EXPECT_EQ(pid.field(2).presence(), Presence::kNull);
  EXPECT_EQ(pid.field(4).presence(), Presence::kPresent);
  EXPECT_EQ(pid.field(4).component(1).presence(), Presence::kNull);
  EXPECT_EQ(pid.field(5).presence(), Presence::kPresent);
}

TEST(Message, NumbersTheHeaderAsTheStandardDoes) {
  const auto message = Parse(kMsh);
  ASSERT_TRUE(message);
  const Segment msh = message->segment("MSH");
  EXPECT_EQ(msh.field(2).raw(), "^~\\&");
  EXPECT_EQ(msh.field(4).text(), "RXX");
  EXPECT_EQ(msh.field(9).component(2).text(), "A01");
  EXPECT_EQ(msh.field(12).text(), "2.4");
  EXPECT_EQ(msh.fields(), 12U);
}

class LineEnds : public testing::TestWithParam<std::string_view> {};
TEST_P(LineEnds, SegmentsEndAnyWay) {
  std::string bytes = "\xEF\xBB\xBFMSH|^~\\&|A|B\n\nPID|1||7\nPV1|1|I";
  for (std::size_t at = 0; (at = bytes.find('\n', at)) != bytes.npos; at += GetParam().size()) {
    bytes.replace(at, 1, GetParam());
  }
  const auto message = Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->size(), 3U);
  EXPECT_EQ(message->segment("PID").field(3).raw(), "7");
  EXPECT_EQ(message->segment("PV1").field(2).raw(), "I");
}
INSTANTIATE_TEST_SUITE_P(Styles, LineEnds, testing::Values("\r", "\n", "\r\n"));

TEST(Message, ALineFeedAmongCarriageReturnsIsText) {
  const std::string bytes = With("NTE|1||first\nsecond\rPV1|1|I\r");
  const auto message = Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->segment("NTE").field(3).text(), "first\nsecond");
  EXPECT_EQ(message->size(), 3U);
}

TEST(Message, RefusesASegmentSmuggledInByALineFeed) {
  const base::Error error = ErrorOf(With("NTE|1||text\nZU8||1\r"));
  EXPECT_EQ(error.id, ErrorId::kMessageUnparseable);
  EXPECT_EQ(error.place, "NTE-3");
}

TEST(Message, ReadsAnySendersDelimiters) {
  const std::string bytes = "MSH^~|\\&^APP^RXX^^^^^ADT~A08^7^P^2.4\rPID^^^1~~~X&Y|2\r";
  const auto message = Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->segment("MSH").field(9).component(2).text(), "A08");
  EXPECT_EQ(message->segment("PID").field(3).size(), 2U);
  EXPECT_EQ(message->segment("PID").field(3).component(4).subcomponent(2).text(), "Y");
}

TEST(Message, RefusesAHeaderThatCannotBeTrusted) {
  EXPECT_EQ(ErrorOf("").place, "MSH");
  EXPECT_EQ(ErrorOf("PID|1\rMSH|^~\\&|A").place, "MSH");
  EXPECT_EQ(ErrorOf("MSH|").place, "MSH-1");
  EXPECT_EQ(ErrorOf("MSHa^~\\&aX").place, "MSH-1");
  EXPECT_EQ(ErrorOf("MSH|||||A|B").place, "MSH-2");
  EXPECT_EQ(ErrorOf("MSH|^^\\&|A").place, "MSH-2");
  EXPECT_EQ(ErrorOf("MSH|^~&&\\|A").place, "MSH-2");
}

TEST(Message, RefusesTwoMessagesInOneFrame) { EXPECT_EQ(ErrorOf(With(kMsh)).place, "MSH[2]"); }

TEST(Message, RefusesControlBytesThatNoMessageHolds) {
  using std::string_literals::operator""s;
  EXPECT_EQ(ErrorOf(With("PID|1|a\0b\r"s)).place, "PID-2");
  EXPECT_EQ(ErrorOf(With("PID|1|a\x1C"
                         "b\r"))
                .place,
            "PID-2");
}

TEST(Message, LimitsNameThePlaceAndNeverTheValue) {
  ParseOptions options;
  options.limits = {.message_bytes = 4000,
                    .segments = 3,
                    .segment_kinds = 3,
                    .fields = 12,
                    .repetitions = 4,
                    .values = 90,
                    .value_bytes = 60};
  const auto expect = [&](std::string_view segments, std::string_view place) {
    const base::Error error = ErrorOf(With(segments), options);
    EXPECT_EQ(error.id, ErrorId::kMessageTooLarge) << segments;
    EXPECT_EQ(error.place, place);
    EXPECT_EQ(error.advice.find("SECRET"), std::string::npos);
  };
  expect("ZZZ|1\rZZZ|1\rZZZ|1\r", "message");
  expect("PID|1\rPV1|1\rNTE|1\r", "message");
  expect("PID|1|2|3|4|5|6|7|8|9|10|11|12|13\r", "PID-12");
  expect("PID|1||1~2~3~4~5\r", "PID-3");
  expect("PID|1||" + std::string(61, 'S') + "|SECRET\r", "PID-3");
  expect("PID|1||" + std::string(61, 'S'), "PID-3");
  expect("OBX|1||^" + std::string(40, '&') + "^|" + std::string(55, '^') + "\r", "OBX-4");
  expect(std::string(4001, 'x'), "message");
  EXPECT_TRUE(Parse(With("OBX|1||||" + std::string(3000, 'S') + "|u\r"), options));
}

TEST(Message, PlacesNameTheOccurrence) {
  const std::string bytes = With("OBX|1\rOBX|2\rOBX|3||c\r");
  const auto message = Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->segment("OBX", 0).place(5), "OBX-5");
  EXPECT_EQ(message->segment("OBX", 2).place(3), "OBX[3]-3");
  EXPECT_EQ(message->segment("OBX", 2).field(3).raw(), "c");
}

std::string Declaring(std::string_view charset, std::string_view name) {
  return "MSH|^~\\&|A|RXX|||2026||ADT^A01|1|P|2.4||||||" + std::string(charset) + "\rPID|||||" +
         std::string(name) + "\r";
}

std::string NameIn(std::string_view bytes, const ParseOptions& options = {}) {
  const auto message = Parse(bytes, options);
  return message ? message->segment("PID").field(5).text() : "refused " + message.error().place;
}

TEST(Message, ReadsDeclaredCharacterSets) {
  EXPECT_EQ(NameIn(Declaring("8859/1", "M\xFCller")), "Müller");
  EXPECT_EQ(NameIn(Declaring("8859/1", "M\\XFC\\ller")), "Müller");
  EXPECT_EQ(NameIn(Declaring("8859/15", "\xA4")), "€");
  EXPECT_EQ(NameIn(Declaring("UNICODE UTF-8", "Müller")), "Müller");
  EXPECT_EQ(NameIn(Declaring("", "Müller")), "Müller");
  EXPECT_EQ(NameIn(Declaring("8859/1~UNICODE UTF-8", "M\xFCller")), "Müller");
}

TEST(Message, RefusesBytesOutsideTheDeclaredSet) {
  EXPECT_EQ(NameIn(Declaring("UNICODE UTF-8", "M\xFCLLER")), "refused PID-5");
  EXPECT_EQ(NameIn(Declaring("KLINGON", "x")), "refused MSH-18");
  EXPECT_EQ(NameIn(Declaring("ASCII", "M\xFCLLER")), "refused PID-5");
  EXPECT_EQ(NameIn(Declaring("", "\xED\xA0\x80")), "refused PID-5");  // a surrogate
  EXPECT_EQ(NameIn(Declaring("", "\xC0\xAF")), "refused PID-5");      // overlong
}

TEST(Message, AnUndeclaredSetIsReadOnlyWhereTheOperatorSaysSo) {
  ParseOptions options;
  options.undeclared_charset = "8859/1";
  EXPECT_EQ(NameIn(Declaring("", "M\xFCller"), options), "Müller");
  const std::string bytes = Declaring("", "M\xFCller");
  EXPECT_TRUE(Parse(bytes, options)->charset_assumed());
  EXPECT_EQ(NameIn(Declaring("UNICODE UTF-8", "M\xFCller"), options), "refused PID-5");
}

TEST(Message, AnEscapeCharacterThatWasItselfEscapedIsOne) {
  const std::string bytes = "MSH|^~\\\\&|PAS|RXX\rPID|1||A^B&C||FOLEY\\T\\SON\r";
  const auto message = Parse(bytes);
  ASSERT_TRUE(message);
  EXPECT_EQ(message->segment("MSH").field(4).text(), "RXX");
  EXPECT_EQ(message->segment("PID").field(3).component(2).subcomponent(2).text(), "C");
  EXPECT_EQ(message->segment("PID").field(5).text(), "FOLEY&SON");
}

TEST(Message, SurvivesBeingMoved) {
  auto parsed = Parse(Declaring("8859/1", "M\xFCller"));  // a converted copy travels with it
  ASSERT_TRUE(parsed);
  const Message moved = *std::move(parsed);
  EXPECT_EQ(moved.segment("PID").field(5).text(), "Müller");
}

}  // namespace
}  // namespace milecastle::hl7v2

#include "mllp/framer.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <ostream>

namespace milecastle::mllp {
namespace {

using std::string_literals::operator""s;

// What a stream becomes, read in pieces of `step` bytes: "[message]" or "!advice".
std::string ReadIn(std::string_view stream, std::size_t step, std::size_t limit = 100) {
  Framer framer(limit);
  std::string seen;
  const auto add = [&](const Arrival& arrival) {
    seen += arrival.fault ? "!" + std::string(arrival.fault->answer ? "answered" : "silent") +
                                (arrival.fault->close ? ",closed" : "") + " "
                          : "[" + arrival.bytes + "]";
    return !(arrival.fault && arrival.fault->close);
  };
  for (std::size_t at = 0; at < stream.size(); at += step) {
    std::string_view piece = stream.substr(at, step);
    while (auto arrival = framer.Next(piece)) {
      if (!add(*arrival)) return seen;
    }
  }
  if (auto arrival = framer.End()) add(*arrival);
  return seen;
}

struct Case {
  std::string_view name;
  std::string stream;
  std::string seen;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class Streams : public testing::TestWithParam<Case> {};

TEST_P(Streams, BecomeTheSameHoweverTheyAreCut) {
  for (const std::size_t step :
       {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1000}}) {
    EXPECT_EQ(ReadIn(GetParam().stream, step), GetParam().seen) << "step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Mllp, Streams,
    testing::Values(Case{"one", "\x0BMSH|1\r\x1C\r"s, "[MSH|1\r]"},
                    Case{"pipelined",
                         "\x0B"
                         "a\x1C\r\x0B"
                         "b\x1C\r\x0B"
                         "c\x1C\r"s,
                         "[a][b][c]"},
                    Case{"white_space_between",
                         "\r\n\x0B"
                         "a\x1C\r\r\n \x0B"
                         "b\x1C\r\n"s,
                         "[a][b]"},
                    Case{"empty_frame", "\x0B\x1C\r"s, "[]"},
                    Case{"nul_inside",
                         "\x0B"
                         "a\0b\x1C\r"s,
                         "[a\0b]"s},
                    Case{"garbage_before",
                         "GET / HTTP/1.1\r\n\x0B"
                         "a\x1C\r"s,
                         "!silent [a]"},
                    Case{"end_without_start",
                         "MSH|1\r\x1C\r\x0B"
                         "a\x1C\r"s,
                         "!answered [a]"},
                    Case{"start_inside",
                         "\x0B"
                         "a\x0B"
                         "b\x1C\r"s,
                         "!answered [b]"},
                    Case{"end_without_return",
                         "\x0B"
                         "a\x1C"
                         "b\x0B"
                         "c\x1C\r"s,
                         "!answered !silent [c]"},
                    Case{"end_then_start",
                         "\x0B"
                         "a\x1C\x0B"
                         "c\x1C\r"s,
                         "!answered [c]"},
                    Case{"cut_in_the_middle",
                         "\x0B"
                         "abc"s,
                         "!silent,closed "},
                    Case{"cut_before_return",
                         "\x0B"
                         "abc\x1C"s,
                         "!silent,closed "},
                    Case{"too_long", "\x0B" + std::string(101, 'x') + "\x1C\r",
                         "!answered,closed "},
                    Case{"just_fits", "\x0B" + std::string(100, 'x') + "\x1C\r",
                         "[" + std::string(100, 'x') + "]"},
                    Case{"endless_garbage", std::string(5000, 'x'), "!answered,closed "}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Framer, AFaultKeepsOnlyTheHeadOfWhatItWas) {
  Framer framer(1U << 20U);
  const std::string stream = "\x0B" + std::string(2U << 20U, 'x');
  std::string_view rest = stream;
  const auto arrival = framer.Next(rest);
  ASSERT_TRUE(arrival && arrival->fault);
  EXPECT_LE(arrival->bytes.size(), 4096U);
  EXPECT_EQ(arrival->fault->error.id, base::ErrorId::kMessageTooLarge);
}

TEST(Framer, GivesUpASenderWhoseFramesAreFaultsOneAfterTheOther) {
  const std::string starts(1000, '\x0B');
  const std::string seen = ReadIn(starts, 7);
  EXPECT_EQ(std::count(seen.begin(), seen.end(), '!'), 16);
  EXPECT_TRUE(seen.ends_with("!answered,closed "));
}

TEST(Framer, FaultsBetweenMessagesGiveNobodyUp) {
  std::string stream;
  for (int i = 0; i < 100; ++i)
    stream +=
        "\x1C\r\x0B"
        "a\x1C\r";
  EXPECT_EQ(ReadIn(stream, 7).find("closed"), std::string::npos);
}

TEST(Framer, KeepsTheSameOfAFaultHoweverItsBytesCome) {
  const std::string stream = " \r\n stray\x0B" + std::string(300, 'x');
  for (const std::size_t piece : {stream.size(), std::size_t{1}, std::size_t{7}}) {
    Framer framer(256);
    std::vector<std::string> kept;
    for (std::size_t at = 0; at < stream.size() && kept.size() < 2; at += piece) {
      std::string_view rest = std::string_view(stream).substr(at, piece);
      while (const auto arrival = framer.Next(rest)) kept.push_back(arrival->bytes);
    }
    EXPECT_EQ(kept, (std::vector<std::string>{"stray", std::string(256, 'x')})) << piece;
  }
}

RC_GTEST_PROP(FramerProperty, WhateverIsFramedComesBack, ()) {
  const auto messages = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::elementOf("MSH|^~\\&\r\n\t A1\x02"s)));
  const auto step = *rc::gen::inRange<std::size_t>(1, 20);
  std::string stream;
  std::string seen;
  for (const auto& message : messages) {
    stream += Frame(message);
    seen += "[" + message + "]";
  }
  RC_ASSERT(ReadIn(stream, step) == seen);
}

}  // namespace
}  // namespace milecastle::mllp

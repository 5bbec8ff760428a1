#include "base/json_writer.h"

#include <gtest/gtest.h>

namespace milecastle::base {
namespace {

TEST(JsonWriter, WritesMembersInTheirOrder) {
  JsonWriter writer(64);
  writer.Open('{').Key("n").Number(18446744073709551615U).Key("f").Flag(true);
  writer.Key("l").Open('[').Word("a").Open('{').Close('}').Number(1).Close(']');
  writer.Key("t").Time({}).Key("j").Json("{\"x\":1}").Close('}');
  EXPECT_EQ(std::move(writer).Take(),
            R"({"n":18446744073709551615,"f":true,"l":["a",{},1],"t":null,"j":{"x":1}})");
}

TEST(JsonWriter, EscapesWhatWouldEndAText) {
  JsonWriter writer(64);
  writer.Text(std::string_view("a\"b\\c\n\0d\x1f\xc3\xa9", 11));
  EXPECT_EQ(std::move(writer).Take(), "\"a\\\"b\\\\c\\u000a\\u0000d\\u001f\xc3\xa9\"");
}

}  // namespace
}  // namespace milecastle::base

#include "fhir/document.h"

#include <gtest/gtest.h>

#include <string>

namespace milecastle::fhir {
namespace {

base::Error ErrorOf(std::string_view json, const Limits& limits = {}) {
  const auto document = Document::Parse(json, limits);
  EXPECT_FALSE(document.has_value());
  return document ? base::Error{} : document.error();
}

std::string Nested(std::size_t depth) {
  std::string json;
  for (std::size_t i = 0; i < depth; ++i) json += R"({"contained":[)";
  for (std::size_t i = 0; i < depth; ++i) json += "]}";
  return json;
}

TEST(FhirDocument, KeepsTheCharactersOfANumber) {
  const auto document = Document::Parse(R"({"a":"x 3 \" 4","b":[1.50,-2e3],"c":0.10})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["b"].items()[0].text(), "1.50");
  EXPECT_EQ(document->root()["b"].items()[1].text(), "-2e3");
  EXPECT_EQ(document->root()["c"].text(), "0.10");
}

TEST(FhirDocument, ReadsPastAByteOrderMark) {
  const auto document = Document::Parse("\xEF\xBB\xBF{\"resourceType\":\"Patient\"}");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["resourceType"].text(), "Patient");
}

TEST(FhirDocument, RefusesANameThatStandsTwiceAndSaysWhere) {
  const base::Error error =
      ErrorOf(R"({"entry":[{},{"resource":{"status":"final","status":"x"}}]})");
  EXPECT_EQ(error.id, base::ErrorId::kMessageUnparseable);
  EXPECT_EQ(error.place, "entry[1].resource");
}

TEST(FhirDocument, RefusesANameWrittenTwiceWithEscapes) {
  EXPECT_EQ(ErrorOf(R"({"status":1,"st\u0061tus":2})").id, base::ErrorId::kMessageUnparseable);
}

TEST(FhirDocument, RefusesHalfASurrogatePair) {
  for (const char* json :
       {R"({"a":"\uD800"})", R"({"a":"\uDC00"})", R"({"\uDFFF":1})", R"(["\uD800\uD800"])"}) {
    EXPECT_EQ(ErrorOf(json).id, base::ErrorId::kMessageUnparseable) << json;
  }
}

TEST(FhirDocument, RefusesNumbersThatAreNone) {
  for (const char* json : {R"({"a":NaN})", R"({"a":Infinity})", R"({"a":01})", R"({"a":1e999})"}) {
    EXPECT_EQ(ErrorOf(json).id, base::ErrorId::kMessageUnparseable) << json;
  }
}

TEST(FhirDocument, SaysTheLineWhereTheTextStopsBeingJson) {
  EXPECT_EQ(ErrorOf("{\"a\": 1,\n \"b\" 2}").place, "line 2, column 6");
  EXPECT_EQ(ErrorOf("{\"a\": [1,\n").place, "line 2, column 1");
}

TEST(FhirDocument, RefusesWhatIsDeeperLongerOrLargerThanItsLimits) {
  EXPECT_TRUE(Document::Parse(Nested(20)).has_value());
  EXPECT_EQ(ErrorOf(Nested(5000)).id, base::ErrorId::kMessageTooLarge);
  EXPECT_EQ(ErrorOf("[1,2,3,4]", {.values = 3}).id, base::ErrorId::kMessageTooLarge);
  EXPECT_EQ(ErrorOf(R"({"entry":[1,2,3,4]})", {.entries = 3}).place, "entry");
  EXPECT_EQ(ErrorOf(R"({"code":[1,2,3,4]})", {.items = 3}).place, "code");
  EXPECT_EQ(ErrorOf(R"([{"a":1,"b":2}])", {.members = 1}).place, "[0]");
  EXPECT_EQ(ErrorOf("[1,2,3,4]", {.bytes = 8}).id, base::ErrorId::kMessageTooLarge);
}

TEST(FhirDocument, ErrorsRepeatNoTextOfTheSender) {
  const base::Error error = ErrorOf(R"({"SMITH, John":{"9990000018":[{"a":1,"a":2}]}})");
  EXPECT_EQ(error.place, "?.?[0]");
}

// Both have the length, the first, the middle and the last letter of the other.
TEST(FhirDocument, TellsNamesApartThatLookAlike) {
  const auto document = Document::Parse(R"({"abxde":"1","acxce":"2"})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["abxde"].text(), "1");
  EXPECT_EQ(document->root()["acxce"].text(), "2");
  EXPECT_FALSE(document->root()["aaxae"].exists());
}

TEST(FhirDocument, RefusesANameThatStandsTwiceAmongMany) {
  std::string members;
  for (char c = 'a'; c <= 'z'; ++c) members += std::string(R"("a)") + c + R"(xce":1,)";
  EXPECT_TRUE(Document::Parse("{" + members + R"("b":1})").has_value());
  EXPECT_EQ(ErrorOf("{" + members + R"("amxce":1})").id, base::ErrorId::kMessageUnparseable);
}

TEST(FhirDocument, KnowsWhichNamesItHasNowhere) {
  const auto document = Document::Parse(R"({"contained":[{"modifierExtension":[]}]})");
  ASSERT_TRUE(document);
  EXPECT_TRUE(document->root().DocumentMayName("modifierExtension"));
  EXPECT_FALSE(document->root().DocumentMayName("implicitRules"));
}

TEST(FhirDocument, TellsTheWayToAnElementWithoutPositions) {
  const auto document = Document::Parse(R"({"entry":[{"resource":{"code":[{"x y":{}}]}}]})");
  ASSERT_TRUE(document);
  const Element resource = document->root()["entry"].items()[0]["resource"];
  EXPECT_EQ(resource["code"].items()[0]["x y"].Way(resource), "code.?");
  EXPECT_EQ(resource["code"].items()[0].Way({}), "entry.resource.code");
  EXPECT_EQ(resource.Way(resource), "");
  EXPECT_TRUE(document->root()["entry"].Holds(resource["code"]));
  EXPECT_FALSE(resource["code"].Holds(resource));
}

TEST(FhirDocument, AbsentElementsAreEmptyAllTheWayDown) {
  const auto document = Document::Parse(R"({"a":null,"b":[]})");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["x"]["y"].first()["z"].text(), "");
  EXPECT_EQ(document->root()["a"].text(), "");
  EXPECT_FALSE(document->root()["b"].first().exists());
  EXPECT_TRUE(document->root()["x"].items().empty());
}

TEST(FhirDocument, ListsWhatNobodyRead) {
  const auto document =
      Document::Parse(R"({"a":1,"b":{"c":2,"d":{"e":3,"f":4}},"g":[{"h":5},{"h":6}],"i":{}})");
  ASSERT_TRUE(document);
  const Element root = document->root();
  root["a"].text();
  root["b"]["c"].text();
  root["g"].items()[0]["h"].text();
  root["b"]["d"]["e"].peek();
  std::vector<std::string> places;
  for (const Element& unread : root.Unread()) places.push_back(unread.Place());
  EXPECT_EQ(places, (std::vector<std::string>{"b.d", "g[1]"}));
  root.Take();
  EXPECT_TRUE(root.Unread().empty());
}

TEST(FhirDocument, TellsEqualValuesApartFromOthersWhateverTheOrderOfNames) {
  const auto document = Document::Parse(
      R"([{"a":1,"b":[1,2]},{"b":[1,2],"a":1},{"a":1,"b":[2,1]},{"a":"1","b":[1,2]}])");
  ASSERT_TRUE(document);
  const auto items = document->root().items();
  EXPECT_TRUE(items[0].SameAs(items[1]));
  EXPECT_FALSE(items[0].SameAs(items[2]));
  EXPECT_FALSE(items[0].SameAs(items[3]));
}

// Two copies of one resource are one; that one of its members has no name makes them no conflict.
TEST(FhirDocument, ComparesMembersWithoutAName) {
  const auto document = Document::Parse(R"([{"": 1, "a": 2}, {"a": 2, "": 1}, {"": 2, "a": 2}])");
  ASSERT_TRUE(document);
  const auto items = document->root().items();
  EXPECT_TRUE(items[0].SameAs(items[1]));
  EXPECT_FALSE(items[0].SameAs(items[2]));
}

}  // namespace
}  // namespace milecastle::fhir

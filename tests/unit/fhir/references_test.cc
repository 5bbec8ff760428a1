#include "fhir/references.h"

#include <gtest/gtest.h>

#include "fhir/datatypes.h"

namespace milecastle::fhir {
namespace {

constexpr std::string_view kBundle = R"({"entry":[
  {"resource":{"resourceType":"List","id":"l","contained":[{"resourceType":"Allergy","id":"in"}],
               "entry":[{"item":{"reference":"#in"}},{"item":{"reference":"Patient/p/_history/7"}}]}},
  {"fullUrl":"urn:uuid:1","resource":{"resourceType":"Observation"}},
  {"fullUrl":"https://a.example/Patient/q","resource":{"resourceType":"Patient","id":"q"}},
  {"resource":{"resourceType":"Patient","id":"p"}},
  {"resource":{"resourceType":"Patient","id":"p"}},
  {"resource":"no resource"}, 7]})";

class References : public testing::Test {
 protected:
  Document document_ = Document::Parse(kBundle).value();
  ReferenceIndex index_{document_.root()};
  Element list_ = index_.OfType("List").front();
};

TEST_F(References, FindLaterEntriesWithoutTheirVersion) {
  const auto items = list_["entry"].items();
  EXPECT_EQ(index_.Follow(items[1]["item"], list_).Place(), "entry[3].resource");
}

TEST_F(References, FindContainedResourcesFromWithinTheirHolderAlone) {
  EXPECT_EQ(index_.Resolve("#in", list_).Place(), "entry[0].resource.contained[0]");
  EXPECT_EQ(index_.Resolve("#in", list_["entry"].first()).Place(),
            "entry[0].resource.contained[0]");
  EXPECT_FALSE(index_.Resolve("#in", index_.OfType("Patient").front()).exists());
}

TEST_F(References, FindFullUrls) {
  EXPECT_EQ(index_.Resolve("urn:uuid:1", list_).Place(), "entry[1].resource");
  EXPECT_EQ(index_.Resolve("https://a.example/Patient/q", list_).Place(), "entry[2].resource");
}

TEST_F(References, ToAnotherServerFindNothing) {
  EXPECT_FALSE(index_.Resolve("https://b.example/Patient/q", list_).exists());
  EXPECT_FALSE(index_.Resolve("", list_).exists());
}

TEST_F(References, NameTheSecondOfTwoResourcesWithOneId) {
  ASSERT_EQ(index_.repeated().size(), 1U);
  EXPECT_EQ(index_.repeated()[0].again.Place(), "entry[4].resource");
  EXPECT_EQ(index_.repeated()[0].first.Place(), "entry[3].resource");
}

// By server: a's patient 1 and its allergy, b's patient 1 and its allergy, and what says no server.
constexpr std::string_view kServers = R"({"entry":[
  {"fullUrl":"https://a.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1"}},
  {"fullUrl":"https://a.example/fhir/Allergy/4","resource":{"resourceType":"Allergy","id":"4"}},
  {"fullUrl":"https://b.example/fhir/Allergy/5","resource":{"resourceType":"Allergy","id":"5",
    "contained":[{"resourceType":"Note","id":"n"}]}},
  {"fullUrl":"https://b.example/fhir/Patient/1/_history/2","resource":{"resourceType":"Patient","id":"1"}},
  {"fullUrl":"urn:uuid:6","resource":{"resourceType":"Allergy","id":"6"}},
  {"fullUrl":"https://a.example/fhir/Patient/2","resource":{"resourceType":"Patient","id":"2"}},
  {"resource":{"resourceType":"Patient","id":"3"}},
  {"fullUrl":"https://b.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"8"}},
  {"fullUrl":"Patient/2","resource":{"resourceType":"Patient","id":"9"}}]})";

class ReferencesOfServers : public testing::Test {
 protected:
  std::string Found(std::string_view reference, std::size_t within) const {
    return index_.Resolve(reference, index_.resources()[within]).Place();
  }
  Document document_ = Document::Parse(kServers).value();
  ReferenceIndex index_{document_.root()};
};

TEST_F(ReferencesOfServers, AreReadOnTheServerOfTheirOwnEntry) {
  EXPECT_EQ(Found("Patient/1", 1), "entry[0].resource");
  EXPECT_EQ(Found("Patient/1", 2), "entry[3].resource");
  const Element note = index_.resources()[2]["contained"].first();
  EXPECT_EQ(index_.Resolve("Patient/1", note).Place(), "entry[3].resource");
  EXPECT_EQ(Found("https://a.example/fhir/Patient/1", 2), "entry[0].resource");
}

TEST_F(ReferencesOfServers, NameNobodyWhereTheServerIsNotSaidAndSeveralHaveOne) {
  EXPECT_EQ(Found("Patient/1", 4), "");
  EXPECT_EQ(Found("Patient/2", 4), "entry[5].resource");
  EXPECT_EQ(Found("Patient/3", 4), "entry[6].resource");
}

TEST_F(ReferencesOfServers, NameNobodyOfAnotherServer) {
  EXPECT_EQ(Found("Patient/2", 1), "entry[5].resource");
  EXPECT_EQ(Found("Patient/2", 2), "");
  EXPECT_EQ(Found("Patient/3", 2), "entry[6].resource");
}

TEST_F(ReferencesOfServers, AreNotLedAstrayByAnAddressThatIsNone) {
  EXPECT_EQ(Found("Patient/2", 4), "entry[5].resource");
}

TEST_F(ReferencesOfServers, TellWhereOneAddressIsGivenTwice) {
  ASSERT_EQ(index_.repeated().size(), 1U);
  EXPECT_EQ(index_.repeated()[0].again.Place(), "entry[7].resource");
  EXPECT_EQ(index_.repeated()[0].first.Place(), "entry[3].resource");
}

TEST(Extensions, AreFoundByUrlOrByItsLastStepAndLeaveOthersUnread) {
  const auto document = Document::Parse(
      R"({"extension":[{"url":"https://x/A-1","valueCode":"m"},{"url":"https://x/B-1","valueCode":"n"}]})");
  ASSERT_TRUE(document);
  EXPECT_EQ(Choice(Extension(document->root(), "*A-1"), "value").text(), "m");
  EXPECT_FALSE(Extension(document->root(), "A-1").exists());
  ASSERT_EQ(document->root().Unread().size(), 1U);
  EXPECT_EQ(document->root().Unread()[0].Place(), "extension[1]");
}

TEST(Codings, AreReadFromAConceptAndFromABareCoding) {
  const auto document = Document::Parse(
      R"([{"coding":[{"system":"s","code":"1"},{"code":"2"}]},{"system":"s","code":"3","display":"d"}])");
  ASSERT_TRUE(document);
  EXPECT_EQ(Codings(document->root().items()[0]).size(), 2U);
  EXPECT_EQ(Codings(document->root().items()[1])[0].display, "d");
  EXPECT_TRUE(HasCode(document->root().items()[0], "2"));
}

}  // namespace
}  // namespace milecastle::fhir

// FHIR XML becomes the tree that its JSON would give.
#include <gtest/gtest.h>

#include <string>

#include "fhir/document.h"

namespace milecastle::fhir {
namespace {

std::string Of(std::string_view root, std::string_view inside) {
  std::string text = "<";
  return text.append(root)
      .append(" xmlns=\"http://hl7.org/fhir\">")
      .append(inside)
      .append("</")
      .append(root)
      .append(">");
}

base::ErrorId FaultOf(std::string_view xml, const Limits& limits = {}) {
  const auto document = Document::ParseXml(xml, limits);
  EXPECT_FALSE(document.has_value());
  return document ? base::ErrorId{} : document.error().id;
}

TEST(FhirXml, SaysWhatItsJsonSays) {
  const auto xml = Document::ParseXml(Of(
      "Patient",
      R"(<id value="p"/><extension url="https://example.org/e"><valueBoolean value="true"/></extension>
         <identifier><system value="s"/><value value="1&amp;2"/></identifier>
         <name><given value="A"/><given value="B"/></name>)"));
  ASSERT_TRUE(xml);
  const Element patient = xml->root();
  EXPECT_EQ(patient["resourceType"].text(), "Patient");
  EXPECT_EQ(patient["id"].text(), "p");
  EXPECT_EQ(patient["extension"].first()["url"].text(), "https://example.org/e");
  EXPECT_TRUE(patient["extension"].first()["valueBoolean"].IsTrue());
  EXPECT_EQ(patient["identifier"].first()["value"].text(), "1&2");
  EXPECT_EQ(patient["name"].first()["given"].items().size(), 2U);
  EXPECT_EQ(patient["name"].first()["given"].items()[1].text(), "B");
  EXPECT_EQ(patient.Unread().size(), 2U);  // the identifier's system, and the first given name
}

TEST(FhirXml, AResourceWithinAnotherIsTheMember) {
  const auto xml = Document::ParseXml(
      Of("Bundle", R"(<type value="collection"/><entry><resource><Condition><contained><Patient>
        <id value="c"/></Patient></contained></Condition></resource></entry>)"));
  ASSERT_TRUE(xml);
  const Element resource = xml->root()["entry"].first()["resource"];
  EXPECT_EQ(resource["resourceType"].text(), "Condition");
  EXPECT_EQ(resource["contained"].first()["resourceType"].text(), "Patient");
  EXPECT_EQ(resource.Place(), "entry[0].resource");
}

TEST(FhirXml, ANarrativeIsTheTextOfItsMarkup) {
  const auto xml = Document::ParseXml(
      Of("Condition", R"(<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">
        <p>a &lt; b</p></div></text>)"));
  ASSERT_TRUE(xml);
  const std::string_view div = xml->root()["text"]["div"].text();
  EXPECT_NE(div.find("<p>a &lt; b</p>"), std::string_view::npos) << div;
}

// An extension beside a value turns what the value means: it must not go unseen.
TEST(FhirXml, WhatStandsBesideAValueIsThereToBeListed) {
  const auto xml = Document::ParseXml(Of(
      "Patient",
      R"(<birthDate value="1948"><extension url="https://example.org/e"><valueCode value="x"/></extension></birthDate>)"));
  ASSERT_TRUE(xml);
  EXPECT_EQ(xml->root()["birthDate"].text(), "1948");
  EXPECT_EQ(xml->root()["_birthDate"]["extension"].first()["valueCode"].peek(), "x");
  EXPECT_EQ(xml->root().Unread().size(), 2U);  // that, and resourceType
}

TEST(FhirXml, RefusesWhatIsNoFhir) {
  EXPECT_EQ(FaultOf("<Patient/>"), base::ErrorId::kMessageUnparseable);
  EXPECT_EQ(FaultOf(R"(<ClinicalDocument xmlns="urn:hl7-org:v3"/>)"),
            base::ErrorId::kMessageUnparseable);
  EXPECT_EQ(FaultOf(Of("Patient", "some text")), base::ErrorId::kMessageUnparseable);
  EXPECT_EQ(FaultOf(Of("Patient", R"(<x:id xmlns:x="urn:x" value="1"/>)")),
            base::ErrorId::kMessageUnparseable);
  EXPECT_EQ(FaultOf(Of("Bundle", "<entry><resource><Patient/><Patient/></resource></entry>")),
            base::ErrorId::kMessageUnparseable);
}

TEST(FhirXml, ReadsNoDocumentTypeAndNothingOfAnotherFile) {
  EXPECT_FALSE(
      Document::ParseXml(R"(<!DOCTYPE Patient [<!ENTITY x SYSTEM "file:///etc/passwd">]>)" +
                         Of("Patient", R"(<id value="&x;"/>)")));
}

TEST(FhirXml, HoldsToTheLimits) {
  std::string deep;
  for (int i = 0; i < 90; ++i) deep += "<a>";
  for (int i = 0; i < 90; ++i) deep += "</a>";
  EXPECT_EQ(FaultOf(Of("Patient", deep)), base::ErrorId::kMessageTooLarge);
  std::string many;
  for (int i = 0; i < 20; ++i) many += R"(<name value="x"/>)";
  Limits limits;
  limits.items = 10;
  EXPECT_EQ(FaultOf(Of("Patient", many), limits), base::ErrorId::kMessageTooLarge);
  limits = {};
  limits.values = 10;
  EXPECT_EQ(FaultOf(Of("Patient", many), limits), base::ErrorId::kMessageTooLarge);
  limits = {};
  limits.bytes = 50;
  EXPECT_EQ(FaultOf(Of("Patient", many), limits), base::ErrorId::kMessageTooLarge);
}

}  // namespace
}  // namespace milecastle::fhir

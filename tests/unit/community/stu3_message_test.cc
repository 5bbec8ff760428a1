// ITK3 messages and documents of FHIR STU3.
#include <gtest/gtest.h>

#include <string>

#include "community/adapter.h"

namespace milecastle::community {
namespace {

port::Reading ReadMessage(const std::string& message) {
  return MakeAdapter()->Read(message, port::Feed{});
}

std::string Entry(const std::string& resource) { return R"({"resource":)" + resource + "}"; }

std::string Document(const std::string& entries, const std::string& type = "document") {
  return R"({"resourceType":"Bundle","meta":{"profile":[
      "https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]},"type":")" +
         type + R"(","entry":[{"resource":{"resourceType":"Patient","id":"p","identifier":[
      {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}},)" +
         entries + "]}";
}

std::string Done(const std::string& type, const std::string& more) {
  return Entry(R"({"resourceType":")" + type +
               R"(","id":"x","status":"completed","subject":{"reference":"Patient/p"},)" + more +
               "}");
}

record::Intent IntentOf(const std::string& entry) {
  const auto reading = ReadMessage(Document(entry));
  EXPECT_TRUE(reading.patients.front()) << entry;
  EXPECT_EQ(reading.patients.front()->drafts.size(), 1U) << entry;
  return reading.patients.front()->drafts.front().entry.intent;
}

// Safety rule 6.
TEST(Stu3Message, WhatWasNotDoneIsSaidToBeSo) {
  const std::string code = R"("code":{"text":"Ear syringing"},)";
  const std::string medicine = R"("medicationCodeableConcept":{"text":"Amoxicillin"},)";
  using record::Intent;
  EXPECT_EQ(IntentOf(Done("Procedure", code + R"("notDone":true)")), Intent::kNotDone);
  EXPECT_EQ(IntentOf(Done("Procedure", code + R"("notDone":false)")), Intent::kDone);
  EXPECT_EQ(IntentOf(Done("MedicationDispense",
                          medicine + R"("notDoneCodeableConcept":{"text":"Allergic"})")),
            Intent::kNotDone);
  EXPECT_EQ(IntentOf(Done("MedicationDispense", medicine + R"("quantity":{"value":1})")),
            Intent::kDone);
  EXPECT_EQ(IntentOf(Entry(R"({"resourceType":"Immunization","id":"x","status":"completed",
      "notGiven":true,"patient":{"reference":"Patient/p"},"vaccineCode":{"text":"MMR"}})")),
            Intent::kNotDone);
}

// What it refuses is not understood: until an officer has read it nothing of it is shared.
TEST(Stu3Message, AConsentIsAskedAbout) {
  const auto reading = ReadMessage(Document(Entry(R"({"resourceType":"Consent","id":"c",
      "status":"active","patient":{"reference":"Patient/p"},"except":[{"type":"deny"}]})")));
  ASSERT_TRUE(reading.patients.front());
  ASSERT_EQ(reading.patients.front()->preferences.size(), 1U);
  EXPECT_EQ(reading.patients.front()->preferences[0].answer, record::PreferenceAnswer::kUnclear);
}

TEST(Stu3Message, OfTwoReleasesIsRefusedWhole) {
  const auto reading = ReadMessage(Document(Entry(R"({"resourceType":"Observation","id":"o",
      "meta":{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation"]},
      "status":"final","code":{"text":"Height"},"subject":{"reference":"Patient/p"}})")));
  ASSERT_FALSE(reading.patients.front());
  EXPECT_EQ(reading.patients.front().error().id, base::ErrorId::kMessageUnsupported);
  EXPECT_EQ(reading.patients.front().error().place, "entry[1].resource.meta.profile");
}

TEST(Stu3Message, WhatAPracticeAnswersIsNone) {
  const auto reading =
      ReadMessage(Document(Done("Procedure", R"("code":{"text":"Ear syringing"})"), "collection"));
  ASSERT_FALSE(reading.patients.front());
  EXPECT_NE(base::Describe(reading.patients.front().error()).find("'primary'"), std::string::npos);
}

// Its managing organisation is whoever sends: of a practice's answer alone it is the practice.
TEST(Stu3Message, WhoSendsItIsNotThePatientsPractice) {
  const auto reading = ReadMessage(R"({"resourceType":"Bundle","type":"document","meta":{"profile":[
      "https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]},"entry":[
      {"resource":{"resourceType":"Patient","id":"p","identifier":[
      {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],
      "managingOrganization":{"reference":"Organization/o"}}},
      {"resource":{"resourceType":"Organization","id":"o","identifier":[
      {"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"ZP001"}]}}]})");
  ASSERT_TRUE(reading.patients.front());
  EXPECT_EQ(reading.patients.front()->patient.gp_practice.change,
            record::Update<std::string>::Change::kLeave);
  EXPECT_EQ(reading.envelope.sender, "ZP001");
}

}  // namespace
}  // namespace milecastle::community

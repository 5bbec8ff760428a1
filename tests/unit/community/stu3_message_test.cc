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

// What is there and not plainly false counts; what is another release's word is not carried.
TEST(Stu3Message, NothingIsDoneByAWordThatIsNotUnderstood) {
  const std::string code = R"("code":{"text":"Ear syringing"},)";
  const std::string medicine = R"("medicationCodeableConcept":{"text":"Amoxicillin"},)";
  using record::Intent;
  for (const char* const odd : {R"("TRUE")", "1", "{}", "[true]"}) {
    EXPECT_EQ(IntentOf(Done("Procedure", code + R"("notDone":)" + odd)), Intent::kNotDone) << odd;
  }
  EXPECT_EQ(IntentOf(Done("MedicationAdministration",
                          medicine + R"("notGiven":true,"reasonNotGiven":[{"text":"Refused"}])")),
            Intent::kNotDone);
  EXPECT_EQ(IntentOf(Done("Procedure", code + R"("notDone":false,"notDoneReason":{"text":"-"})")),
            Intent::kDone);
  for (const std::string& entry :
       {Done("MedicationRequest", medicine + R"("doNotPerform":true)"),
        Done("MedicationStatement", medicine + R"("wasNotTaken":true)"),
        Done("Observation", code + R"("focus":[{"display":"Partner"}],"valueString":"positive")"),
        Done("Procedure", code + R"("outcome":{"modifierExtension":[{"url":"x"}]})")}) {
    const auto reading = ReadMessage(Document(entry));
    ASSERT_TRUE(reading.patients.front()) << entry;
    EXPECT_TRUE(reading.patients.front()->drafts.empty()) << entry;
    EXPECT_FALSE(reading.patients.front()->not_carried.empty()) << entry;
  }
}

TEST(Stu3Message, WhatIsAskedNotToBeDoneSaysSo) {
  const auto asked = ReadMessage(Document(Entry(R"({"resourceType":"ProcedureRequest","id":"x",
      "status":"active","intent":"order","doNotPerform":true,"code":{"text":"Attempt CPR"},
      "subject":{"reference":"Patient/p"}})")));
  ASSERT_TRUE(asked.patients.front());
  ASSERT_EQ(asked.patients.front()->drafts.size(), 1U);
  EXPECT_TRUE(asked.patients.front()->drafts[0].entry.negated);
  EXPECT_EQ(asked.patients.front()->drafts[0].entry.intent, record::Intent::kNotDone);
}

TEST(Stu3Message, AnAnswerAboutSomebodyElseIsNotThePatients) {
  const auto reading = ReadMessage(Document(Entry(R"({"resourceType":"QuestionnaireResponse",
      "id":"q","status":"completed","subject":{"reference":"Patient/p"},"item":[{"linkId":"1",
      "text":"Smokes","subject":{"display":"Mother"},"answer":[{"valueBoolean":true}]}]})")));
  ASSERT_TRUE(reading.patients.front());
  for (const auto& draft : reading.patients.front()->drafts) {
    EXPECT_TRUE(draft.entry.details.empty());
  }
}

// GP Connect writes "unconfirmed" of every allergy; a hospital means it.
TEST(Stu3Message, WhatIsUnconfirmedStaysSuspected) {
  const auto reading = ReadMessage(Document(Entry(R"({"resourceType":"AllergyIntolerance","id":"a",
      "clinicalStatus":"active","verificationStatus":"unconfirmed","code":{"text":"Nuts"},
      "patient":{"reference":"Patient/p"}})")));
  ASSERT_TRUE(reading.patients.front());
  ASSERT_EQ(reading.patients.front()->drafts.size(), 1U);
  EXPECT_EQ(reading.patients.front()->drafts[0].entry.verification,
            record::Verification::kSuspected);
}

// "additional": it says what no code says.
TEST(Stu3Message, TheWordsBesideACodeAreCarried) {
  const auto reading = ReadMessage(Document(Entry(R"({"resourceType":"Condition","id":"c",
      "clinicalStatus":"active","subject":{"reference":"Patient/p"},"text":{"status":"additional",
      "div":"<div>Ulcer on the <b>left</b> foot</div>"}})")));
  ASSERT_TRUE(reading.patients.front());
  ASSERT_EQ(reading.patients.front()->drafts.size(), 1U);
  EXPECT_EQ(reading.patients.front()->drafts[0].entry.free_text,
            std::vector<std::string>{"Ulcer on the left foot"});
}

// What it calls deleted is withdrawn, and its label is its items'.
TEST(Stu3Message, AListOfAnUnknownCodeCounts) {
  const auto reading = ReadMessage(
      Document(Done("Procedure", R"("code":{"text":"Ear syringing"})") + "," +
               Entry(R"({"resourceType":"List","id":"l","status":"current","mode":"changes",
      "code":{"text":"At discharge"},"subject":{"reference":"Patient/p"},"meta":{"security":[{
      "system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},
      "entry":[{"deleted":true,"item":{"reference":"Procedure/x"}}]})")));
  ASSERT_TRUE(reading.patients.front());
  EXPECT_EQ(reading.patients.front()->withdrawn_keys, std::vector<std::string>{"Procedure/x"});
  ASSERT_EQ(reading.patients.front()->drafts.size(), 1U);
  EXPECT_FALSE(reading.patients.front()->drafts[0].source_labels.empty());
}

// The release is told by any part of a message, its header among them.
TEST(Stu3Message, IsKnownByItsHeaderAlone) {
  const auto reading =
      ReadMessage(R"({"resourceType":"Bundle","type":"message","entry":[
      {"resource":{"resourceType":"MessageHeader","id":"h","meta":{"profile":[
      "https://fhir.nhs.uk/STU3/StructureDefinition/ITK-MessageHeader-2"]}}},
      {"resource":{"resourceType":"Bundle","type":"document","entry":[
      {"resource":{"resourceType":"Patient","id":"p","identifier":[
      {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}},)" +
                  Done("Procedure", R"("code":{"text":"Swab"},"notDone":true)") + "]}}]}");
  ASSERT_TRUE(reading.patients.front());
  ASSERT_EQ(reading.patients.front()->drafts.size(), 1U);
  EXPECT_EQ(reading.patients.front()->drafts[0].entry.intent, record::Intent::kNotDone);
}

// A letter bears its own label, and one about somebody else is not the patient's.
TEST(Stu3Message, ALetterKeepsItsLabelAndWhoseItIs) {
  const auto letter = [](const std::string& section) {
    return ReadMessage(
        Document(Entry(R"({"resourceType":"Composition","id":"c","status":"final","title":"Letter",
        "subject":{"reference":"Patient/p"},"section":[{)" +
                       section + R"("entry":[{"reference":"Binary/b"}]}]})") +
                 "," + Entry(R"({"resourceType":"Binary","id":"b","contentType":"text/plain",
        "content":"RGVhciBkb2N0b3I=","meta":{"security":[{"system":
        "http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}})")));
  };
  const auto own = letter("");
  ASSERT_TRUE(own.patients.front());
  ASSERT_EQ(own.patients.front()->drafts.size(), 1U);
  EXPECT_TRUE(own.patients.front()->drafts[0].entry.document);
  EXPECT_FALSE(own.patients.front()->drafts[0].source_labels.empty());
  const auto others = letter(R"("focus":{"display":"Mother"},)");
  ASSERT_TRUE(others.patients.front());
  EXPECT_FALSE(others.patients.front()->drafts[0].entry.document);
}

// What it refuses is not understood: until an officer has read it nothing of it is shared.
TEST(Stu3Message, AConsentIsAskedAbout) {
  const auto reading = ReadMessage(Document(Entry(R"({"resourceType":"Consent","id":"c",
      "status":"active","patient":{"reference":"Patient/p"},"except":[{"type":"deny"}]})")));
  ASSERT_TRUE(reading.patients.front());
  ASSERT_EQ(reading.patients.front()->preferences.size(), 1U);
  EXPECT_EQ(reading.patients.front()->preferences[0].answer, record::PreferenceAnswer::kUnclear);
}

TEST(Stu3Message, AConsentBesideTheDocumentIsAskedAboutToo) {
  const auto reading =
      ReadMessage(R"({"resourceType":"Bundle","type":"message","entry":[
      {"resource":{"resourceType":"MessageHeader","id":"h"}},
      {"resource":{"resourceType":"Consent","id":"c","status":"active"}},{"resource":)" +
                  Document(Done("Procedure", R"("code":{"text":"Swab"})")) + "}]}");
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

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
  EXPECT_EQ(IntentOf(Done("Procedure", code + R"("notDoneReason":{"text":"Refused"})")),
            Intent::kNotDone)
      << "a reason says it";
  EXPECT_EQ(IntentOf(Done("MedicationAdministration",
                          medicine + R"("reasonNotGiven":[{"text":"Vomiting"}])")),
            Intent::kNotDone);
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

// Its label is its items'. What it calls deleted was taken off the list, and stands.
TEST(Stu3Message, AListOfAnUnknownCodeLabelsAndEndsNothing) {
  const auto list = [](const std::string& more) {
    return ReadMessage(
        Document(Done("Procedure", R"("code":{"text":"Ear syringing"})") +
                 "," + Entry(R"({"resourceType":"List","id":"l","status":"current","mode":"changes",
        "code":{"text":"At discharge"},"subject":{"reference":"Patient/p"},"meta":{"security":[{
        "system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},
        "entry":[{)" + more + R"("item":{"reference":"Procedure/x"}}]})")));
  };
  const auto held = list("");
  ASSERT_TRUE(held.patients.front());
  ASSERT_EQ(held.patients.front()->drafts.size(), 1U);
  EXPECT_FALSE(held.patients.front()->drafts[0].source_labels.empty());
  const auto deleted = list(R"("deleted":true,)");
  ASSERT_TRUE(deleted.patients.front());
  EXPECT_TRUE(deleted.patients.front()->withdrawn_keys.empty());
  EXPECT_EQ(deleted.patients.front()->drafts.size(), 1U);
}

// A document ends another by saying so, where it stands itself, and nothing but a document.
TEST(Stu3Message, ADocumentEndsOnlyAnotherDocument) {
  const auto withdrawn = [](const std::string& status, const std::string& target,
                            const std::string& beside = "") {
    const auto reading = ReadMessage(Document(
        beside + Entry(R"({"resourceType":"DocumentReference","id":"d","status":")" + status +
                       R"(","subject":{"reference":"Patient/p"},"type":{"text":"Letter"},
        "relatesTo":[{"code":"replaces","target":{"reference":")" +
                       target + R"("}}]})")));
    EXPECT_TRUE(reading.patients.front());
    return reading.patients.front()->withdrawn_keys;
  };
  const std::string other = Entry(R"({"resourceType":"DocumentReference","id":"e",
      "status":"current","subject":{"reference":"Patient/p"},"type":{"text":"Letter"}})") +
                            ",";
  using Keys = std::vector<std::string>;
  EXPECT_EQ(withdrawn("current", "DocumentReference/e"), Keys{"DocumentReference/e"});
  EXPECT_EQ(withdrawn("superseded", "DocumentReference/e"), Keys{});
  EXPECT_EQ(withdrawn("current", "DocumentReference/d/_history/1"), Keys{}) << "itself";
  EXPECT_EQ(withdrawn("current", "AllergyIntolerance/e"), Keys{});
  EXPECT_EQ(withdrawn("current", "DocumentReference/e", other), Keys{}) << "it is sent as current";
}

TEST(Stu3Message, ADocumentInErrorEndsNothingElse) {
  const auto reading = ReadMessage(Document(
      Entry(R"({"resourceType":"Composition","id":"c","status":"entered-in-error","title":"Letter",
      "subject":{"reference":"Patient/p"},"identifier":{"system":"urn:s","value":"1"}})") +
      "," + Entry(R"({"resourceType":"DocumentReference","id":"d","status":"current",
      "subject":{"reference":"Patient/p"},"type":{"text":"Letter"},"relatesTo":[{"code":"replaces",
      "target":{"reference":"DocumentReference/old"}}]})")));
  ASSERT_TRUE(reading.patients.front());
  EXPECT_TRUE(reading.patients.front()->withdrawn_keys.empty());
  EXPECT_EQ(reading.patients.front()->replaced_documents,
            std::vector<std::string>{"Composition/urn:s|1"});
}

TEST(Stu3Message, WhetherAMedicineWasTakenIsSaidInAKnownWord) {
  for (const char* const word : {R"("N")", "false", R"(["n"])", R"("no")"}) {
    const auto reading = ReadMessage(Document(
        Done("MedicationStatement",
             R"("medicationCodeableConcept":{"text":"Warfarin"},"taken":)" + std::string(word))));
    ASSERT_TRUE(reading.patients.front()) << word;
    EXPECT_TRUE(reading.patients.front()->drafts.empty()) << word;
  }
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

// A number that is written otherwise is the same person's.
TEST(Stu3Message, AConsentBesideTheDocumentIsTheirsHoweverTheirNumberIsWritten) {
  const auto reading =
      ReadMessage(R"({"resourceType":"Bundle","type":"message","entry":[
      {"resource":{"resourceType":"MessageHeader","id":"h"}},
      {"resource":{"resourceType":"Consent","id":"c","status":"active","patient":{"identifier":{
      "system":"https://fhir.nhs.uk/Id/nhs-number","value":"999 000 0018"}}}},{"resource":)" +
                  Document(Done("Procedure", R"("code":{"text":"Swab"})")) + "}]}");
  ASSERT_TRUE(reading.patients.front());
  EXPECT_EQ(reading.patients.front()->preferences.size(), 1U);
}

TEST(Stu3Message, AConsentIsAskedOfNobodyElse) {
  const std::string others = R"("patient":{"identifier":{"system":
      "https://fhir.nhs.uk/Id/nhs-number","value":"9990000026"}})";
  const std::string consent =
      R"({"resourceType":"Consent","id":"c","status":"active",)" + others + "}";
  const std::string condition = R"({"resourceType":"Condition","id":"k","code":{"text":"Asthma"},
      "subject":{"reference":"Patient/p"},"contained":[)" +
                                consent + "]}";
  const std::string beside = R"({"resourceType":"Bundle","type":"message","entry":[
      {"resource":{"resourceType":"MessageHeader","id":"h"}},{"resource":)" +
                             consent + R"(},{"resource":)" + Document(Entry(condition)) + "}]}";
  const auto reading = ReadMessage(beside);
  ASSERT_TRUE(reading.patients.front());
  EXPECT_TRUE(reading.patients.front()->preferences.empty());
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

// Whether what R4 says is so, still so, and so of the patient (safety.md 10).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "community/adapter.h"

namespace milecastle::community {
namespace {

using record::ClinicalStatus;
using record::Intent;
using record::Subject;
using record::Verification;

std::string Bundle(std::string_view entries) {
  return R"({"resourceType":"Bundle","type":"document","entry":[)"
         R"({"resource":{"resourceType":"Patient","id":"p","identifier":[)"
         R"({"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}})" +
         std::string(entries) + "]}";
}

std::string Resource(std::string_view type, std::string_view members, std::string_view id = "x") {
  return R"(,{"resource":{"resourceType":")" + std::string(type) + R"(","id":")" + std::string(id) +
         R"(","subject":{"reference":"Patient/p"},)" + R"("patient":{"reference":"Patient/p"},)" +
         std::string(members) + "}}";
}

record::Contribution Carried(std::string_view entries) {
  auto reading = MakeAdapter()->Read(Bundle(entries), port::Feed{});
  EXPECT_TRUE(reading.patients.front().has_value());
  return reading.patients.front() ? std::move(*reading.patients.front()) : record::Contribution{};
}

const record::Entry* Find(const record::Contribution& contribution, std::string_view key) {
  for (const auto& draft : contribution.drafts) {
    if (draft.source_key.starts_with(key)) return &draft.entry;
  }
  return nullptr;
}

std::optional<record::Entry> EntryOf(std::string_view type, std::string_view members) {
  const auto carried = Carried(Resource(type, members));
  const record::Entry* const entry = Find(carried, std::string(type) + "/x");
  return entry == nullptr ? std::nullopt : std::optional(*entry);
}

bool Lists(const record::Contribution& contribution, std::string_view words) {
  return std::any_of(contribution.not_carried.begin(), contribution.not_carried.end(),
                     [&](const auto& line) { return line.why.find(words) != std::string::npos; });
}

std::string Verified(std::string_view concepts) {
  return R"("code":{"text":"Penicillin"},"verificationStatus":{)" + std::string(concepts) + "}";
}

TEST(CommunityStanding, TheStrictestOfAllCodingsOfAStatusCounts) {
  for (const char* refuted :
       {R"("coding":[{"system":"https://example.org","code":"DISPROVED"},{"code":"refuted"}])",
        R"("coding":[{"code":"confirmed"},{"code":"Refuted"}])", R"("text":"Refuted")",
        R"("coding":[{"system":"http://snomed.info/sct","code":"410516002"}])",
        R"("coding":[{"code":"confirmed"}],"text":"Refuted")"}) {
    const auto entry = EntryOf("AllergyIntolerance", Verified(refuted));
    ASSERT_TRUE(entry) << refuted;
    EXPECT_EQ(entry->verification, Verification::kRefuted) << refuted;
  }
  for (const char* error :
       {R"("coding":[{"code":"X"},{"code":"entered-in-error"}])", R"("text":"Entered in Error")"}) {
    const auto entry = EntryOf("Condition", Verified(error));
    ASSERT_TRUE(entry) << error;
    EXPECT_EQ(entry->verification, Verification::kEnteredInError) << error;
  }
  const auto clinical = [](std::string_view concepts) {
    const auto entry = EntryOf(
        "Condition", R"("code":{"text":"c"},"clinicalStatus":{)" + std::string(concepts) + "}");
    return entry ? entry->status : ClinicalStatus::kActive;
  };
  EXPECT_EQ(clinical(R"("coding":[{"code":"73425007"},{"code":"inactive"}])"),
            ClinicalStatus::kInactive);
  EXPECT_EQ(clinical(R"("coding":[{"code":"resolved"},{"code":"active"}])"),
            ClinicalStatus::kResolved);
  EXPECT_EQ(clinical(R"("coding":[{"code":"X"}],"text":"Inactive")"), ClinicalStatus::kInactive);
}

TEST(CommunityStanding, AVerificationInNoKnownWordMakesNoFact) {
  for (const char* unknown : {R"("coding":[{"code":"DISPROVED"}])", R"("text":"struck out")"}) {
    const auto carried = Carried(Resource("AllergyIntolerance", Verified(unknown)));
    EXPECT_TRUE(carried.drafts.empty()) << unknown;
    EXPECT_TRUE(Lists(carried, "verification status")) << unknown;
  }
  EXPECT_TRUE(EntryOf("AllergyIntolerance", R"("code":{"text":"Penicillin"})"));
}

// A narrative that was made of such an entry alone is all that there is of it.
TEST(CommunityStanding, TheNarrativeOfWhatMakesNoFactIsKept) {
  const auto carried = Carried(
      R"(,{"resource":{"resourceType":"Composition","id":"c","status":"final",
          "subject":{"reference":"Patient/p"},"section":[{"title":"Allergies",
          "entry":[{"reference":"AllergyIntolerance/x"}],
          "text":{"status":"generated","div":"<div>Penicillin, disproved</div>"}}]}})" +
      Resource("AllergyIntolerance", Verified(R"("coding":[{"code":"DISPROVED"}])")));
  const record::Entry* const words = Find(carried, "Composition/c/section");
  ASSERT_NE(words, nullptr);
  EXPECT_THAT(words->free_text, testing::ElementsAre("Penicillin, disproved"));
}

// A letter of the patient's with one section, with a focus or what else it has.
std::string Letter(std::string_view section) {
  return R"(,{"resource":{"resourceType":"Composition","id":"c","status":"final","subject":{)"
         R"("reference":"Patient/p"},"contained":[{"resourceType":"RelatedPerson","id":"baby",)"
         R"("patient":{"reference":"Patient/p"},"relationship":[{"coding":[{"code":"CHILD"}]}]}],)"
         R"("section":[)" +
         std::string(section) + "]}}";
}

constexpr std::string_view kWords = R"("text":{"status":"additional","div":"<div>Words</div>"})";

std::string Diagnoses(std::string_view focus) {
  return Letter(R"({"title":"Diagnoses",)" + std::string(focus) + std::string(kWords) +
                R"(,"entry":[{"reference":"Condition/x"},{"reference":"AllergyIntolerance/x"}]})") +
         Resource("Condition", R"("code":{"text":"Imagined syndrome"})") +
         Resource("AllergyIntolerance", R"("code":{"coding":[{"code":"716186003"}]})");
}

TEST(CommunityStanding, ASectionAboutSomebodyElseIsNotOfThePatient) {
  for (const auto& [focus, subject] :
       {std::pair{R"("focus":{"reference":"#baby"},)", Subject::kFamily},
        {R"("focus":{"reference":"Patient/donor","display":"A donor"},)", Subject::kOther},
        {R"("focus":{"display":"Baby"},)", Subject::kOther},
        {R"("focus":{},)", Subject::kOther}}) {
    const auto carried = Carried(Diagnoses(focus));
    for (const char* key : {"Composition/c/section", "Condition/x", "AllergyIntolerance/x"}) {
      const record::Entry* const entry = Find(carried, key);
      ASSERT_NE(entry, nullptr) << focus << key;
      EXPECT_EQ(entry->subject, subject) << focus << key;
      EXPECT_EQ(entry->kind, record::Kind::kStatement) << focus << key;
      EXPECT_EQ(entry->section, record::Section::kFamilyHistory) << focus << key;
    }
    EXPECT_TRUE(carried.statements.empty()) << "none known is said of somebody else" << focus;
  }
}

// "Ended allergies: none" is no "no known allergies".
TEST(CommunityStanding, APartOfASectionThatIsEmptySaysNothingOfTheSection) {
  const auto said = [](const std::string& heading) {
    return Carried(Letter("{" + heading + R"("emptyReason":{"coding":[{"code":"nilknown"}]}})"));
  };
  for (const char* part :
       {R"("title":"Ended allergies",)", R"("title":"Discontinued medications",)",
        R"("title":"Diagnoses",)", R"("code":{"text":"Ended allergies"},)",
        R"("title":"Ended allergies","code":{"coding":[{"code":"886921000000105"}]},)"}) {
    EXPECT_TRUE(said(part).statements.empty()) << part;
    EXPECT_TRUE(Lists(said(part), "why a section is empty")) << part;
  }
  for (const char* whole :
       {R"("title":"Allergies",)", R"("code":{"coding":[{"code":"48765-2"}]},)",
        R"("title":"My allergies","code":{"coding":[{"code":"886921000000105"}]},)",
        R"("code":{"coding":[{"code":"allergies-and-adverse-reactions"}]},)"}) {
    ASSERT_EQ(said(whole).statements.size(), 1U) << whole;
    EXPECT_EQ(said(whole).statements[0].section, record::Section::kAllergies) << whole;
  }
}

TEST(CommunityStanding, ASectionAboutThePatientIsTheirs) {
  for (const char* focus :
       {"", R"("focus":{"reference":"Patient/p"},)",
        R"("focus":{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number",)"
        R"("value":"9990000018"},"reference":"Patient/p"},)"}) {
    const auto carried = Carried(Diagnoses(focus));
    ASSERT_NE(Find(carried, "Condition/x"), nullptr) << focus;
    EXPECT_EQ(Find(carried, "Condition/x")->subject, Subject::kPatient) << focus;
    EXPECT_EQ(Find(carried, "Condition/x")->kind, record::Kind::kProblem) << focus;
    EXPECT_EQ(carried.statements.size(), 1U) << focus;
  }
}

TEST(CommunityStanding, SectionsWithinOneAboutSomebodyElseAreAboutThemToo) {
  const auto carried = Carried(
      Letter(R"({"title":"Baby","focus":{"display":"Baby"},"section":[{"title":"Diagnoses",)" +
             std::string(kWords) + R"(,"entry":[{"reference":"DiagnosticReport/x"}]},)" +
             R"({"title":"Allergies","emptyReason":{"coding":[{"code":"nilknown"}]}}]})") +
      Resource("DiagnosticReport",
               R"("code":{"text":"Panel"},"result":[{"reference":"Observation/x"}])") +
      Resource(
          "Observation",
          R"("code":{"text":"Glucose"},"component":[{"code":{"text":"part"},"valueInteger":1}])"));
  for (const char* key :
       {"Composition/c/section", "DiagnosticReport/x", "Observation/x", "Observation/x/part"}) {
    ASSERT_NE(Find(carried, key), nullptr) << key;
    EXPECT_EQ(Find(carried, key)->subject, Subject::kOther) << key;
  }
  EXPECT_TRUE(carried.statements.empty());
  EXPECT_TRUE(Lists(carried, "about somebody else"));
}

TEST(CommunityStanding, WhatIsContainedIsOfWhomeverItsOwnerIs) {
  const auto carried =
      Carried(Letter(R"({"title":"Baby","focus":{"display":"Baby"},"entry":[{"reference":)"
                     R"("Procedure/x"}]})") +
              Resource("Procedure", R"("status":"completed","code":{"text":"Screening"},)"
                                    R"("contained":[{"resourceType":"Observation","id":"o",)"
                                    R"("subject":{"reference":"Patient/p"},)"
                                    R"("code":{"text":"Glucose"}}])"));
  ASSERT_NE(Find(carried, "Procedure/x"), nullptr);
  for (const auto& draft : carried.drafts) {
    if (draft.entry.what.text != "Screening" && draft.entry.what.text != "Glucose") continue;
    EXPECT_EQ(draft.entry.subject, Subject::kOther) << draft.entry.what.text;
  }
}

// A pharmacy's notification is completed, whatever became of the item.
TEST(CommunityStanding, WhatAPharmacyDidNotHandOverIsNotDone) {
  const auto dispense = [](std::string_view code) {
    return EntryOf(
        "MedicationDispense",
        R"("status":"completed","medicationCodeableConcept":{"text":"x"},"type":{"coding":[{
                   "system":"https://fhir.nhs.uk/CodeSystem/medicationdispense-type","code":")" +
            std::string(code) + R"(","display":"Item fully dispensed"}]})");
  };
  for (const char* code : {"0001", "0003", "9999"}) {
    EXPECT_EQ(dispense(code)->intent, Intent::kDone) << code;
  }
  for (const char* code : {"0002", "0004", "0005", "0006"}) {
    EXPECT_EQ(dispense(code)->intent, Intent::kNotDone) << code;
    EXPECT_NE(dispense(code)->status, ClinicalStatus::kCompleted) << code;
  }
  for (const char* code : {"0007", "0008"}) {
    EXPECT_EQ(dispense(code)->intent, Intent::kPlanned) << code;
  }
}

TEST(CommunityStanding, WhatEndedAndIsSaidToBeActiveIsNeither) {
  const std::string active =
      R"("code":{"text":"x"},"clinicalStatus":{"coding":[{"code":"active"}]})";
  const std::string end = R"(,"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/)"
                          R"(Extension-UKCore-AllergyIntoleranceEnd","extension":[{"url":)";
  for (const auto& [type, members] :
       {std::pair<std::string, std::string>{"Condition", active + R"(,"abatementDateTime":"2015")"},
        {"Condition", active + R"(,"abatementString":"in childhood")"},
        {"Condition", active + R"(,"abatementAge":{"value":12,"unit":"a"})"},
        {"AllergyIntolerance", active + end + R"("endDate","valueDateTime":"2020-01-01"}]}])"},
        {"AllergyIntolerance", active + end + R"("reasonEnded","valueString":"Tolerated"}]}])"},
        {"AllergyIntolerance",
         R"("code":{"text":"x"},"clinicalStatus":{"coding":[{"code":"active"}])" + end +
             R"("endDate","valueDateTime":"2020-01-01"}]}]})"},
        {"AllergyIntolerance",
         R"("code":{"text":"x"},"clinicalStatus":{"coding":[{"code":"active"}])" + end +
             R"("reasonEnded","valueString":"Never had it"}]}]})"},
        {"Flag", R"("status":"active","code":{"text":"x"},"period":{"end":"2021-01-01"})"}}) {
    const auto entry = EntryOf(type, members);
    ASSERT_TRUE(entry) << members;
    EXPECT_EQ(entry->status, ClinicalStatus::kUnstated) << members;
    EXPECT_EQ(entry->status_original, "active") << members;
  }
  EXPECT_EQ(EntryOf("Condition", active)->status, ClinicalStatus::kActive);
  // A course that is to end may be active until then.
  EXPECT_EQ(
      EntryOf("MedicationStatement", R"("status":"active","effectivePeriod":{"end":"2030-01-01"})")
          ->status,
      ClinicalStatus::kActive);
}

// Of two ranges each says whose it is (safety.md 11).
TEST(CommunitySafety, AReferenceRangeSaysForWhomItIs) {
  const auto value =
      *EntryOf("Observation", R"("valueQuantity":{"value":120,"unit":"g/L"},"referenceRange":[
      {"low":{"value":130},"high":{"value":180},"appliesTo":[{"text":"Male"}]},
      {"low":{"value":115},"high":{"value":165},"type":{"text":"Normal"},"appliesTo":[
        {"coding":[{"code":"248152002","display":"Female"}]},{"text":"pregnant"}],
       "age":{"low":{"value":18,"unit":"a"}},"text":"first trimester"}])")
           ->value;
  EXPECT_EQ(
      value.reference_range,
      "130 to 180 (for Male); Normal: 115 to 165 (for Female, pregnant; age from 18 a), first "
      "trimester");
}

// The most of a dose is part of what was prescribed (safety.md 11).
TEST(CommunityDoses, SayTheMostOfThem) {
  const std::string most =
      R"("maxDosePerPeriod":{"numerator":{"value":4,"unit":"g"},"denominator":{"value":24,)"
      R"("unit":"h"}},"maxDosePerAdministration":{"value":1,"unit":"g"},)"
      R"("maxDosePerLifetime":{"value":300,"unit":"g"})";
  for (const auto& [type, dosage] :
       {std::pair{"MedicationStatement", "dosage"}, {"MedicationRequest", "dosageInstruction"}}) {
    const auto entry = EntryOf(type, R"("medicationCodeableConcept":{"text":"x"},")" +
                                         std::string(dosage) + R"(":[{)" + most + "}]");
    ASSERT_TRUE(entry);
    std::string said;
    for (const auto& detail : entry->details) {
      if (detail.name == "maximum dose") said += detail.text + "; ";
    }
    EXPECT_EQ(said, "at most 4 g in 24 h; at most 1 g at a time; at most 300 g in a lifetime; ");
  }
}

TEST(CommunityStanding, AnAppointmentThatThePatientDeclinedIsNotPlanned) {
  const auto read = [](std::string_view answer) {
    return Carried(Resource("Appointment", R"("status":"booked","start":"2026-12-01T10:00:00Z",)"
                                           R"("participant":[{"actor":{"reference":"Patient/p"},)"
                                           R"("status":")" +
                                               std::string(answer) + R"("}])"));
  };
  const auto declined = read("declined");
  ASSERT_NE(Find(declined, "Appointment/x"), nullptr);
  EXPECT_EQ(Find(declined, "Appointment/x")->intent, record::Intent::kNotDone);
  EXPECT_NE(Find(declined, "Appointment/x")->status, ClinicalStatus::kPlanned);
  EXPECT_FALSE(declined.encounter) << "no relationship comes of it";
  const auto accepted = read("accepted");
  EXPECT_EQ(Find(accepted, "Appointment/x")->intent, record::Intent::kPlanned);
  EXPECT_TRUE(accepted.encounter);
}

TEST(CommunityDocuments, OneInABinaryThatWasCutSaysSo) {
  const auto is_cut = [](std::string_view size) {
    const auto read =
        Carried(Resource("DocumentReference", R"("content":[{"attachment":{"size":)" +
                                                  std::string(size) + R"(,"url":"Binary/b"}}])") +
                R"(,{"resource":{"resourceType":"Binary","id":"b","data":"QUJD"}})");
    const record::Entry* const entry = Find(read, "DocumentReference/x");
    EXPECT_TRUE(entry != nullptr && entry->document) << size;
    return entry != nullptr && entry->document && entry->document->truncated;
  };
  EXPECT_TRUE(is_cut("900"));
  EXPECT_TRUE(is_cut(R"("99999999999999999999")"));
  EXPECT_FALSE(is_cut("3"));
  EXPECT_FALSE(is_cut(R"("?")")) << "no size";
}

// What a document is, is said by its bytes (record/media.h); one that was cut says so.
TEST(CommunityDocuments, WhatCanRunIsHandedOnAsBytesAndACutPdfSaysSo) {
  const auto letter = [](std::string_view type, std::string_view base64) {
    const std::string data =
        R"("contentType":")" + std::string(type) + R"(","data":")" + std::string(base64) + "\"";
    return Carried(Resource("DocumentReference",
                            R"("status":"current","content":[{"attachment":{)" + data + "}}]"));
  };
  const auto script = letter("text/html", "PHNjcmlwdD4xPC9zY3JpcHQ+");
  ASSERT_TRUE(Find(script, "DocumentReference/x")->document);
  EXPECT_EQ(Find(script, "DocumentReference/x")->document->media_type, "application/octet-stream");
  EXPECT_TRUE(Lists(script, "one that can run"));
  const auto cut = letter("application/pdf", "JVBERi0xLjcgaGFsZg==");
  EXPECT_TRUE(Find(cut, "DocumentReference/x")->document->truncated);
  const auto in_lines = letter("text/plain", R"(d29y\r\n  ZHM=)");
  ASSERT_TRUE(Find(in_lines, "DocumentReference/x")->document) << "base64Binary may be broken";
  EXPECT_EQ(Find(in_lines, "DocumentReference/x")->document->bytes, "words");
  const auto in_binary = Carried(
      Resource("DocumentReference", R"("status":"current","content":[{"attachment":{)"
                                    R"("url":"Binary/b","contentType":"image/svg+xml"}}])") +
      R"(,{"resource":{"resourceType":"Binary","id":"b","contentType":"image/svg+xml",)"
      R"("data":"PHN2Zz48L3N2Zz4="}})");
  ASSERT_TRUE(Find(in_binary, "DocumentReference/x")->document);
  EXPECT_EQ(Find(in_binary, "DocumentReference/x")->document->media_type,
            "application/octet-stream");
}

// Safety rule 6: without it the source reads as if it had said nothing.
TEST(CommunitySafety, WhatHasNoReaderIsSaidToBeThere) {
  const auto diet = EntryOf("NutritionOrder", R"("status":"active","intent":"order",)"
                                              R"("excludeFoodModifier":[{"text":"Peanut"}])");
  ASSERT_TRUE(diet);
  EXPECT_THAT(diet->what.text, testing::HasSubstr("not all of it is shown here"));
  EXPECT_EQ(diet->section, record::Section::kDocuments);
  EXPECT_EQ(diet->intent, record::Intent::kOrdered);
  EXPECT_EQ(EntryOf("DeviceRequest", R"("status":"entered-in-error")")->verification,
            Verification::kEnteredInError);
  EXPECT_FALSE(EntryOf("Basilisk", R"("status":"active")")) << "nobody knows what it is";
}

TEST(CommunitySafety, TheNarrativeOfWhatHasNoReaderIsKept) {
  const auto carried = Carried(
      R"(,{"resource":{"resourceType":"Composition","id":"c","status":"final",
          "subject":{"reference":"Patient/p"},"section":[{"title":"Plan",
          "entry":[{"reference":"NutritionOrder/x"}],
          "text":{"status":"generated","div":"<div>No peanuts</div>"}}]}})" +
      Resource("NutritionOrder", R"("status":"active")"));
  const record::Entry* const words = Find(carried, "Composition/c/section");
  ASSERT_NE(words, nullptr);
  EXPECT_THAT(words->free_text, testing::ElementsAre("No peanuts"));
}

}  // namespace
}  // namespace milecastle::community

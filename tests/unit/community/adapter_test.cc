#include "community/adapter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "kit/print.h"

namespace milecastle::community {
namespace {

constexpr std::string_view kPatient =
    R"({"resource":{"resourceType":"Patient","id":"p","identifier":[
        {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}})";

std::string Bundle(std::string_view entries, std::string_view type = "collection") {
  std::string bundle = R"({"resourceType":"Bundle","type":")";
  return bundle.append(type).append(R"(","entry":[)").append(kPatient).append(entries) + "]}";
}

std::string Resource(std::string_view type, std::string_view members) {
  std::string text = R"(,{"resource":{"resourceType":")";
  return text.append(type)
             .append(R"(","id":"x","subject":{"reference":"Patient/p"},)")
             .append(R"("patient":{"reference":"Patient/p"})")
             .append(members.empty() ? "" : ",")
             .append(members) +
         "}}";
}

port::Reading ReadMessage(std::string_view message, port::Feed feed = {}) {
  return MakeAdapter()->Read(message, feed);
}

base::Error ErrorOf(std::string_view message, port::Feed feed = {}) {
  const auto reading = ReadMessage(message, std::move(feed));
  EXPECT_FALSE(reading.patients.front().has_value());
  return reading.patients.front() ? base::Error{} : reading.patients.front().error();
}

record::Contribution Carried(std::string_view message) {
  auto reading = ReadMessage(message);
  EXPECT_TRUE(reading.patients.front().has_value());
  return reading.patients.front() ? std::move(*reading.patients.front()) : record::Contribution{};
}

record::Entry EntryOf(std::string_view type, std::string_view members) {
  for (const auto& draft : Carried(Bundle(Resource(type, members))).drafts) {
    if (draft.source_key.starts_with(std::string(type) + "/")) return draft.entry;
  }
  ADD_FAILURE() << "no entry of a " << type;
  return {};
}

TEST(CommunityAdapter, RefusesWhatIsNoFhirJson) {
  EXPECT_EQ(ErrorOf("{\"resourceType\":").id, base::ErrorId::kMessageUnparseable);
  for (const char* json : {"[]", "7", "{}", R"({"resourceType":{}})"}) {
    EXPECT_EQ(ErrorOf(json).id, base::ErrorId::kMessageUnparseable) << json;
  }
}

TEST(CommunityAdapter, RepeatsNoTypeThatItDoesNotKnow) {
  const base::Error error = ErrorOf(R"({"resourceType":"HADRIAN"})");
  EXPECT_EQ(error.id, base::ErrorId::kMessageUnsupported);
  EXPECT_EQ(base::Describe(error).find("HADRIAN"), std::string::npos);
  for (const auto& line : Carried(Bundle(Resource("HADRIAN", ""))).not_carried) {
    EXPECT_EQ(line.why.find("HADRIAN"), std::string::npos);
  }
}

TEST(CommunityAdapter, NamesATypeWithoutAReader) {
  const auto lines = Carried(Bundle(Resource("GuidanceResponse", ""))).not_carried;
  EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
    return line.why.find("GuidanceResponse") != std::string::npos;
  }));
}

// Two records that their source links are asked about and not merged.
TEST(CommunityAdapter, APatientWhomTheSourceReplacesIsAskedAbout) {
  const auto reviews = [](std::string_view reference, std::string_view type) {
    return Carried(R"({"resourceType":"Patient","id":"p","active":false,"identifier":[{
        "system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],"link":[{"other":{
        "reference":")" +
                   std::string(reference) + R"("},"type":")" + std::string(type) + "\"}]}")
        .reviews;
  };
  for (const char* type : {"replaced-by", "replaces", "refer", "seealso"}) {
    const auto asked = reviews("Patient/q", type);
    ASSERT_EQ(asked.size(), 1U) << type;
    EXPECT_EQ(asked[0].kind, record::ReviewKind::kPatientsLinked);
  }
  EXPECT_TRUE(reviews("RelatedPerson/q", "seealso").empty());
}

// A sender's own error must not end in somebody's audit of another message.
TEST(CommunityAdapter, TakesNoMoreOfAMessagesWordsForItsEventThanACode) {
  const auto event = [](std::string_view code) {
    return ReadMessage(R"({"resourceType":"Bundle","type":"message","entry":[{"resource":{
        "resourceType":"MessageHeader","eventCoding":{"code":")" +
                       std::string(code) + R"("}}}]})")
        .envelope.event;
  };
  EXPECT_EQ(event("servicerequest-request"), "servicerequest-request");
  EXPECT_EQ(event("Rose Meadow, 9990000018"), "fhir-message");
}

TEST(CommunityAdapter, AResourceAloneIsNamedByItsBytes) {
  const std::string one = std::string(kPatient).substr(12, kPatient.size() - 13);
  EXPECT_TRUE(ReadMessage(one).envelope.control_id.starts_with("sha256:"));
  EXPECT_EQ(Carried(one).patient.nhs_number_as_sent, "9990000018");
}

TEST(CommunityAdapter, RefusesMorePatientsThanTheFeedAllows) {
  port::Feed feed;
  feed.patient_limit = 2;
  std::string entries;
  for (int i = 0; i < 3; ++i) {
    entries += R"(,{"resource":{"resourceType":"Patient","id":"q)" + std::to_string(i) + R"("}})";
  }
  EXPECT_EQ(ErrorOf(Bundle(entries, "searchset"), feed).id, base::ErrorId::kMessageTooLarge);
}

// Patients who are named by a number alone count as well.
TEST(CommunityAdapter, RefusesMoreNumbersThanTheFeedAllows) {
  port::Feed feed;
  feed.patient_limit = 2;
  std::string entries;
  for (const char* number : {"9990000026", "9990000034", "9990000042"}) {
    entries += R"(,{"resource":{"resourceType":"Condition","subject":{"identifier":{
        "system":"https://fhir.nhs.uk/Id/nhs-number","value":")" +
               std::string(number) + R"("}}}})";
  }
  EXPECT_EQ(ErrorOf(Bundle(entries, "searchset"), feed).id, base::ErrorId::kMessageTooLarge);
}

TEST(CommunityAdapter, RefusesABundleThatIsMadeToBlowUp) {
  std::string performers = R"({"display":"a"})";
  std::string components = R"({"code":{"text":"c"}})";
  for (int i = 0; i < 2000; ++i) {
    performers += R"(,{"display":")" + std::to_string(i) + R"("})";
    components += R"(,{"code":{"text":")" + std::to_string(i) + R"("}})";
  }
  EXPECT_EQ(ErrorOf(Bundle(Resource("Observation", R"("performer":[)" + performers +
                                                       R"(],"component":[)" + components + "]")))
                .id,
            base::ErrorId::kMessageTooLarge);
}

// Each of many references would read through the whole of what has no id, were it not kept.
TEST(CommunityAdapter, ReadsWhatHasNoIdOnceHoweverOftenItIsNamed) {
  std::string bundle = Bundle(R"(,{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Condition",
      "subject":{"reference":"Patient/p"},"code":{"text":")" +
                              std::string(1 << 20, 'x') + R"("}}})" + Resource("Procedure", [] {
                                std::string all = R"("reasonReference":[)";
                                for (int i = 0; i < 4'000; ++i) {
                                  all += i == 0 ? "" : ",";
                                  all += R"({"reference":"urn:uuid:1"})";
                                }
                                return all + "]";
                              }()));
  EXPECT_EQ(Carried(bundle).drafts.size(), 2U);
}

// Nothing of one patient in another's contribution, by whichever way it is referred to.
TEST(CommunityAdapter, ReadsNothingOfOnePatientForAnother) {
  const auto reading = ReadMessage(Bundle(
      R"(,{"resource":{"resourceType":"Patient","id":"q","name":[{"family":"HADRIAN"}]}},
          {"resource":{"resourceType":"RelatedPerson","id":"r","patient":{"reference":"Patient/q"},
            "name":[{"family":"HADRIAN"}]}},
          {"resource":{"resourceType":"Medication","id":"m","code":{"text":"shared"}}},
          {"resource":{"resourceType":"MedicationStatement","id":"s","subject":{"reference":"Patient/p"},
            "medicationReference":{"reference":"Medication/m"},
            "informationSource":{"reference":"RelatedPerson/r"},
            "reasonReference":[{"reference":"Condition/c"}]}},
          {"resource":{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/q"},
            "code":{"text":"HADRIAN"}}},
          {"resource":{"resourceType":"DiagnosticReport","id":"d","subject":{"reference":"Patient/p"},
            "result":[{"reference":"Observation/o"}],"performer":[{"reference":"Patient/q"}]}},
          {"resource":{"resourceType":"Observation","id":"o","subject":{"reference":"Patient/q"},
            "code":{"text":"HADRIAN"}}},
          {"resource":{"resourceType":"List","id":"l","status":"current","mode":"snapshot",
            "code":{"coding":[{"code":"717711000000103"}]},"subject":{"reference":"Patient/p"},
            "entry":[{"item":{"reference":"Condition/c"}}]}})",
      "searchset"));
  ASSERT_EQ(reading.patients.size(), 2U);
  const std::string first = kit::Print(*reading.patients[0]);
  EXPECT_EQ(first.find("HADRIAN"), std::string::npos) << first;
  EXPECT_EQ(first.find("Condition/c"), std::string::npos) << first;
  EXPECT_NE(first.find("shared"), std::string::npos) << first;
  EXPECT_EQ(first.find("snapshot of"), std::string::npos) << first;
  const std::string second = kit::Print(*reading.patients[1]);
  EXPECT_EQ(second.find("MedicationStatement"), std::string::npos) << second;
}

// Two servers, each with a patient 1: an allergy that says patient 1 is that of its own server's.
TEST(CommunitySafety, AReferenceIsReadOnItsOwnServer) {
  const auto entry = [](std::string_view server, std::string_view name, const std::string& more) {
    return R"({"fullUrl":"https://)" + std::string(server) + ".example/" + std::string(name) +
           R"(","resource":)" + more + "}";
  };
  const auto patient = [](std::string_view number, std::string_view family) {
    return R"({"resourceType":"Patient","id":"1","name":[{"family":")" + std::string(family) +
           R"("}],"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":")" +
           std::string(number) + R"("}]})";
  };
  const auto allergy = [](std::string_view id, std::string_view text) {
    return R"({"resourceType":"AllergyIntolerance","id":")" + std::string(id) +
           R"(","patient":{"reference":"Patient/1"},"code":{"text":")" + std::string(text) +
           R"("}})";
  };
  const auto reading =
      ReadMessage(R"({"resourceType":"Bundle","id":"b","type":"collection","entry":[)" +
                  entry("a", "Patient/1", patient("9990000018", "Hadrian")) + "," +
                  entry("b", "Patient/1", patient("9990000026", "Marcius")) + "," +
                  entry("b", "AllergyIntolerance/5", allergy("5", "of b")) + "," +
                  entry("a", "AllergyIntolerance/6", allergy("6", "of a")) + "]}");
  ASSERT_EQ(reading.patients.size(), 2U);
  for (const auto& [number, own] : {std::pair(0U, "of a"), std::pair(1U, "of b")}) {
    const auto& drafts = reading.patients[number]->drafts;
    ASSERT_EQ(drafts.size(), 1U);
    EXPECT_EQ(drafts.front().entry.what.text, own);
  }
}

TEST(CommunitySafety, TwoPatientsByOneNameAreRefused) {
  const auto reading = ReadMessage(
      Bundle(R"(,{"resource":{"resourceType":"Patient","id":"p","name":[{"family":"HADRIAN"}]}})"));
  ASSERT_EQ(reading.patients.size(), 1U);
  ASSERT_FALSE(reading.patients.front());
  EXPECT_EQ(reading.patients.front().error().place, "entry[1].resource");
}

TEST(CommunityAdapter, WhatIsContainedAndNamesSomebodyElseIsNotRead) {
  const auto reading = ReadMessage(Bundle(R"(,{"resource":{"resourceType":"Patient","id":"q"}})" +
                                              Resource("Condition", R"("contained":[
            {"resourceType":"Observation","id":"1","subject":{"reference":"Patient/q"},
             "code":{"text":"HADRIAN"}},
            {"resourceType":"Observation","id":"2","subject":{"identifier":{
             "system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000034"}},
             "code":{"text":"HADRIAN"}}])"),
                                          "searchset"));
  ASSERT_EQ(reading.patients.size(), 2U);
  for (const auto& patient : reading.patients) {
    EXPECT_EQ(kit::Print(*patient).find("HADRIAN"), std::string::npos);
  }
}

TEST(CommunityAdapter, ALabelOfAMessageHoldsForTheDocumentInIt) {
  const auto carried = Carried(
      R"({"resourceType":"Bundle","type":"message","meta":{"security":[{"system":
        "http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]},"entry":[
        {"resource":{"resourceType":"MessageHeader"}},{"resource":)" +
      Bundle(Resource("Condition", ""), "document") + "}]}");
  ASSERT_EQ(carried.drafts.size(), 1U);
  EXPECT_EQ(carried.drafts[0].source_labels, std::vector<std::string>{"confidentiality:V"});
}

TEST(CommunityAdapter, AnEncounterThatIsNotUnderstoodMakesNoRelationship) {
  EXPECT_TRUE(Carried(Bundle(Resource("Encounter", R"("status":"in-progress")"))).encounter);
  EXPECT_FALSE(
      Carried(Bundle(Resource("Encounter",
                              R"("status":"in-progress","modifierExtension":[{"url":"u"}])")))
          .encounter);
}

// Safety rule 6: a label narrows what may be shown, whoever wrote it and wherever it stands.
TEST(CommunitySafety, ALabelOfADocumentHoldsForEverythingInIt) {
  const auto carried = Carried(Bundle(
      R"(,{"resource":{"resourceType":"Composition","status":"final","confidentiality":"V",
          "subject":{"reference":"Patient/p"},"section":[{"title":"Weather","text":{
          "status":"generated","div":"<div>rain</div>"}}]}})" +
          Resource("Condition", R"("code":{"text":"c"})"),
      "document"));
  ASSERT_EQ(carried.drafts.size(), 3U);
  for (const auto& draft : carried.drafts) {
    EXPECT_EQ(draft.source_labels, std::vector<std::string>{"confidentiality:V"});
  }
}

// Safety rule 7: none known is said by a source; an error or a partial denial never says it.
TEST(CommunitySafety, OnlyAnAssertionOfNoneKnownSaysThatThereAreNone) {
  const auto statements = [](std::string_view resource) {
    return Carried(Bundle(resource)).statements;
  };
  const auto none =
      statements(Resource("AllergyIntolerance", R"("code":{"coding":[{"code":"716186003"}]})"));
  ASSERT_EQ(none.size(), 1U);
  EXPECT_EQ(none[0].saying, record::SectionSaying::kNoneKnown);
  EXPECT_TRUE(
      statements(Resource("AllergyIntolerance", R"("code":{"coding":[{"code":"409137002"}]})"))
          .empty());
  EXPECT_TRUE(statements(Resource("AllergyIntolerance",
                                  R"("verificationStatus":{"coding":[{"code":"entered-in-error"}]},
                                     "code":{"coding":[{"code":"716186003"}]})"))
                  .empty());
  for (const auto& statement : statements(
           R"(,{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"error"}]}})")) {
    EXPECT_EQ(statement.saying, record::SectionSaying::kUnavailable);
  }
}

// Safety rule 8: what could not be filled must not end what is held.
TEST(CommunitySafety, AListThatCouldNotBeFilledEndsNothing) {
  const auto ends = [](std::string_view members) {
    return !Carried(Bundle(Resource("List", R"("status":"current","code":{"coding":[
        {"code":"886921000000105"}]},)" + std::string(members))))
                .snapshot_of.empty();
  };
  EXPECT_TRUE(ends(R"("mode":"snapshot")"));
  EXPECT_FALSE(ends(R"("mode":"working")"));
  EXPECT_FALSE(ends(R"("mode":"changes")"));
  EXPECT_FALSE(ends(R"("mode":"snapshot","emptyReason":{"coding":[{"code":"unavailable"}]})"));
  EXPECT_FALSE(
      ends(R"("mode":"snapshot","entry":[{"item":{"reference":"AllergyIntolerance/gone"}}])"));
}

// Safety rule 9 is of views; of reading: a refusal of the source names no patient as unknown, and a
// dissent is not taken from nobody and forgotten.
TEST(CommunitySafety, AnErrorAnswerAloneIsNobodysRecordAndADissentIsSentWithItsPatient) {
  const auto outcome = [](std::string_view code) {
    return R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden",
        "details":{"coding":[{"code":")" +
           std::string(code) + R"("}]},"diagnostics":"of 9990000018"}]})";
  };
  record::Contribution said = Carried(outcome("PATIENT_NOT_FOUND"));
  for (const auto& line : said.not_carried) EXPECT_EQ(line.why.find("999"), std::string::npos);
  said.not_carried.clear();
  EXPECT_EQ(said, record::Contribution{});
  EXPECT_EQ(ErrorOf(outcome("NO_PATIENT_CONSENT")).id, base::ErrorId::kMessageUnsupported);
  EXPECT_EQ(ErrorOf(R"({"resourceType":"Bundle","type":"searchset","entry":[{"resource":)" +
                    outcome("NO_PATIENT_CONSENT") + "}]}")
                .id,
            base::ErrorId::kMessageUnsupported);
}

// Safety rule 10.
TEST(CommunitySafety, WhatIsEnteredInErrorOrRefutedIsNeverFact) {
  for (const char* type : {"Observation", "Procedure", "MedicationStatement", "Immunization",
                           "CarePlan", "Flag", "DocumentReference", "RiskAssessment"}) {
    EXPECT_EQ(EntryOf(type, R"("status":"entered-in-error")").verification,
              record::Verification::kEnteredInError)
        << type;
  }
  EXPECT_EQ(EntryOf("Goal", R"("lifecycleStatus":"entered-in-error")").verification,
            record::Verification::kEnteredInError);
  EXPECT_EQ(
      EntryOf("Condition", R"("verificationStatus":{"coding":[{"code":"refuted"}]})").verification,
      record::Verification::kRefuted);
}

TEST(CommunitySafety, WhatWasNotDoneIsNeverDone) {
  for (const char* type :
       {"Procedure", "Immunization", "MedicationAdministration", "Communication"}) {
    EXPECT_EQ(EntryOf(type, R"("status":"not-done")").intent, record::Intent::kNotDone) << type;
  }
  EXPECT_EQ(EntryOf("MedicationStatement", R"("status":"not-taken")").intent,
            record::Intent::kNotDone);
  EXPECT_TRUE(EntryOf("ServiceRequest", R"("status":"active","intent":"order","doNotPerform":true)")
                  .negated);
  // Of another release: no entry at all is better than one that says the contrary.
  EXPECT_TRUE(Carried(Bundle(Resource("Immunization", R"("status":"completed","notGiven":true)")))
                  .drafts.empty());
}

TEST(CommunitySafety, APlanThatWasReplacedIsWithdrawn) {
  const auto withdrawn = [](std::string_view status) {
    return Carried(Bundle(Resource("CarePlan", R"("replaces":[{"reference":"CarePlan/old"}],
        "status":")" + std::string(status) + "\"")))
        .withdrawn_keys;
  };
  EXPECT_EQ(withdrawn("active"), std::vector<std::string>{"CarePlan/old"});
  EXPECT_TRUE(withdrawn("entered-in-error").empty());
  EXPECT_TRUE(withdrawn("draft").empty());
}

record::Version VersionIn(std::string_view message) {
  for (const auto& draft : Carried(message).drafts) {
    if (draft.source_key.starts_with("Flag/")) return draft.version;
  }
  ADD_FAILURE() << "no flag";
  return {};
}

TEST(CommunitySafety, AResourceSaysWhichVersionItIs) {
  const auto february = record::Span::Of(*record::When::ParseIso("2026-02-01T00:00:00Z"));
  const std::string bundle = Bundle(
      Resource("Flag", R"("status":"active","meta":{"lastUpdated":"2026-02-01T00:00:00Z"})"));
  EXPECT_EQ(VersionIn(bundle).made, february);
  EXPECT_FALSE(VersionIn(bundle).sent);
  std::string dated = Bundle(Resource("Flag", R"("status":"active")"));
  dated.insert(1, R"("timestamp":"2026-02-01T00:00:00Z",)");
  EXPECT_EQ(VersionIn(dated), (record::Version{.sent = february}));
  EXPECT_EQ(Carried(dated).version, (record::Version{.sent = february})) << "for what it deletes";
  EXPECT_FALSE(VersionIn(Bundle(Resource("Flag", R"("status":"active")"))).IsKnown());
}

TEST(CommunitySafety, ASectionIsOfTheVersionOfItsDocument) {
  const auto carried = Carried(Bundle(
      Resource("Composition", R"("status":"final","meta":{"lastUpdated":"2026-02-01T00:00:00Z"},
      "title":"Letter","date":"2026-01-01","section":[{"title":"Plan","text":{
      "status":"additional","div":"<div>Walk daily</div>"}}])")));
  std::size_t of_it = 0;
  for (const auto& draft : carried.drafts) {
    if (!draft.source_key.starts_with("Composition/")) continue;
    ++of_it;
    EXPECT_TRUE(draft.version.made) << draft.source_key;
  }
  EXPECT_EQ(of_it, 2U);
}

TEST(CommunitySafety, AVersionIdHasNoOrder) {
  EXPECT_FALSE(VersionIn(Bundle(Resource("Flag", R"("status":"active","meta":{"versionId":"7"})")))
                   .IsKnown());
}

TEST(CommunitySafety, ASupersededDocumentIsNotCurrent) {
  const auto entry = EntryOf("DocumentReference", R"("status":"superseded","docStatus":"final")");
  EXPECT_EQ(entry.status, record::ClinicalStatus::kInactive);
}

TEST(CommunitySafety, FamilyHistoryIsTheFamilys) {
  const auto carried = Carried(Bundle(Resource(
      "FamilyMemberHistory", R"("status":"completed","condition":[{"code":{"text":"stroke"}}])")));
  ASSERT_EQ(carried.drafts.size(), 2U);
  for (const auto& draft : carried.drafts) {
    EXPECT_EQ(draft.entry.subject, record::Subject::kFamily);
  }
}

// A rule that turns the meaning may stand at any depth.
TEST(CommunitySafety, WhatCarriesAModifierIsNotRead) {
  EXPECT_TRUE(Carried(Bundle(Resource("Condition", R"("bodySite":[{"text":"foot",
      "modifierExtension":[{"url":"https://example.org/not","valueBoolean":true}]}])")))
                  .drafts.empty());
}

// Safety rule 11.
TEST(CommunitySafety, ValuesKeepTheirOwnCharactersUnitsAndRanges) {
  const auto value = *EntryOf("Observation", R"("valueQuantity":{"value":1.50,"comparator":"<",
      "unit":"mmol/L"},"referenceRange":[{"text":"0.5 to 2"}])")
                          .value;
  EXPECT_EQ(value.original, "<1.50 mmol/L");
  EXPECT_EQ(value.number, "1.50");
  EXPECT_EQ(value.comparator, "<");
  EXPECT_EQ(value.reference_range, "0.5 to 2");
}

TEST(CommunitySafety, ADocumentThatWasCutSaysSo) {
  const auto entry =
      EntryOf("DocumentReference", R"("content":[{"attachment":{"data":"QUJD","size":900}}])");
  ASSERT_TRUE(entry.document.has_value());
  EXPECT_TRUE(entry.document->truncated);
}

// Safety rule 12.
TEST(CommunitySafety, AProtectedAddressIsSaidToBeProtected) {
  EXPECT_EQ(Carried(R"({"resourceType":"Patient","meta":{"security":[{
      "system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}})")
                .location_protection,
            record::LocationProtection::kNational);
}

TEST(CommunityAdapter, AnAddressThatIsOverSaysUntilWhen) {
  const auto carried = Carried(R"({"resourceType":"Patient","address":[{"use":"home",
      "line":["1 Mill Lane"],"period":{"end":"2021-12-31"}}]})");
  ASSERT_EQ(carried.patient.addresses.value.size(), 1U);
  EXPECT_EQ(carried.patient.addresses.value[0].use, "home, until 2021-12-31");
}

TEST(CommunitySafety, WhatStandsInARequestToReadOrToChangeIsNoContent) {
  for (const std::string method : {"GET", "HEAD", "PATCH", "DELETE", "get"}) {
    const auto read =
        Carried(Bundle(R"(,{"request":{"method":")" + method + R"(","url":"Flag?_id=g"},)" +
                           Resource("Flag", R"("code":{"text":"Asked for"})").substr(2),
                       "transaction"));
    for (const auto& draft : read.drafts) EXPECT_NE(draft.entry.what.text, "Asked for") << method;
    const auto& lines = read.not_carried;
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
      return line.place.starts_with("entry[1]");
    })) << method;
  }
}

// What the words told of stands until a person has looked (safety.md 5).
TEST(CommunityAdapter, AChoiceThatIsDeletedIsAskedAbout) {
  const auto deleted = [](const std::string& url) {
    return Carried(
        Bundle(R"(,{"request":{"method":"DELETE","url":")" + url + R"("}})", "transaction"));
  };
  const auto read = deleted("Consent/9");
  EXPECT_EQ(read.withdrawn_keys, std::vector<std::string>{"Consent/9"});
  ASSERT_EQ(read.reviews.size(), 1U);
  EXPECT_EQ(read.reviews[0].kind, record::ReviewKind::kNullOnObjection);
  EXPECT_TRUE(read.preferences.empty());
  EXPECT_TRUE(deleted("Observation/9").reviews.empty());
}

}  // namespace
}  // namespace milecastle::community

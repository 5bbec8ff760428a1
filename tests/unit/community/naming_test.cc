// Whom R4 messages name by a reference alone, and what is nobody's.
#include <gtest/gtest.h>

#include <string>

#include "community/adapter.h"

namespace milecastle::community {
namespace {

using record::LocalIdentifier;

port::Reading ReadMessage(const std::string& message) {
  port::Feed feed;
  feed.name = "clinic";
  return MakeAdapter()->Read(message, feed);
}

std::string Observation(const std::string& subject, const std::string& id = "o") {
  return R"({"resourceType":"Observation","id":")" + id +
         R"(","status":"final","code":{"text":"Height"},"subject":)" + subject + "}";
}

std::string Bundle(const std::string& type, const std::string& entries) {
  return R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)" + entries + "]}";
}

std::vector<LocalIdentifier> NamesIn(const std::string& message, std::size_t patient = 0) {
  const auto reading = ReadMessage(message);
  EXPECT_GT(reading.patients.size(), patient);
  EXPECT_TRUE(reading.patients.at(patient)) << message;
  return reading.patients.at(patient) ? reading.patients[patient]->patient.local_identifiers
                                      : std::vector<LocalIdentifier>{};
}

base::ErrorId ErrorOf(const std::string& message) {
  const auto reading = ReadMessage(message);
  EXPECT_FALSE(reading.patients.front()) << message;
  return reading.patients.front() ? base::ErrorId{} : reading.patients.front().error().id;
}

const LocalIdentifier kSeven{"feed:clinic", "fhir-id", "7"};

TEST(Naming, ARelativeReferenceIsAnIdentifierOfTheFeedsServer) {
  EXPECT_EQ(NamesIn(Observation(R"({"reference":"Patient/7"})")), std::vector{kSeven});
  EXPECT_EQ(NamesIn(Observation(R"({"reference":"Patient/7/_history/2"})")), std::vector{kSeven});
}

TEST(Naming, AnAbsoluteReferenceIsAnIdentifierOfItsOwnServer) {
  const LocalIdentifier elsewhere{"https://a.example/fhir", "fhir-id", "7"};
  EXPECT_EQ(NamesIn(Observation(R"({"reference":"https://a.example/fhir/Patient/7"})")),
            std::vector{elsewhere});
  EXPECT_EQ(NamesIn(Bundle("searchset",
                           R"({"fullUrl":"https://a.example/fhir/Observation/o","resource":)" +
                               Observation(R"({"reference":"Patient/7"})") + "}")),
            std::vector{elsewhere})
      << "and a relative one that of its entry";
}

TEST(Naming, AConditionalReferenceNamesItsNumber) {
  for (const std::string bar : {"|", "%7C"}) {
    const auto reading = ReadMessage(
        Observation(R"({"reference":"Patient?identifier=https://fhir.nhs.uk/Id/nhs-number)" + bar +
                    R"(9990000018"})"));
    ASSERT_TRUE(reading.patients.front()) << bar;
    EXPECT_EQ(reading.patients.front()->patient.nhs_number_as_sent, "9990000018") << bar;
  }
  for (const std::string other :
       {"name=Example", "identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018,9990000026",
        "identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018&birthdate=1960-05-17"}) {
    EXPECT_EQ(ErrorOf(Observation(R"({"reference":"Patient?)" + other + R"("})")),
              base::ErrorId::kPatientMissing)
        << other;
  }
}

TEST(Naming, APatientAloneIsKnownByTheIdOfItsRecordBesideItsNumber) {
  const std::string patient = R"({"resourceType":"Patient","id":"7","identifier":[
      {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"},
      {"system":"https://clinic.example/mrn","value":"M1"}]})";
  const LocalIdentifier own{"https://clinic.example/mrn", "", "M1"};
  EXPECT_EQ(NamesIn(patient), (std::vector{own, kSeven}));
  EXPECT_EQ(NamesIn(Bundle("searchset", R"({"resource":)" + patient + "}")),
            (std::vector{own, kSeven}));
  // Ids that hold within the bundle alone, or are yet to be given.
  for (const char* type : {"document", "message", "collection"}) {
    const std::string bundle = Bundle(type, R"({"resource":{"resourceType":"MessageHeader"}},
        {"resource":)" + patient + "}");
    EXPECT_EQ(NamesIn(bundle), std::vector{own}) << type;
  }
  EXPECT_EQ(NamesIn(Bundle("searchset", R"({"fullUrl":"urn:uuid:1","resource":)" + patient + "}")),
            std::vector{own});
  EXPECT_EQ(
      NamesIn(Bundle("transaction", R"({"request":{"method":"POST"},"resource":)" + patient + "}")),
      std::vector{own});
}

TEST(Naming, WhatHoldsWithinOneBundleNamesNobodyOutsideIt) {
  for (const char* reference :
       {"urn:uuid:9d2a", "#p", "Patient/", "Patient/a b", "Patient/7?x=1", "Patient/..",
        "Patient/.", "Group/7", "ftp://a.example/Patient/7"}) {
    const std::string subject = std::string(R"({"reference":")") + reference + "\"}";
    EXPECT_EQ(ErrorOf(Observation(subject)), base::ErrorId::kPatientMissing) << reference;
  }
  EXPECT_EQ(ErrorOf(Bundle("document",
                           R"({"resource":)" + Observation(R"({"reference":"Patient/7"})") + "}")),
            base::ErrorId::kPatientMissing);
}

TEST(Naming, TwoReferencesAreTwoPeopleAndNothingOfOneIsInTheOther) {
  const auto reading = ReadMessage(
      Bundle("searchset", R"({"resource":)" + Observation(R"({"reference":"Patient/7"})", "a") +
                              R"(},{"resource":)" +
                              Observation(R"({"reference":"Patient/8"})", "b") + "}"));
  ASSERT_EQ(reading.patients.size(), 2U);
  ASSERT_EQ(reading.patients[0]->drafts.size(), 1U);
  EXPECT_EQ(reading.patients[0]->drafts[0].source_key, "Observation/a");
  ASSERT_EQ(reading.patients[1]->drafts.size(), 1U);
  EXPECT_EQ(reading.patients[1]->drafts[0].source_key, "Observation/b");
}

TEST(Naming, WhatIsContainedAndSpeaksOfAnotherRecordIsNotCarried) {
  const std::string report = R"({"resourceType":"DiagnosticReport","id":"r","status":"final",
      "code":{"text":"Bloods"},"subject":{"reference":"Patient/7"},"contained":[)" +
                             Observation(R"({"reference":"Patient/8"})") + "]}";
  const auto reading = ReadMessage(report);
  ASSERT_TRUE(reading.patients.front());
  for (const auto& draft : reading.patients.front()->drafts) {
    EXPECT_EQ(draft.source_key, "DiagnosticReport/r");
  }
}

// Which of the two is meant, the reference does not say: it is not a third one either.
TEST(Naming, AReferenceThatMayBeToTwoServersPatientsIsToNobody) {
  const auto patient = [](const std::string& server) {
    return R"({"fullUrl":"https://)" + server +
           R"(.example/Patient/7","resource":{"resourceType":"Patient","id":"7"}},)";
  };
  const auto reading =
      ReadMessage(Bundle("searchset", patient("a") + patient("b") + R"({"resource":)" +
                                          Observation(R"({"reference":"Patient/7"})") + "}"));
  ASSERT_EQ(reading.patients.size(), 2U);
  for (const auto& one : reading.patients) {
    ASSERT_TRUE(one);
    EXPECT_TRUE(one->drafts.empty());
  }
}

// Keys of a bundle about the patient of one server, with the same allergy id of two.
std::vector<std::string> KeysOf(const std::string& home) {
  port::Feed feed;
  feed.name = "clinic";
  feed.server = home;
  const auto entry = [](const std::string& server, const std::string& resource,
                        const std::string& name) {
    return R"({"fullUrl":"https://)" + server + ".example/fhir/" + name + R"(","resource":)" +
           resource + "}";
  };
  const auto allergy = [](const std::string& text) {
    return R"({"resourceType":"AllergyIntolerance","id":"9","patient":{
        "reference":"https://a.example/fhir/Patient/7"},"code":{"text":")" +
           text + R"("}})";
  };
  const std::string patient = R"({"resourceType":"Patient","id":"7","identifier":[
      {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]})";
  const auto reading = MakeAdapter()->Read(
      Bundle("collection", entry("a", patient, "Patient/7") + "," +
                               entry("a", allergy("Penicillin"), "AllergyIntolerance/9") + "," +
                               entry("b", allergy("Latex"), "AllergyIntolerance/9")),
      feed);
  EXPECT_TRUE(reading.patients.front());
  std::vector<std::string> keys;
  for (const auto& draft : reading.patients.front()->drafts) {
    keys.push_back(draft.source_key);
  }
  return keys;
}

TEST(Naming, WhatIsOfAnotherServerThanItsPatientHasKeysOfThatServer) {
  const std::string other = "https://b.example/fhir/";
  EXPECT_EQ(KeysOf(""),
            (std::vector<std::string>{"AllergyIntolerance/9", other + "AllergyIntolerance/9"}));
}

TEST(Naming, AFeedMaySayWhichServersKeysItCarries) {
  const std::string other = "https://a.example/fhir/";
  const std::vector<std::string> keys = {"AllergyIntolerance/9", other + "AllergyIntolerance/9"};
  EXPECT_EQ(KeysOf("https://b.example/fhir"), keys);
  EXPECT_EQ(KeysOf("https://b.example/fhir/"), keys);
}

TEST(Naming, ABundleAboutOnePatientTakesNobodyElseForAPatient) {
  const auto reading =
      ReadMessage(Bundle("collection",
                         R"({"resource":{"resourceType":"Patient","id":"p","identifier":[
          {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}},{"resource":)" +
                             Observation(R"({"reference":"Patient/8"})") + "}"));
  ASSERT_EQ(reading.patients.size(), 1U);
  EXPECT_TRUE(reading.patients.front()->drafts.empty());
  ASSERT_FALSE(reading.patients.front()->not_carried.empty());
}

// PDS answers so, with a patient that is there and says nothing.
TEST(Naming, WhatStandsBelowAPatientsAddressOfTheSpineIsTheirs) {
  const auto read = [](std::string_view url, std::string_view patient) {
    return ReadMessage(Bundle("searchset", R"({"fullUrl":")" + std::string(url) +
                                               R"(","resource":{"resourceType":"RelatedPerson",
        "id":"F4","name":[{"family":"Example"}],"patient":)" +
                                               std::string(patient) + "}}"))
        .patients.front();
  };
  const std::string spine = "https://api.service.nhs.uk/personal-demographics/FHIR/R4/Patient/";
  const auto found = read(spine + "9990000018/RelatedPerson/F4", "{}");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->patient.nhs_number_as_sent, "9990000018");
  EXPECT_EQ(found->drafts.size(), 1U);
  for (const std::string& url :
       {spine + "9990000018/RelatedPerson/F5", spine + "999/RelatedPerson/F4", spine + "F4",
        std::string("https://elsewhere.invalid/Patient/9990000018/RelatedPerson/F4")}) {
    EXPECT_FALSE(read(url, "{}")) << url;
  }
  EXPECT_FALSE(read(spine + "9990000018/RelatedPerson/F4", R"({"display":"Somebody else"})"));
  EXPECT_FALSE(read(spine + "9990000018/RelatedPerson/F4",
                    R"({"reference":"urn:uuid:7b1c0f4e-0000-4000-8000-000000000002"})"));
}

// A refusal to share that names its patient by a reference alone is a refusal.
TEST(Naming, ADissentByReferenceAloneIsKept) {
  const auto reading = ReadMessage(R"({"resourceType":"Consent","id":"c","status":"active",
      "scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"coding":[{"code":"INFA"}]}],
      "patient":{"reference":"Patient/7"},"provision":{"type":"deny"}})");
  ASSERT_TRUE(reading.patients.front());
  ASSERT_EQ(reading.patients.front()->preferences.size(), 1U);
  EXPECT_EQ(reading.patients.front()->preferences[0].answer, record::PreferenceAnswer::kDissent);
}

TEST(Nobody, IsClaimedByWhatServicesAreAndDo) {
  for (const char* type : {"Organization", "Slot", "HealthcareService", "AuditEvent", "ValueSet"}) {
    const auto reading =
        ReadMessage(std::string(R"({"resourceType":")") + type + R"(","id":"1","name":"N"})");
    ASSERT_TRUE(reading.patients.front()) << type;
    record::Contribution said = *reading.patients.front();
    ASSERT_FALSE(said.not_carried.empty());
    EXPECT_NE(said.not_carried[0].why.find(type), std::string::npos);
    said.not_carried.clear();
    EXPECT_EQ(said, record::Contribution{}) << type;
  }
}

TEST(Nobody, IsClaimedByADeviceOfNobodyAndByASearchThatFoundNothing) {
  for (const char* message :
       {R"({"resourceType":"Device","id":"1","deviceName":[{"name":"Pump"}]})",
        R"({"resourceType":"Bundle","type":"searchset","total":0})",
        R"({"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"u"}]})"}) {
    const auto reading = ReadMessage(message);
    ASSERT_TRUE(reading.patients.front()) << message;
    record::Contribution said = *reading.patients.front();
    EXPECT_FALSE(said.not_carried.empty());
    said.not_carried.clear();
    EXPECT_EQ(said, record::Contribution{}) << message;
  }
  const auto worn = ReadMessage(R"({"resourceType":"Device","id":"1","patient":{"identifier":{
      "system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}},"type":{"text":"Pump"}})");
  ASSERT_TRUE(worn.patients.front());
  EXPECT_EQ(worn.patients.front()->drafts.size(), 1U);
  EXPECT_EQ(ErrorOf(R"({"resourceType":"Bundle","type":"searchset","total":3})"),
            base::ErrorId::kPatientMissing)
      << "what was found is not here";
  EXPECT_EQ(ErrorOf(R"({"resourceType":"Bundle","type":"collection"})"),
            base::ErrorId::kPatientMissing);
}

TEST(Nobody, IsNotWhoeverAPartOfTheMessageMaySpeakOf) {
  const std::string organisation = R"({"resourceType":"Organization","id":"1"})";
  // A type that is not carried, and is a patient's.
  EXPECT_EQ(ErrorOf(R"({"resourceType":"GuidanceResponse","id":"1"})"),
            base::ErrorId::kMessageUnsupported);
  // One of no type, which a fuzzer found to end the program.
  for (const char* type : {"", R"("resourceType":7,)", R"("resourceType":[],)"}) {
    EXPECT_EQ(ErrorOf(Bundle("collection", R"({"resource":{)" + std::string(type) +
                                               R"("id":"a","status":"final"}})")),
              base::ErrorId::kMessageUnsupported)
        << type;
  }
  // A clinical resource inside one of nobody's.
  EXPECT_EQ(ErrorOf(R"({"resourceType":"Parameters","parameter":[{"name":"r","resource":)" +
                    Observation("{}") + "}]}"),
            base::ErrorId::kMessageUnsupported);
  EXPECT_EQ(ErrorOf(Bundle("searchset", R"({"resource":)" + organisation + R"(},{"resource":)" +
                                            Observation("{}") + "}")),
            base::ErrorId::kPatientMissing);
  // A deletion beside it.
  EXPECT_EQ(ErrorOf(Bundle("transaction",
                           R"({"request":{"method":"PUT"},"resource":)" + organisation +
                               R"(},{"request":{"method":"DELETE","url":"Observation/7"}})")),
            base::ErrorId::kMessageUnsupported);
}

std::string Numbered(const std::string& number) {
  return R"({"resource":{"resourceType":"Patient","id":")" + number + R"(","identifier":[
      {"system":"https://fhir.nhs.uk/Id/nhs-number","value":")" +
         number + R"("}]}})";
}
std::string Deletion(const std::string& url) {
  return R"(,{"request":{"method":"DELETE","url":")" + url + R"("}})";
}

// As England's register of reasonable adjustments takes a flag back.
std::string DeletionOf(const std::string& id, const std::string& subject,
                       const std::string& url = "Observation/o") {
  return R"({"fullUrl":"Observation/o","request":{"method":"DELETE","url":")" + url +
         R"("},"resource":)" + Observation(subject, id) + "}";
}

TEST(Nobody, WhatIsDeletedSaysWhoseItWas) {
  for (const char* const subject :
       {R"({"reference":"Patient/7"})",
        R"({"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}})"}) {
    const auto read = ReadMessage(Bundle("transaction", DeletionOf("o", subject)));
    ASSERT_EQ(read.patients.size(), 1U) << subject;
    ASSERT_TRUE(read.patients[0]) << base::Describe(read.patients[0].error());
    EXPECT_EQ(read.patients[0]->withdrawn_keys, std::vector<std::string>{"Observation/o"});
    EXPECT_TRUE(read.patients[0]->drafts.empty()) << "it is not content";
  }
  EXPECT_EQ(NamesIn(Bundle("transaction", DeletionOf("o", R"({"reference":"Patient/7"})"))),
            std::vector{kSeven});
}

TEST(Nobody, WhatIsDeletedIsNobodysWhereItDoesNotSay) {
  const std::string subject = R"({"reference":"Patient/7"})";
  const auto error_of = [](const std::string& entry) {
    return ErrorOf(Bundle("transaction", entry));
  };
  EXPECT_EQ(error_of(Deletion("Observation/o").substr(1)), base::ErrorId::kPatientMissing);
  EXPECT_EQ(error_of(DeletionOf("o", "{}")), base::ErrorId::kPatientMissing);
  EXPECT_EQ(error_of(DeletionOf("another", subject)), base::ErrorId::kPatientMissing)
      << "what is sent along is not what is deleted";
  EXPECT_EQ(error_of(DeletionOf("o", subject, "Observation?_id=o")),
            base::ErrorId::kPatientMissing);
}

TEST(Nobody, EachDeletionIsTheirsWhomWhatIsDeletedNames) {
  const auto read =
      ReadMessage(Bundle("transaction", Numbered("9990000018") + "," +
                                            DeletionOf("o", R"({"reference":"Patient/7"})") +
                                            Deletion("Observation/p")));
  ASSERT_EQ(read.patients.size(), 3U);
  ASSERT_TRUE(read.patients[0]);
  EXPECT_TRUE(read.patients[0]->withdrawn_keys.empty());
  ASSERT_TRUE(read.patients[1]);
  EXPECT_EQ(read.patients[1]->withdrawn_keys, std::vector<std::string>{"Observation/o"});
  ASSERT_FALSE(read.patients[2]) << "of two patients the other waits for a person";
  EXPECT_EQ(read.patients[2].error().place, "entry[2]");
}

// Whose another is says nothing of this one.
TEST(Nobody, ADeletionThatDoesNotSayWhoseIsNotTheirsWhomAnotherNames) {
  const std::string first = DeletionOf("o", R"({"reference":"Patient/7"})");
  for (const std::string& other :
       {Deletion("Observation/p"),
        "," + DeletionOf("p", R"({"display":"Mrs Other"})", "Observation/p"),
        "," + DeletionOf("q", R"({"reference":"Patient/7"})", "Observation/p"),
        Deletion("https://other.example/fhir/Observation/p")}) {
    const auto read = ReadMessage(Bundle("transaction", first + other));
    ASSERT_EQ(read.patients.size(), 2U) << other;
    ASSERT_TRUE(read.patients[0]) << other;
    EXPECT_EQ(read.patients[0]->withdrawn_keys, std::vector<std::string>{"Observation/o"}) << other;
    EXPECT_FALSE(read.patients[1]) << other;
  }
}

// Whatever is no resource's address is done to nobody, and waits for a person.
TEST(Nobody, ADeletionOfNoResourceIsNotDone) {
  for (const char* const url : {"Condition", "", "Condition/k/x", "Patient/p", "condition k/1",
                                "https://other.example/Condition/k", "Composition/c"}) {
    const auto read = ReadMessage(Bundle("transaction", Numbered("9990000018") + Deletion(url)));
    ASSERT_EQ(read.patients.size(), 2U) << url;
    ASSERT_TRUE(read.patients[0]) << url;
    EXPECT_TRUE(read.patients[0]->withdrawn_keys.empty()) << url;
    EXPECT_FALSE(read.patients[1]) << url;
  }
  for (const char* const url : {"/Condition/k", "Condition/k/", "Condition/k/_history/2"}) {
    const auto read = ReadMessage(Bundle("transaction", Numbered("9990000018") + Deletion(url)));
    ASSERT_EQ(read.patients.size(), 1U) << url;
    EXPECT_EQ(read.patients[0]->withdrawn_keys, std::vector<std::string>{"Condition/k"}) << url;
  }
}

// It is known by its identifier, and ends with its parts.
TEST(Nobody, ADocumentIsDeletedByWhatIsSentAlong) {
  const std::string entry = R"(,{"request":{"method":"DELETE","url":"Composition/c"},"resource":{
      "resourceType":"Composition","id":"c","identifier":{"system":"urn:s","value":"1"},
      "subject":{"identifier":{"system":"https://fhir.nhs.uk/Id/nhs-number",
      "value":"9990000018"}}}})";
  const auto read = ReadMessage(Bundle("transaction", Numbered("9990000018") + entry));
  ASSERT_EQ(read.patients.size(), 1U);
  ASSERT_TRUE(read.patients[0]);
  const std::vector<std::string> keys = {"Composition/urn:s|1"};
  EXPECT_EQ(read.patients[0]->withdrawn_keys, keys);
  EXPECT_EQ(read.patients[0]->replaced_documents, keys);
}

TEST(Nobody, WhatIsDeletedIsCheckedAsWhatIsKept) {
  port::Feed live;
  live.live = true;
  const std::string labelled =
      R"({"request":{"method":"DELETE","url":"Observation/o"},"resource":{"resourceType":
      "Observation","id":"o","meta":{"security":[{"code":"HTEST"}]},"subject":{"reference":
      "Patient/7"}}})";
  const auto read = MakeAdapter()->Read(Bundle("transaction", labelled), live);
  ASSERT_FALSE(read.patients.front());
  EXPECT_EQ(read.patients.front().error().id, base::ErrorId::kTestOnLiveFeed);
}

// Nobody can say whose it is: the others of the message are taken, and it waits for a person.
TEST(Nobody, OfADeletionAmongSeveralPatientsIsSaidToBeItsPatient) {
  for (const char* const type : {"transaction", "batch"}) {
    const auto read =
        ReadMessage(Bundle(type, Numbered("9990000018") + "," + Numbered("9990000026") +
                                     Deletion("Consent/9") + Deletion("AllergyIntolerance/9")));
    ASSERT_EQ(read.patients.size(), 3U) << type;
    for (const std::size_t patient : {0U, 1U}) {
      ASSERT_TRUE(read.patients[patient]) << type;
      EXPECT_TRUE(read.patients[patient]->withdrawn_keys.empty());
    }
    ASSERT_FALSE(read.patients[2]) << type;
    EXPECT_EQ(read.patients[2].error().id, base::ErrorId::kMessageUnsupported);
    EXPECT_EQ(read.patients[2].error().place, "entry[2]");
    std::vector<std::string> places;
    for (const auto& line : read.patients[0]->not_carried) {
      if (line.why.find("deletion") != std::string::npos) places.push_back(line.place);
    }
    EXPECT_EQ(places, (std::vector<std::string>{"entry[2]", "entry[3]"})) << type;
  }
}

std::string Document(const std::string& more) {
  return Bundle("document", R"({"resource":{"resourceType":"Composition","id":"v2","status":"final",
      "type":{"text":"Letter"},"identifier":{"system":"urn:s","value":"1"},)" +
                                more + R"("title":"Letter","section":[{"title":"History",
      "text":{"status":"generated","div":"<div>Well</div>"}}]}},
      {"resource":{"resourceType":"Patient","id":"p","identifier":[
      {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}})");
}

// A section that the newer letter leaves out must not stand as current.
TEST(ReplacedDocument, EndsWhateverOfItTheNewerOneDoesNotSend) {
  using Keys = std::vector<std::string>;
  const auto own = ReadMessage(Document(""));
  ASSERT_TRUE(own.patients.front());
  EXPECT_EQ(own.patients.front()->replaced_documents, Keys{"Composition/urn:s|1"});
  EXPECT_TRUE(own.patients.front()->withdrawn_keys.empty());

  const auto other = ReadMessage(Document(
      R"("relatesTo":[{"code":"replaces","targetIdentifier":{"system":"urn:s","value":"0"}}],)"));
  ASSERT_TRUE(other.patients.front());
  EXPECT_EQ(other.patients.front()->replaced_documents,
            (Keys{"Composition/urn:s|0", "Composition/urn:s|1"}));

  const auto appended = ReadMessage(Document(
      R"("relatesTo":[{"code":"appends","targetIdentifier":{"system":"urn:s","value":"0"}}],)"));
  ASSERT_TRUE(appended.patients.front());
  EXPECT_EQ(appended.patients.front()->replaced_documents, Keys{"Composition/urn:s|1"})
      << "what is added to stands";
}

}  // namespace
}  // namespace milecastle::community

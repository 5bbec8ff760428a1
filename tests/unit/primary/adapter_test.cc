#include "primary/adapter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "primary/answer.h"

namespace milecastle::primary {
namespace {

// A bundle of one patient and what the test adds.
std::string Bundle(std::string_view resources, std::string_view extra = "") {
  std::string bundle = R"({"resourceType":"Bundle","type":"collection",)";
  bundle.append(extra);
  bundle +=
      R"("entry":[{"resource":{"resourceType":"Patient","id":"p","identifier":[
        {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],
        "managingOrganization":{"reference":"Organization/o"}}},
      {"resource":{"resourceType":"Organization","id":"o","identifier":[
        {"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Z99001"}]}})";
  bundle.append(resources);
  return bundle + "]}";
}

port::Reading ReadMessage(std::string_view message, port::Feed feed = {}) {
  return MakeAdapter()->Read(message, feed);
}

base::Error ErrorOf(std::string_view message) {
  const auto reading = ReadMessage(message);
  EXPECT_FALSE(reading.patients.front().has_value());
  return reading.patients.front() ? base::Error{} : reading.patients.front().error();
}

record::Contribution Carried(std::string_view message) {
  auto reading = ReadMessage(message);
  EXPECT_TRUE(reading.patients.front().has_value());
  return reading.patients.front() ? std::move(*reading.patients.front()) : record::Contribution{};
}

TEST(PrimaryAdapter, TakesTheSenderFromThePracticeThatKeepsThePatient) {
  EXPECT_EQ(ReadMessage(Bundle("")).envelope.sender, "Z99001");
}

TEST(PrimaryAdapter, NamesABundleByIdentifierThenIdThenContent) {
  EXPECT_EQ(ReadMessage(Bundle("", R"("identifier":{"value":"i"},"id":"b",)")).envelope.control_id,
            "i");
  EXPECT_EQ(ReadMessage(Bundle("", R"("id":"b",)")).envelope.control_id, "b");
  const std::string digest = ReadMessage(Bundle("")).envelope.control_id;
  EXPECT_TRUE(digest.starts_with("sha256:"));
  EXPECT_EQ(ReadMessage(Bundle("")).envelope.control_id, digest);
  EXPECT_NE(ReadMessage(Bundle("", R"("language":"en",)")).envelope.control_id, digest);
}

TEST(PrimaryAdapter, AFileIsOneMessageAndAnEmptyFileNone) {
  const auto adapter = MakeAdapter();
  EXPECT_EQ(adapter->Split("{}\n{}", {}).size(), 1U);
  EXPECT_TRUE(adapter->Split("", {}).empty());
}

TEST(PrimaryAdapter, ReadsXmlAsItReadsJson) {
  const auto read = ReadMessage(
      R"(<Bundle xmlns="http://hl7.org/fhir"><id value="b"/><type value="collection"/>
      <entry><resource><Patient><id value="p"/><identifier>
      <system value="https://fhir.nhs.uk/Id/nhs-number"/><value value="9990000018"/></identifier>
      </Patient></resource></entry><entry><resource><Immunization><id value="i"/>
      <status value="completed"/><notGiven value="true"/><vaccineCode><text value="MMR"/></vaccineCode>
      <patient><reference value="Patient/p"/></patient></Immunization></resource></entry></Bundle>)");
  ASSERT_TRUE(read.patients.front());
  EXPECT_EQ(read.envelope.control_id, "b");
  EXPECT_EQ(read.patients.front()->patient.nhs_number_as_sent, "9990000018");
  ASSERT_EQ(read.patients.front()->drafts.size(), 1U);
  EXPECT_EQ(read.patients.front()->drafts[0].entry.intent, record::Intent::kNotDone);
}

TEST(PrimaryAdapter, RefusesWhatIsNoFhir) {
  EXPECT_EQ(ErrorOf("<Bundle xmlns=\"http://hl7.org/fhir\"/>").id,
            base::ErrorId::kMessageUnsupported);
  EXPECT_EQ(ErrorOf("<!DOCTYPE Bundle><Bundle/>").id, base::ErrorId::kMessageUnparseable);
  EXPECT_EQ(ErrorOf("{\"resourceType\":").id, base::ErrorId::kMessageUnparseable);
  for (const char* json : {"[]", "7", "{}", R"({"resourceType":{}})"}) {
    EXPECT_EQ(ErrorOf(json).id, base::ErrorId::kMessageUnparseable) << json;
  }
}

TEST(PrimaryAdapter, RefusesWhatIsLargerThanTheFeedAllows) {
  port::Feed feed;
  feed.message_limit = 100;
  EXPECT_EQ(ReadMessage(Bundle(""), feed).patients.front().error().id,
            base::ErrorId::kMessageTooLarge);
}

// Few bytes that would become very many entries' worth of shared text.
TEST(PrimaryAdapter, RefusesABundleThatIsMadeToBlowUp) {
  std::string performers = R"({"display":"a"})";
  std::string components = R"({"code":{"text":"c"}})";
  for (int i = 0; i < 2000; ++i) {
    performers += R"(,{"display":")" + std::to_string(i) + R"("})";
    components += R"(,{"code":{"text":")" + std::to_string(i) + R"("}})";
  }
  EXPECT_EQ(ErrorOf(Bundle(R"(,{"resource":{"resourceType":"Observation","id":"o","performer":[)" +
                           performers + R"(],"component":[)" + components + "]}}"))
                .id,
            base::ErrorId::kMessageTooLarge);
}

TEST(PrimaryAdapter, RepeatsNoTypeThatItDoesNotKnow) {
  const base::Error error = ErrorOf(R"({"resourceType":"HADRIAN"})");
  EXPECT_EQ(error.id, base::ErrorId::kMessageUnsupported);
  EXPECT_EQ(base::Describe(error).find("HADRIAN"), std::string::npos);
}

TEST(PrimaryAdapter, AWarningBesideARecordLeavesTheRecordAsItIs) {
  const auto carried = Carried(Bundle(
      R"(,{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"warning","code":"not-supported"}]}})"));
  EXPECT_TRUE(carried.statements.empty());
  EXPECT_TRUE(carried.preferences.empty());
}

TEST(PrimaryAdapter, DissentIsNeverTakenForAnEmptyRecord) {
  const auto carried = Carried(Bundle(
      R"(,{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden",
           "details":{"coding":[{"code":"NO_PATIENT_CONSENT"}]}}]}})"));
  ASSERT_EQ(carried.preferences.size(), 1U);
  EXPECT_EQ(carried.preferences[0].answer, record::PreferenceAnswer::kDissent);
  EXPECT_FALSE(carried.statements.empty());
  for (const auto& statement : carried.statements) {
    EXPECT_EQ(statement.saying, record::SectionSaying::kUnavailable);
  }
  EXPECT_EQ(std::count(carried.snapshot_of.begin(), carried.snapshot_of.end(),
                       record::Section::kAllergies),
            0);
}

// What stands around a removed item must not count or number it.
TEST(PrimaryAdapter, AConsultationDoesNotShowWhereAnItemWasTakenOut) {
  const auto consultation = [](std::string_view items) {
    return Bundle(
        R"(,{"resource":{"resourceType":"List","id":"L","code":{"coding":[{"code":"325851000000107"}]},
        "encounter":{"reference":"Encounter/e"},"entry":[)" +
        std::string(items) + R"(]}},
        {"resource":{"resourceType":"Observation","id":"a","code":{"text":"a"}}},
        {"resource":{"resourceType":"Observation","id":"c","code":{"text":"c"}}})");
  };
  const std::string a = R"({"item":{"reference":"Observation/a"}})";
  const std::string b = R"({"item":{"reference":"Observation/b"}})";
  const std::string c = R"({"item":{"reference":"Observation/c"}})";
  EXPECT_EQ(Carried(consultation(a + "," + b + "," + c)).drafts,
            Carried(consultation(a + "," + c)).drafts);
}

TEST(PrimaryAdapter, AListThatNamesWhatIsNotThereEndsNothingThatIsHeld) {
  const auto snapshot = [](std::string_view list) {
    const auto sections = Carried(Bundle(R"(,{"resource":{"resourceType":"List","code":{"coding":[
        {"code":"886921000000105"}]})" + std::string(list) +
                                         "}}"))
                              .snapshot_of;
    return std::count(sections.begin(), sections.end(), record::Section::kAllergies) == 1;
  };
  EXPECT_TRUE(snapshot(""));
  EXPECT_FALSE(snapshot(R"(,"entry":[{"item":{"reference":"AllergyIntolerance/gone"}}])"));
  EXPECT_FALSE(snapshot(R"(,"emptyReason":{"coding":[{"code":"unavailable"}]})"));
}

TEST(PrimaryAdapter, ALabelOfTheWholeBundleHoldsForEverythingInIt) {
  const auto carried = Carried(Bundle(
      R"(,{"resource":{"resourceType":"Observation","id":"a"}})",
      R"("meta":{"security":[{"system":"http://hl7.org/fhir/v3/ActCode","code":"NOPAT"}]},)"));
  ASSERT_EQ(carried.drafts.size(), 2U);
  for (const auto& draft : carried.drafts)
    EXPECT_EQ(draft.source_labels, std::vector<std::string>{"NOPAT"});
}

std::optional<record::Entry> EntryOf(const std::string& type, const std::string& members) {
  const auto carried = Carried(Bundle(R"(,{"resource":{"resourceType":")" + type +
                                      R"(","id":"x","subject":{"reference":"Patient/p"},)" +
                                      R"("patient":{"reference":"Patient/p"},)" + members + "}}"));
  for (const auto& draft : carried.drafts) {
    if (draft.source_key.starts_with(type + "/x")) return draft.entry;
  }
  return std::nullopt;
}

// safety.md 11: a dose keeps how often, and the most of it.
TEST(PrimarySafety, ADoseSaysHowOftenItIsTakenAndTheMostOfIt) {
  const auto entry = EntryOf(
      "MedicationStatement",
      R"("medicationCodeableConcept":{"text":"x"},"dosage":[{"timing":{"repeat":{"frequency":1,)"
      R"("period":1,"periodUnit":"wk"}},"doseQuantity":{"value":10,"unit":"mg"},)"
      R"("maxDosePerPeriod":{"numerator":{"value":10,"unit":"mg"},"denominator":{"value":1,)"
      R"("unit":"week"}},"maxDosePerLifetime":{"value":3,"unit":"g"}}])");
  ASSERT_TRUE(entry);
  std::string said;
  for (const auto& detail : entry->details) said += detail.name + ": " + detail.text + "\n";
  EXPECT_EQ(
      said,
      "timing: frequency 1, period 1, periodUnit wk\ndose: 10 mg\nmaximum dose: at most 10 mg "
      "in 1 week\nmaximum dose: at most 3 g in a lifetime\n");
}

TEST(PrimarySafety, AVaccinationIsDoneOnlyWhereNothingSaysOtherwise) {
  const auto intent = [](const std::string& members) {
    const auto entry = EntryOf("Immunization", R"("vaccineCode":{"text":"x"},)" + members);
    return entry ? entry->intent : record::Intent::kOrdered;
  };
  EXPECT_EQ(intent(R"("status":"completed","notGiven":false)"), record::Intent::kDone);
  EXPECT_EQ(intent(R"("status":"completed","notGiven":true)"), record::Intent::kNotDone);
  EXPECT_EQ(intent(R"("status":"not-done","notGiven":false)"), record::Intent::kNotDone);
  EXPECT_EQ(intent(R"("status":"on-hold","notGiven":false)"), record::Intent::kUnstated);
  EXPECT_EQ(intent(R"("notGiven":false)"), record::Intent::kDone);
}

TEST(PrimaryAdapter, ATemporaryOrEndedRegistrationIsNoRegisteredPractice) {
  const auto registered = [](std::string_view details) {
    return Carried(
               R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient",
        "id":"p","managingOrganization":{"reference":"Organization/o"},"extension":[{"url":
        "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-RegistrationDetails-1",
        "extension":[)" +
               std::string(details) + R"(]}]}},{"resource":{"resourceType":"Organization","id":"o",
        "identifier":[{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Z99001"}]}}]})")
        .patient.gp_practice.value;
  };
  EXPECT_EQ(registered(""), "Z99001");
  EXPECT_EQ(
      registered(R"({"url":"registrationPeriod","valuePeriod":{"start":"2001","end":"2002"}})"),
      "");
  EXPECT_EQ(
      registered(R"({"url":"registrationType","valueCodeableConcept":{"coding":[{"code":"T"}]}})"),
      "");
}

TEST(PrimaryAdapter, AProtectedAddressIsSaidToBeProtected) {
  const auto carried =
      Carried(R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{
      "resourceType":"Patient","meta":{"security":[{"system":"http://hl7.org/fhir/v3/Confidentiality","code":"R"}]}}}]})");
  EXPECT_EQ(carried.location_protection, record::LocationProtection::kNational);
}

// STU3 sends a word where R4 sends a concept.
TEST(PrimarySafety, AVerificationInNoKnownWordMakesNoFact) {
  const auto allergies = [](std::string_view word) {
    auto drafts = Carried(Bundle(R"(,{"resource":{"resourceType":"AllergyIntolerance","id":"a",
        "patient":{"reference":"Patient/p"},"code":{"text":"Penicillin"},
        "clinicalStatus":"active","verificationStatus":")" +
                                 std::string(word) + R"("}})"))
                      .drafts;
    std::erase_if(drafts, [](const auto& draft) { return draft.source_key[0] != 'A'; });
    return drafts;
  };
  EXPECT_TRUE(allergies("disproved").empty());
  EXPECT_EQ(allergies("unconfirmed").size(), 1U);
  const auto in_error = allergies("Entered in Error");
  ASSERT_EQ(in_error.size(), 1U);
  EXPECT_EQ(in_error[0].entry.verification, record::Verification::kEnteredInError);
}

// Safety rules 7 and 8: of a practice's record as of any other.
TEST(PrimarySafety, WhatIsLeftOutIsSaidOfItsSection) {
  for (
      const auto& [resource, section] :
      {std::pair{
           R"("resourceType":"AllergyIntolerance","modifierExtension":[{"url":"https://x.example/rule"}])",
           record::Section::kAllergies},
       {R"("resourceType":"AllergyIntolerance","patient":{"reference":"Patient/q"})",
        record::Section::kAllergies},
       {R"("resourceType":"Flag","code":{"text":"a type that nobody reads"})",
        record::Section::kAlerts}}) {
    const auto carried =
        Carried(Bundle(R"(,{"resource":{"id":"x",)" + std::string(resource) + "}}"));
    ASSERT_EQ(carried.statements.size(), 1U) << resource;
    EXPECT_EQ(carried.statements[0].section, section) << resource;
    EXPECT_EQ(carried.statements[0].saying, record::SectionSaying::kUnavailable) << resource;
  }
  const std::string twice = R"(,{"resource":{"id":"x","resourceType":"AllergyIntolerance",
      "patient":{"reference":"Patient/p"},"code":{"text":"Penicillin"}}})";
  EXPECT_TRUE(Carried(Bundle(twice + twice)).statements.empty());
}

TEST(PrimarySafety, ADenialIsReadAsInEveryFormat) {
  const auto of = [](const std::string& members) {
    return Carried(Bundle(R"(,{"resource":{"id":"x","resourceType":"AllergyIntolerance",
        "patient":{"reference":"Patient/p"},)" +
                          members + "}}"));
  };
  const auto negated = [](const record::Contribution& carried) {
    return std::any_of(carried.drafts.begin(), carried.drafts.end(),
                       [](const auto& draft) { return draft.entry.negated; });
  };
  for (const char* told :
       {R"("code":{"text":"NKDA. Latex allergy"})",
        R"("code":{"coding":[{"code":"716186003"}]},"reaction":[{"severity":"severe"}])",
        R"("code":{"coding":[{"code":"716186003","display":"Latex"}]})"}) {
    EXPECT_TRUE(of(told).statements.empty()) << told;
    EXPECT_FALSE(negated(of(told))) << told;
  }
  const auto food = of(R"("category":["food"],"code":{"coding":[{"code":"716186003"}]})");
  EXPECT_TRUE(food.statements.empty());
  EXPECT_TRUE(negated(food));
}

TEST(PrimaryAnswer, TellsTheCodeOfAnErrorAndNothingElse) {
  const auto outcome = [](const std::string& severity, const std::string& code) {
    return R"({"resourceType":"OperationOutcome","issue":[{"severity":")" + severity +
           R"(","details":{"coding":[{"code":")" + code + R"("}]}}]})";
  };
  constexpr std::size_t kLimit = 4096;
  EXPECT_EQ(ErrorCodeOf(outcome("error", "NO_PATIENT_CONSENT"), kLimit), "NO_PATIENT_CONSENT");
  EXPECT_EQ(ErrorCodeOf(outcome("warning", "NO_PATIENT_CONSENT"), kLimit), "");
  EXPECT_EQ(ErrorCodeOf(R"({"resourceType":"Bundle","issue":[]})", kLimit), "");
  for (const char* none : {"", "<html>", "[]", "{", R"({"resourceType":"OperationOutcome"})"}) {
    EXPECT_EQ(ErrorCodeOf(none, kLimit), "") << none;
  }
  EXPECT_EQ(ErrorCodeOf(outcome("error", std::string(5000, 'X')), kLimit), "") << "past the limit";
}

std::string Appointment(const std::string& status, const std::string& id = "a1") {
  return R"({"resourceType":"Appointment","id":")" + id + R"(","status":")" + status +
         R"(","start":"2026-03-01T10:00:00+00:00","participant":[
           {"actor":{"reference":"Patient/7"},"status":"accepted"},
           {"actor":{"reference":"Location/3"},"status":"accepted"}]})";
}

// A missed or cancelled booking must not stand as one that is to come.
TEST(PrimaryAdapter, AnAppointmentIsToComeOnlyWhileItIsBooked) {
  const auto booked = Carried(Appointment("booked"));
  EXPECT_EQ(booked.patient.local_identifiers.at(0).value, "7");
  EXPECT_EQ(booked.drafts.at(0).entry.section, record::Section::kFutureAppointments);
  EXPECT_EQ(booked.drafts.at(0).entry.status, record::ClinicalStatus::kPlanned);
  EXPECT_EQ(booked.encounter->change, record::EncounterChange::kPlanned);

  const auto cancelled = Carried(Appointment("cancelled"));
  EXPECT_EQ(cancelled.drafts.at(0).source_key, booked.drafts.at(0).source_key);
  EXPECT_EQ(cancelled.drafts.at(0).entry.status, record::ClinicalStatus::kCancelled);
  EXPECT_EQ(cancelled.drafts.at(0).entry.intent, record::Intent::kNotDone);
  EXPECT_EQ(cancelled.encounter->change, record::EncounterChange::kOpeningCancelled);

  const auto missed = Carried(Appointment("noshow"));
  EXPECT_EQ(missed.drafts.at(0).entry.section, record::Section::kContactsWithProfessionals);
  EXPECT_EQ(missed.drafts.at(0).entry.intent, record::Intent::kNotDone);
  EXPECT_FALSE(missed.encounter.has_value());
}

TEST(PrimaryAdapter, RefusesARequestToBookThatNothingCouldCancel) {
  EXPECT_EQ(ErrorOf(Appointment("booked", "")).id, base::ErrorId::kMessageUnsupported);
}

std::string WithSlot(std::string appointment, const std::string& slot) {
  const std::string start = R"("start")";
  const std::string member = R"("slot":[{"reference":")" + slot + R"("}],)";
  return appointment.insert(appointment.find(start), member);
}

// It may be refused: it is no booking, opens nothing, and the booking that comes of it ends it.
TEST(PrimaryAdapter, ARequestToBookIsToldAsAskedForUntilItsSlotIsBooked) {
  const auto asked = Carried(WithSlot(Appointment("booked", ""), "Slot/1"));
  ASSERT_EQ(asked.drafts.size(), 1U);
  EXPECT_EQ(asked.patient.local_identifiers.at(0).value, "7");
  EXPECT_EQ(asked.drafts[0].entry.intent, record::Intent::kOrdered);
  EXPECT_EQ(asked.drafts[0].entry.status, record::ClinicalStatus::kUnstated);
  EXPECT_FALSE(asked.encounter.has_value());
  const std::vector<std::string> key = {asked.drafts[0].source_key};
  for (const char* status : {"booked", "cancelled", "fulfilled"}) {
    EXPECT_EQ(Carried(WithSlot(Appointment(status), "Slot/1")).withdrawn_keys, key);
    EXPECT_EQ(Carried(WithSlot(Appointment(status), "https://gp.test/Slot/1")).withdrawn_keys, key);
    EXPECT_NE(Carried(WithSlot(Appointment(status), "Slot/2")).withdrawn_keys, key);
  }
  for (const char* slot : {"urn:uuid:1", "#1", "Slots/1"}) {
    EXPECT_EQ(ErrorOf(WithSlot(Appointment("booked", ""), slot)).id,
              base::ErrorId::kMessageUnsupported);
  }
  EXPECT_EQ(ErrorOf(WithSlot(Appointment("fulfilled", ""), "Slot/1")).id,
            base::ErrorId::kMessageUnsupported);
}

// An answer to a search is a part of a record: it ends nothing that it does not send.
TEST(PrimaryAdapter, APartOfARecordReplacesNoSection) {
  const std::string list = R"({"resource":{"resourceType":"List","status":"current",
      "mode":"snapshot","code":{"coding":[{"code":"886921000000105"}]},
      "subject":{"reference":"Patient/7"},"entry":[{"item":{"reference":"AllergyIntolerance/a"}}]}},
      {"resource":{"resourceType":"AllergyIntolerance","id":"a","code":{"text":"Nuts"},
      "patient":{"reference":"Patient/7"}}})";
  for (const char* type : {"collection", "searchset"}) {
    const auto carried = Carried(R"({"resourceType":"Bundle","type":")" + std::string(type) +
                                 R"(","entry":[)" + list + "]}");
    EXPECT_EQ(carried.drafts.size(), 1U) << type;
    EXPECT_TRUE(carried.snapshot_of.empty()) << type;
  }
}

TEST(PrimaryAdapter, AResourceSaysWhichVersionItIs) {
  const auto at = record::Span::Of(*record::When::ParseIso("2026-02-01T00:00:00Z"));
  const auto carried = Carried(Bundle(R"(,{"resource":{"resourceType":"AllergyIntolerance","id":"a",
      "meta":{"lastUpdated":"2026-02-01T00:00:00Z"},"clinicalStatus":"active",
      "verificationStatus":"confirmed","patient":{"reference":"Patient/p"},
      "code":{"text":"Latex"}}})",
                                      R"("timestamp":"2026-02-01T00:00:00Z",)"));
  const auto allergy = std::find_if(
      carried.drafts.begin(), carried.drafts.end(),
      [](const auto& draft) { return draft.source_key.starts_with("AllergyIntolerance/"); });
  ASSERT_NE(allergy, carried.drafts.end());
  EXPECT_EQ(allergy->version, (record::Version{.made = at, .sent = at}));
}

}  // namespace
}  // namespace milecastle::primary

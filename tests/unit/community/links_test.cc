// What a labelled request led to bears its label, whichever of the two came first, and however the
// request is named: medicines, results, pictures, appointments, visits, documents of FHIR R4.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "community/adapter.h"
#include "kit/bearers.h"

namespace milecastle::community {
namespace {

using testing::UnorderedElementsAre;

constexpr std::string_view kServer = "https://fhir.example.org/r4/";

std::string Resource(const std::string& type, const std::string& id, const std::string& members) {
  return R"(,{"fullUrl":")" + std::string(kServer) + type + "/" + id +
         R"(","resource":{"resourceType":")" + type + R"(","id":")" + id +
         R"(","subject":{"reference":"Patient/p"},"patient":{"reference":"Patient/p"},)" + members +
         "}}";
}

class Told {
 public:
  Told& By(const std::string& entries) {
    const std::string bundle =
        R"({"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":")" +
        std::string(kServer) + R"(Patient/p",
        "resource":{"resourceType":"Patient","id":"p","identifier":[
        {"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}})" +
        entries + "]}";
    auto reading = MakeAdapter()->Read(bundle, {});
    EXPECT_TRUE(reading.patients.front()) << base::Describe(reading.patients.front().error());
    if (reading.patients.front()) bearers_.Add(std::move(reading.patients.front()->drafts));
    return *this;
  }
  std::multiset<std::string> Bearers() const { return bearers_.Names(); }

 private:
  kit::Bearers bearers_;
};

struct Led {
  std::string request;  // its type
  std::string to;
  std::string members;
};
const std::string kMedicine = R"("medicationCodeableConcept":{"text":"It"},)";
const std::string kCode = R"("code":{"text":"It"},)";

const std::vector<Led> kLed = {
    {"MedicationRequest", "MedicationDispense",
     kMedicine + R"("status":"completed","authorizingPrescription":[{"reference":"REQ"}])"},
    {"MedicationRequest", "MedicationAdministration",
     kMedicine + R"("status":"completed","request":{"reference":"REQ"})"},
    {"MedicationRequest", "MedicationStatement",
     kMedicine + R"("status":"active","basedOn":[{"reference":"REQ"}])"},
    {"MedicationRequest", "MedicationRequest",
     kMedicine + R"("status":"active","intent":"order","priorPrescription":{"reference":"REQ"})"},
    {"ServiceRequest", "Observation",
     kCode + R"("status":"final","basedOn":[{"reference":"REQ"}])"},
    {"ServiceRequest", "DiagnosticReport",
     kCode + R"("status":"final","basedOn":[{"reference":"REQ"}])"},
    {"ServiceRequest", "ImagingStudy",
     R"("procedureCode":[{"text":"It"}],"status":"available","basedOn":[{"reference":"REQ"}])"},
    {"ServiceRequest", "Specimen", R"("type":{"text":"It"},"request":[{"reference":"REQ"}])"},
    {"ServiceRequest", "Procedure",
     kCode + R"("status":"completed","basedOn":[{"reference":"REQ"}])"},
    {"ServiceRequest", "ServiceRequest",
     kCode + R"("status":"active","intent":"order","basedOn":[{"reference":"REQ"}])"},
    {"ServiceRequest", "Appointment",
     R"("serviceType":[{"text":"It"}],"status":"booked","basedOn":[{"reference":"REQ"}],
        "participant":[{"actor":{"reference":"Patient/p"},"status":"accepted"}])"},
    {"ServiceRequest", "Encounter",
     R"("type":[{"text":"It"}],"status":"finished","basedOn":[{"reference":"REQ"}])"},
    {"ServiceRequest", "EpisodeOfCare",
     R"("type":[{"text":"It"}],"status":"active","referralRequest":[{"reference":"REQ"}])"},
    {"ServiceRequest", "Communication",
     R"("topic":{"text":"It"},"status":"completed","basedOn":[{"reference":"REQ"}])"},
    {"ServiceRequest", "DocumentReference",
     R"("type":{"text":"It"},"status":"current","content":[],"context":{"related":[{"reference":"REQ"}]})"}};

std::string Request(const Led& led) {
  const bool medicine = led.request == "MedicationRequest";
  const std::string what = medicine ? "medicationCodeableConcept" : "code";
  return Resource(led.request, "r",
                  "\"" + what + R"(":{"text":"GUM"},"status":"active","intent":"order")");
}
std::string Outcome(const Led& led, const std::string& reference) {
  std::string members = led.members;
  members.replace(members.find("REQ"), 3, reference);
  return Resource(led.to, "it", members);
}

TEST(CommunityLinks, WhatALabelledRequestLedToBearsItsLabelInEitherOrder) {
  for (const Led& led : kLed) {
    const std::string it = Outcome(led, led.request + "/r");
    EXPECT_THAT(Told().By(Request(led) + it).Bearers(), UnorderedElementsAre("It")) << led.to;
    EXPECT_THAT(Told().By(Request(led)).By(it).Bearers(), UnorderedElementsAre("It")) << led.to;
    EXPECT_THAT(Told().By(it).By(Request(led)).Bearers(), UnorderedElementsAre("It")) << led.to;
  }
}

TEST(CommunityLinks, ARequestIsTheSameByItsAbsoluteAddressOnTheirServer) {
  for (const Led& led : kLed) {
    const std::string it = Outcome(led, std::string(kServer) + led.request + "/r/_history/2");
    EXPECT_THAT(Told().By(it).By(Request(led)).Bearers(), UnorderedElementsAre("It")) << led.to;
  }
}

TEST(CommunityLinks, ARequestOfAnotherServerIsAnother) {
  for (const Led& led : kLed) {
    const std::string it = Outcome(led, "https://other.example.org/r4/" + led.request + "/r");
    EXPECT_TRUE(Told().By(it).By(Request(led)).Bearers().empty()) << led.to;
  }
}

TEST(CommunityLinks, AnAppointmentForALabelledVisitAndALetterOfTwoBearIt) {
  const std::string visit =
      Resource("Encounter", "v", R"("type":[{"text":"GUM"}],"status":"finished",
        "appointment":[{"reference":"Appointment/it"}])");
  const std::string it = Resource("Appointment", "it", R"("serviceType":[{"text":"It"}],
        "status":"fulfilled","participant":[{"actor":{"reference":"Patient/p"}}])");
  EXPECT_THAT(Told().By(it).By(visit).Bearers(), UnorderedElementsAre("It"));
  const std::string letter = Resource("DocumentReference", "l",
                                      R"("type":{"text":"Letter"},"status":"current","content":[],
        "context":{"encounter":[{"reference":"Encounter/w"},{"reference":"Encounter/v"}]})");
  EXPECT_THAT(Told().By(letter).By(visit).Bearers(), UnorderedElementsAre("Letter"));
}

}  // namespace
}  // namespace milecastle::community

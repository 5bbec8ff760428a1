// What a labelled request led to bears its label, whichever of the two came first: FHIR STU3.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kit/bearers.h"
#include "primary/adapter.h"

namespace milecastle::primary {
namespace {

using testing::UnorderedElementsAre;

std::string Resource(const std::string& type, const std::string& id, const std::string& members) {
  return R"(,{"resource":{"resourceType":")" + type + R"(","id":")" + id +
         R"(","subject":{"reference":"Patient/p"},"patient":{"reference":"Patient/p"},)" + members +
         "}}";
}

class Told {
 public:
  Told& By(const std::string& entries) {
    const std::string bundle =
        R"({"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patient",
        "id":"p","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}})" +
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
    {"MedicationRequest", "MedicationRequest",
     kMedicine + R"("status":"active","intent":"order","basedOn":[{"reference":"REQ"}])"},
    {"MedicationRequest", "MedicationStatement",
     kMedicine + R"("status":"active","taken":"unk","basedOn":[{"reference":"REQ"}])"},
    {"MedicationRequest", "MedicationStatement",
     kMedicine + R"("status":"active","taken":"unk","derivedFrom":[{"reference":"REQ"}])"},
    {"ProcedureRequest", "Observation",
     kCode + R"("status":"final","basedOn":[{"reference":"REQ"}])"},
    {"ProcedureRequest", "DiagnosticReport",
     kCode + R"("status":"final","basedOn":[{"reference":"REQ"}])"},
    {"ProcedureRequest", "ProcedureRequest",
     kCode + R"("status":"active","intent":"order","basedOn":[{"reference":"REQ"}])"},
    {"ProcedureRequest", "Specimen", R"("type":{"text":"It"},"request":[{"reference":"REQ"}])"},
    {"ReferralRequest", "ReferralRequest",
     R"("serviceRequested":[{"text":"It"}],"status":"active","intent":"order",
        "basedOn":[{"reference":"REQ"}])"},
    {"ReferralRequest", "Appointment",
     R"("appointmentType":{"text":"It"},"status":"booked","incomingReferral":[{"reference":"REQ"}],
        "participant":[{"actor":{"reference":"Patient/p"},"status":"accepted"}])"},
    {"ReferralRequest", "Appointment",
     R"("appointmentType":{"text":"It"},"status":"booked","supportingInformation":[{"reference":"REQ"}],
        "participant":[{"actor":{"reference":"Patient/p"},"status":"accepted"}])"},
    {"ReferralRequest", "Encounter",
     R"("type":[{"text":"It"}],"status":"finished","incomingReferral":[{"reference":"REQ"}])"},
    {"ReferralRequest", "DocumentReference",
     R"("type":{"text":"It"},"status":"current","content":[],
        "context":{"related":[{"ref":{"reference":"REQ"}}]})"}};

std::string Request(const Led& led) {
  const std::string what = led.request == "MedicationRequest" ? R"("medicationCodeableConcept":)"
                           : led.request == "ReferralRequest" ? R"("specialty":)"
                                                              : R"("code":)";
  return Resource(led.request, "r", what + R"({"text":"GUM"},"status":"active","intent":"order")");
}
std::string Outcome(const Led& led) {
  std::string members = led.members;
  members.replace(members.find("REQ"), 3, led.request + "/r");
  return Resource(led.to, "it", members);
}

TEST(PrimaryLinks, WhatALabelledRequestLedToBearsItsLabelInEitherOrder) {
  for (const Led& led : kLed) {
    const std::string it = Outcome(led);
    EXPECT_THAT(Told().By(Request(led) + it).Bearers(), UnorderedElementsAre("It")) << led.members;
    EXPECT_THAT(Told().By(Request(led)).By(it).Bearers(), UnorderedElementsAre("It"))
        << led.members;
    EXPECT_THAT(Told().By(it).By(Request(led)).Bearers(), UnorderedElementsAre("It"))
        << led.members;
  }
}

TEST(PrimaryLinks, AnAppointmentOfALabelledVisitBearsItsLabel) {
  const std::string visit =
      Resource("Encounter", "v", R"("type":[{"text":"GUM"}],"status":"finished",
        "appointment":{"reference":"Appointment/it"})");
  const std::string it = Resource("Appointment", "it", R"("appointmentType":{"text":"It"},
        "status":"fulfilled","participant":[{"actor":{"reference":"Patient/p"}}])");
  EXPECT_THAT(Told().By(it).By(visit).Bearers(), UnorderedElementsAre("It"));
}

}  // namespace
}  // namespace milecastle::primary

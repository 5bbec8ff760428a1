#include "messages.h"

#include <array>
#include <cstdio>
#include <string_view>

namespace milecastle::bench {
namespace {

using Text = std::string;

std::string Padded(std::size_t number, int digits) {
  std::array<char, 24> text{};
  const int length = std::snprintf(text.data(), text.size(), "%0*zu", digits, number);
  return {text.data(), static_cast<std::size_t>(length)};
}

// A day of 2016 to 2025, never the same for neighbours.
std::string Day(std::size_t number) {
  return Padded(2016 + number % 10, 4) + "-" + Padded(1 + number / 10 % 12, 2) + "-" +
         Padded(1 + number / 120 % 28, 2);
}

Text Coding(const Text& code, const Text& display) {
  return R"({"coding":[{"extension":[{"url":"https://fhir.nhs.uk/STU3/StructureDefinition/)"
         R"(Extension-coding-sctdescid","extension":[{"url":"descriptionId","valueId":")" +
         code + R"("},{"url":"descriptionDisplay","valueString":")" + display +
         R"("}]}],"system":"http://snomed.info/sct","code":")" + code + R"(","display":")" +
         display + R"("}]})";
}

Text Meta(const Text& profile) {
  return R"("meta":{"versionId":"1","profile":["https://fhir.nhs.uk/STU3/StructureDefinition/)" +
         profile + R"("]})";
}

Text Identifier(const Text& value) {
  return R"("identifier":[{"system":"https://EMISWeb/Z99001","value":")" + value + R"("}])";
}

Text Observation(const Text& id, std::size_t n) {
  return R"({"resourceType":"Observation","id":")" + id + R"(",)" +
         Meta("CareConnect-GPC-Observation-1") + "," + Identifier(id) +
         R"(,"status":"final","code":)" + Coding(Padded(271649000 + n % 40, 9), "Blood pressure") +
         R"(,"subject":{"reference":"Patient/p1"},"effectiveDateTime":")" + Day(n) +
         R"(","issued":")" + Day(n) +
         R"(T10:11:12+00:00","performer":[{"reference":"Practitioner/gp1"}],)"
         R"("valueQuantity":{"value":)" +
         Padded(90 + n % 80, 1) +
         R"(.5,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"},)"
         R"("comment":"Taken seated, left arm"})";
}

Text Immunisation(const Text& id, std::size_t n) {
  return R"({"resourceType":"Immunization","id":")" + id + R"(",)" +
         Meta("CareConnect-GPC-Immunization-1") + "," + Identifier(id) +
         R"(,"status":"completed","notGiven":false,"vaccineCode":)" +
         Coding(Padded(39114911000001100 + n % 20, 17), "Influenza vaccine") +
         R"(,"patient":{"reference":"Patient/p1"},"date":")" + Day(n) +
         R"(","primarySource":true,"lotNumber":"LOT)" + Padded(n, 5) +
         R"(","practitioner":[{"role":{"coding":[{"code":"AP","display":"Administering Provider"}]},)"
         R"("actor":{"reference":"Practitioner/gp1"}}],"doseQuantity":{"value":0.5,"unit":"ml"}})";
}

Text Condition(const Text& id, std::size_t n) {
  return R"({"resourceType":"Condition","id":")" + id + R"(",)" +
         Meta("CareConnect-GPC-ProblemHeader-Condition-1") + "," + Identifier(id) +
         R"(,"extension":[{"url":"https://fhir.hl7.org.uk/STU3/StructureDefinition/)"
         R"(Extension-CareConnect-ProblemSignificance-1","valueCode":"minor"}],)"
         R"("clinicalStatus":"active","category":[{"coding":[{"code":"problem-list-item"}]}],)"
         R"("code":)" +
         Coding(Padded(30989000 + n % 60, 8), "Knee pain") +
         R"(,"subject":{"reference":"Patient/p1"},"onsetDateTime":")" + Day(n) +
         R"(","assertedDate":")" + Day(n) + R"(","asserter":{"reference":"Practitioner/gp1"},)" +
         R"("note":[{"text":"Worse on stairs; no swelling, no locking"}]})";
}

Text Allergy(const Text& id, std::size_t n) {
  return R"({"resourceType":"AllergyIntolerance","id":")" + id + R"(",)" +
         Meta("CareConnect-GPC-AllergyIntolerance-1") + "," + Identifier(id) +
         R"(,"clinicalStatus":"active","verificationStatus":"unconfirmed","type":"allergy",)"
         R"("category":["medication"],"criticality":"high","code":)" +
         Coding(Padded(91936000 + n % 30, 8), "Allergy to penicillin") +
         R"(,"patient":{"reference":"Patient/p1"},"onsetDateTime":")" + Day(n) +
         R"(","assertedDate":")" + Day(n) +
         R"(","recorder":{"reference":"Practitioner/gp1"},"reaction":[{"manifestation":[)" +
         Coding("39579001", "Anaphylaxis") + R"(],"severity":"severe"}]})";
}

struct Area {
  Text type;
  Text title;
  Text list_code;
  std::size_t count;
  Text (*make)(const Text& id, std::size_t number);
};

const std::vector<Area>& Areas() {
  static const std::vector<Area> areas = {
      {"Observation", "Uncategorised data", "826501000000100", 480, &Observation},
      {"Immunization", "Immunisations", "1102181000000102", 330, &Immunisation},
      {"Condition", "Problems", "717711000000103", 260, &Condition},
      {"AllergyIntolerance", "Allergies and adverse reactions", "886921000000105", 120, &Allergy}};
  return areas;
}

Text IdOf(const Area& area, std::size_t patient, std::size_t number) {
  return area.type.substr(0, 2) + Padded(patient, 5) + "-" + Padded(number, 4);
}

void AddResource(Text& bundle, const Text& resource) {
  if (bundle.back() != '[') bundle += ',';
  bundle += R"({"resource":)" + resource + "}";
}

Text ListOf(const Area& area, std::size_t patient) {
  Text list = R"({"resourceType":"List",)" + Meta("CareConnect-GPC-List-1") +
              R"(,"status":"current","mode":"snapshot","title":")" + area.title +
              R"(","code":{"coding":[{"system":"http://snomed.info/sct","code":")" +
              area.list_code + R"(","display":")" + area.title +
              R"("}]},"subject":{"reference":"Patient/p1"},"date":"2026-11-20T09:00:00+00:00",)"
              R"("entry":[)";
  for (std::size_t i = 0; i < area.count; ++i) {
    if (i > 0) list += ',';
    list += R"({"item":{"reference":")" + area.type + "/" + IdOf(area, patient, i) + R"("}})";
  }
  return list + "]}";
}

Text PatientResource(const Text& nhs_number) {
  return R"({"resourceType":"Patient","id":"p1",)" + Meta("CareConnect-GPC-Patient-1") +
         R"(,"identifier":[{"extension":[{"url":"https://fhir.nhs.uk/STU3/StructureDefinition/)"
         R"(Extension-CareConnect-GPC-NHSNumberVerificationStatus-1","valueCodeableConcept":)"
         R"({"coding":[{"system":"https://fhir.nhs.uk/STU3/CodeSystem/)"
         R"(CareConnect-NHSNumberVerificationStatus-1","code":"01","display":)"
         R"("Number present and verified"}]}}],"system":"https://fhir.nhs.uk/Id/nhs-number",)"
         R"("value":")" +
         nhs_number +
         R"("}],"active":true,"name":[{"use":"official","family":"Hadrian","given":["Aelia"]}],)"
         R"("gender":"female","birthDate":"1962-07-13","generalPractitioner":[)"
         R"({"reference":"Practitioner/gp1"}],"managingOrganization":)"
         R"({"reference":"Organization/o1"}})";
}

}  // namespace

std::vector<std::string> NhsNumbers(std::size_t count) {
  std::vector<std::string> numbers;
  for (std::size_t body = 0; numbers.size() < count; ++body) {
    const std::string nine = "999" + Padded(body, 6);
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (record::NhsNumber::Parse(nine + digit)) numbers.push_back(nine + digit);
    }
  }
  return numbers;
}

Admissions::Admissions(std::size_t patients) : numbers_(NhsNumbers(patients)) {}

std::string Admissions::ControlId(std::size_t index) { return "M" + Padded(index, 9); }

std::string Admissions::Message(std::size_t index) const {
  const std::size_t patient = index % numbers_.size();
  const Text who = Padded(patient, 6);
  const Text visit = "V" + Padded(index, 9);
  return R"(MSH|^~\&|PAS|RXX|MC|ICS|20261122093000||ADT^A01^ADT_A01|)" + ControlId(index) +
         "|P|2.4||||||UNICODE UTF-8\rEVN|A01|20261122093000|||U123^CLERK^WARD^^^MISS|"
         "20261122091500\rPID|1||" +
         numbers_[patient] + "^^^NHS^NH~A" + who +
         "^^^RXX^MR||FOLEY^ANN^MARY^^MRS^^L||19650412|F|||29 WEST AVENUE^LOWTOWN^MIDCHESTER^"
         "NORTHSHIRE^NX1 2AB^GBR^H||01632960001^PRN^PH~^NET^Internet^ann.foley@example.org|"
         "01632960002^WPN^PH||||||||A^White - British||||||||N||NSTS01\r"
         "PV1|1|I|WARD5^BAY2^BED6^RXX|21|||C9990001^DARWIN^SAMUEL^^^DR^^^GMC|"
         "G9990001^TOWNLEY^GRACE^^^DR^^^GMP||300||||19|||||" +
         visit +
         "^^^RXX^VN|||||||||||||||||||||||||20261122091000\rPV2|||^Chest pain|||||20261122|"
         "20261125\rOBX|1|NM|WT^Body weight^99RXX||" +
         Padded(40 + index % 60, 1) + "." + Padded(index % 10, 1) +
         "|kg^^UCUM|||||F|||20261122092000\r"
         "DG1|1||R07.4^Chest pain, unspecified^I10|Chest pain|20261122091000|A\r";
}

std::string StructuredBundle(std::size_t patient, const std::string& nhs_number) {
  Text bundle = R"({"resourceType":"Bundle","id":"b)" + Padded(patient, 6) +
                R"(","meta":{"profile":["https://fhir.nhs.uk/STU3/StructureDefinition/)"
                R"(GPConnect-StructuredRecord-Bundle-1"]},"type":"collection","entry":[)";
  AddResource(bundle, PatientResource(nhs_number));
  AddResource(bundle, R"({"resourceType":"Organization","id":"o1","identifier":[{"system":)"
                      R"("https://fhir.nhs.uk/Id/ods-organization-code","value":"Z99001"}],)"
                      R"("name":"Wallsend Surgery"})");
  AddResource(bundle, R"({"resourceType":"Practitioner","id":"gp1","identifier":[{"system":)"
                      R"("https://fhir.nhs.uk/Id/sds-user-id","value":"100000000001"}],)"
                      R"("name":[{"use":"official","family":"Nero","given":["Titus"]}]})");
  for (const Area& area : Areas()) {
    AddResource(bundle, ListOf(area, patient));
    for (std::size_t i = 0; i < area.count; ++i) {
      AddResource(bundle, area.make(IdOf(area, patient, i), i));
    }
  }
  return bundle + "]}";
}

}  // namespace milecastle::bench

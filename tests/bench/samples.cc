#include "samples.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "community/adapter.h"
#include "messages.h"
#include "primary/adapter.h"
#include "report.h"
#include "social_care/adapter.h"

namespace milecastle::bench {
namespace {

using Text = std::string;
using People = std::vector<std::string>;

Text Padded(std::size_t number, int digits) {
  std::array<char, 24> text{};
  const int length = std::snprintf(text.data(), text.size(), "%0*zu", digits, number);
  return {text.data(), static_cast<std::size_t>(length)};
}

Text Day(std::size_t number) {
  return Padded(2016 + number % 10, 4) + "-" + Padded(1 + number / 10 % 12, 2) + "-" +
         Padded(1 + number / 120 % 28, 2);
}

// UK Core R4.

Text Coding(const Text& code, const Text& display) {
  return R"({"coding":[{"system":"http://snomed.info/sct","code":")" + code + R"(","display":")" +
         display + R"("}]})";
}

Text StatusCoding(const Text& system, const Text& code) {
  return R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/)" + system +
         R"(","code":")" + code + R"("}]})";
}

Text Head(const Text& type, const Text& id) {
  return R"({"resourceType":")" + type + R"(","id":")" + id +
         R"(","meta":{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-)" + type +
         R"("]})";
}

Text Identified(const Text& type, const Text& id) {
  return Head(type, id) + R"(,"identifier":[{"system":"https://ravenglass.example/id","value":")" +
         id + R"("}])";
}

Text Observation(const Text& id, std::size_t n) {
  return Identified("Observation", id) + R"(,"status":"final","category":[)" +
         StatusCoding("observation-category", "vital-signs") + R"(],"code":)" +
         Coding(Padded(271649000 + n % 40, 9), "Blood pressure") +
         R"(,"subject":{"reference":"Patient/p1"},"effectiveDateTime":")" + Day(n) +
         R"(","issued":")" + Day(n) +
         R"(T10:11:12+00:00","performer":[{"reference":"Practitioner/n1"}],)"
         R"("valueQuantity":{"value":)" +
         Padded(90 + n % 80, 1) +
         R"(.5,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"},)"
         R"("note":[{"text":"Taken seated, left arm"}]})";
}

Text Immunisation(const Text& id, std::size_t n) {
  return Identified("Immunization", id) + R"(,"status":"completed","vaccineCode":)" +
         Coding(Padded(39114911000001100 + n % 20, 17), "Influenza vaccine") +
         R"(,"patient":{"reference":"Patient/p1"},"occurrenceDateTime":")" + Day(n) +
         R"(","primarySource":true,"lotNumber":"LOT)" + Padded(n, 5) +
         R"(","performer":[{"actor":{"reference":"Practitioner/n1"}}],)"
         R"("doseQuantity":{"value":0.5,"unit":"ml"}})";
}

Text Condition(const Text& id, std::size_t n) {
  return Identified("Condition", id) + R"(,"clinicalStatus":)" +
         StatusCoding("condition-clinical", "active") + R"(,"verificationStatus":)" +
         StatusCoding("condition-ver-status", "confirmed") + R"(,"category":[)" +
         StatusCoding("condition-category", "problem-list-item") + R"(],"code":)" +
         Coding(Padded(30989000 + n % 60, 8), "Knee pain") +
         R"(,"subject":{"reference":"Patient/p1"},"onsetDateTime":")" + Day(n) +
         R"(","recordedDate":")" + Day(n) + R"(","asserter":{"reference":"Practitioner/n1"},)" +
         R"("note":[{"text":"Worse on stairs; no swelling, no locking"}]})";
}

Text Allergy(const Text& id, std::size_t n) {
  return Identified("AllergyIntolerance", id) + R"(,"clinicalStatus":)" +
         StatusCoding("allergyintolerance-clinical", "active") + R"(,"verificationStatus":)" +
         StatusCoding("allergyintolerance-verification", "confirmed") +
         R"(,"type":"allergy","category":["medication"],"criticality":"high","code":)" +
         Coding(Padded(91936000 + n % 30, 8), "Allergy to penicillin") +
         R"(,"patient":{"reference":"Patient/p1"},"onsetDateTime":")" + Day(n) +
         R"(","recordedDate":")" + Day(n) +
         R"(","recorder":{"reference":"Practitioner/n1"},"reaction":[{"manifestation":[)" +
         Coding("39579001", "Anaphylaxis") + R"(],"severity":"severe"}]})";
}

void AddResource(Text& bundle, const Text& id, const Text& resource) {
  bundle += (bundle.back() == '[' ? "" : ",");
  bundle += R"({"fullUrl":"https://ravenglass.example/)" + id + R"(","resource":)" + resource + "}";
}

// About 1 MB and 1,300 resources of one patient.
Text UkCoreBundle(std::size_t number, const People& who) {
  struct Kind {
    Text prefix;
    std::size_t count;
    Text (*make)(const Text& id, std::size_t number);
  };
  Text bundle = R"({"resourceType":"Bundle","id":"r)" + Padded(number, 6) +
                R"(","type":"collection","timestamp":"2026-11-20T09:00:00+00:00","entry":[)";
  AddResource(bundle, "Patient/p1",
              Head("Patient", "p1") +
                  R"(,"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":")" +
                  who.front() +
                  R"("}],"name":[{"use":"official","family":"Hadrian","given":["Aelia"]}],)"
                  R"("gender":"female","birthDate":"1962-07-13",)"
                  R"("managingOrganization":{"reference":"Organization/o1"}})");
  AddResource(bundle, "Organization/o1",
              R"({"resourceType":"Organization","id":"o1","identifier":[{"system":)"
              R"("https://fhir.nhs.uk/Id/ods-organization-code","value":"RXC"}]})");
  AddResource(bundle, "Practitioner/n1",
              R"({"resourceType":"Practitioner","id":"n1","identifier":[{"system":)"
              R"("https://fhir.hl7.org.uk/Id/nmc-number","value":"99A9999E"}],)"
              R"("name":[{"family":"Nero","given":["Titus"]}]})");
  for (const Kind& kind : std::vector<Kind>{{"Observation/ob", 480, &Observation},
                                            {"Immunization/im", 330, &Immunisation},
                                            {"Condition/co", 260, &Condition},
                                            {"AllergyIntolerance/al", 120, &Allergy}}) {
    for (std::size_t i = 0; i < kind.count; ++i) {
      const Text path = kind.prefix + Padded(number, 5) + "-" + Padded(i, 4);
      AddResource(bundle, path, kind.make(path.substr(path.find('/') + 1), i));
    }
  }
  return bundle + "]}";
}

// Client Level Data, two events for each of a hundred people: one message of a return.
Text Return(std::size_t number, const People& who) {
  Text rows =
      "LA_Code,Reporting_Period_Start_Date,Reporting_Period_End_Date,NHS_Number,"
      "LA_Person_Unique_Identifier,GP_Practice_Code,Gender,Ethnicity,Date_of_Birth,Client_Type,"
      "Primary_Support_Reason,Postcode,Accommodation_Status,Employment_Status,Has_Unpaid_Carer,"
      "Event_Type,Event_Reference,Event_Start_Date,Event_End_Date,Event_Description,Event_Outcome,"
      "Request_Route_of_Access,Assessment_Type,Service_Type,Service_Component,Delivery_Mechanism\n";
  for (std::size_t i = 0; i < who.size(); ++i) {
    const Text id = "NM-" + Padded(number, 5) + "-" + Padded(i, 3);
    const Text person =
        "ZL1,2026-04-01,2026-06-30," + who[i] + "," + id +
        ",Z99001,Female,\"White: English, Welsh, Scottish, Northern Irish or British\",1941-02-" +
        Padded(1 + i % 28, 2) +
        ",Service user,Physical Support: Personal care support,ZZ99 1AA,Owner "
        "occupier,Retired,Yes,";
    rows += person + "Request,R-" + id +
            ",2026-04-02,2026-04-03,,\"Progress to assessment, review or reassessment\","
            "Discharge from hospital,,,,\n";
    rows += person + "Service,S-" + id +
            ",2026-04-20,,,,,,Long term support: Community,Home support,"
            "CASSR managed personal budget\n";
  }
  return rows;
}

// CDA.

Text Id(std::size_t number, std::size_t part) {
  return R"(<id root="0A0A0A0A-0000-4000-8)" + Padded(part % 1000, 3) + "-" + Padded(number, 12) +
         R"("/>)";
}

Text Code(const Text& element, std::size_t code, const Text& words) {
  return "<" + element + R"( code=")" + Padded(code, 8) +
         R"(" codeSystem="2.16.840.1.113883.6.96" displayName=")" + words + R"("/>)";
}

Text ProblemEntry(std::size_t number, std::size_t n) {
  return R"(<entry><act classCode="ACT" moodCode="EVN">)" + Id(number, 2 * n) +
         R"(<code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>)"
         R"(<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">)" +
         Id(number, 2 * n + 1) + Code("code", 55607006, "Problem") +
         R"(<statusCode code="completed"/><effectiveTime><low value="2001"/></effectiveTime>)" +
         Code(R"(value xsi:type="CD")", 99990101 + n, "Imagined asthma") +
         "</observation></entryRelationship></act></entry>";
}

Text MedicineEntry(std::size_t number, std::size_t n) {
  return R"(<entry><substanceAdministration classCode="SBADM" moodCode="EVN">)" +
         Id(number, 400 + n) +
         R"(<statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="20250201"/>)"
         "</effectiveTime>" +
         Code("routeCode", 99990122, "by mouth") +
         R"(<doseQuantity value="500" unit="mg"/><consumable><manufacturedProduct>)"
         "<manufacturedMaterial>" +
         Code("code", 99990121 + n, "Imagined tablets") +
         "</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration>"
         "</entry>";
}

Text CodedSection(const Text& code, const Text& title, std::size_t number,
                  Text (*make)(std::size_t number, std::size_t n)) {
  constexpr std::size_t kEntries = 100;
  Text section = R"(<component><section><code code=")" + code +
                 R"(" codeSystem="2.16.840.1.113883.6.1"/><title>)" + title +
                 "</title><text><table><tbody>";
  for (std::size_t i = 0; i < kEntries; ++i) {
    section += "<tr><td>Imagined item " + Padded(i, 3) + "</td><td>as it was told at the visit, " +
               "with what was done about it</td></tr>";
  }
  section += "</tbody></table></text>";
  for (std::size_t i = 0; i < kEntries; ++i) section += make(number, i);
  return section + "</section></component>";
}

// About 140 KB: a document of two sections, of a hundred entries each.
Text Document(std::size_t number, const People& who) {
  return R"(<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3" )"
         R"(xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" classCode="DOCCLIN" )"
         R"(moodCode="EVN"><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>)" +
         Id(number, 999) + Code("code", 99990100, "Summary of care") +
         R"(<title>Summary of care</title><effectiveTime value="20250210"/>)"
         R"(<confidentialityCode code="N" codeSystem="2.16.840.1.113883.1.11.16926"/>)"
         R"(<recordTarget><patientRole><id root="2.16.840.1.113883.2.1.4.1" extension=")" +
         who.front() +
         R"("/><patient><name use="L"><given>Ada</given><family>Example</family></name>)"
         R"(<administrativeGenderCode code="2"/><birthTime value="19510203"/></patient>)"
         R"(</patientRole></recordTarget><author><time value="20250210"/><assignedAuthor>)"
         R"(<id root="1.2.826.0.1285.0.2.0.65" extension="999000000001"/><assignedPerson><name>)"
         R"(<given>Bea</given><family>Writer</family></name></assignedPerson></assignedAuthor>)"
         R"(</author><custodian><assignedCustodian><representedCustodianOrganization>)"
         R"(<id root="2.16.840.1.113883.2.1.3.2.4.19.1" extension="ZT9"/>)"
         R"(</representedCustodianOrganization></assignedCustodian></custodian>)"
         R"(<component><structuredBody>)" +
         CodedSection("11450-4", "Problems", number, &ProblemEntry) +
         CodedSection("10160-0", "Medications", number, &MedicineEntry) +
         "</structuredBody></component></ClinicalDocument>";
}

Text Practice(std::size_t number, const People& who) {
  return StructuredBundle(number, who.front());
}

const std::vector<Format>& Formats() {
  static const std::vector<Format> formats = {
      {"stu3", "primary", kPractice, 1, &Practice, &primary::MakeAdapter},
      {"r4", "community", "RXC", 1, &UkCoreBundle, &community::MakeAdapter},
      {"csv", "social_care", "ZL1", 100, &Return, &social_care::MakeAdapter},
      {"cda", "community", "ZT9", 1, &Document, &community::MakeAdapter}};
  return formats;
}

}  // namespace

const Format& FormatOf(const std::string& name) {
  const auto found = std::find_if(Formats().begin(), Formats().end(),
                                  [&](const Format& format) { return format.name == name; });
  if (found == Formats().end()) Fail("--format is stu3, r4, csv or cda");
  return *found;
}

std::vector<std::string> MessagesOf(const Format& format, std::size_t count) {
  const auto numbers = NhsNumbers(count * format.people);
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < count; ++i) {
    const auto first = numbers.begin() + static_cast<std::ptrdiff_t>(i * format.people);
    messages.push_back(
        format.message(i, {first, first + static_cast<std::ptrdiff_t>(format.people)}));
  }
  return messages;
}

std::shared_ptr<const port::Feed> FeedOf(const Format& format) {
  auto feed = std::make_shared<port::Feed>();
  feed->name = format.name;
  feed->adapter = format.adapter;
  feed->organisations = {*record::OdsCode::Parse(format.organisation)};
  return feed;
}

}  // namespace milecastle::bench

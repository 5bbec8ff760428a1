// The structured record of a practice, as GP Connect gives it: allergies, medicines, problems,
// immunisations, measurements.
#include <utility>

#include "kit/system/fhir.h"
#include "kit/system/sectors.h"

namespace milecastle::kit {
namespace {

namespace json = boost::json;
using fhir_text::AddEntry;
using fhir_text::Reference;
using fhir_text::Snomed;

constexpr double kSecondRecord =
    40;  // of a thousand: the practice sends it again, with one problem more
constexpr double kTwice = 5, kBroken = 1;

constexpr std::string_view kProfiles = "https://fhir.nhs.uk/STU3/StructureDefinition/";

json::object Meta(std::string_view profile) {
  return {{"versionId", "1"},
          {"profile", json::array{std::string(kProfiles) + std::string(profile)}}};
}

class Record {
 public:
  explicit Record(Life& life) : life_(life), random_(life.town.ChanceOf(life.person, "practice")) {}

  void Tell() {
    AddWho();
    AddAllergies();
    AddProblems();
    AddMedicines();
    AddImmunisations();
    AddMeasurements();
    const std::string practice = PracticeCode(life_.person.practice);
    const std::string bytes = Bundle("1", entries_);
    life_.outbox.Send(practice, "json", bytes, Fate::kAccepted);
    if (random_.PerMille(kTwice)) life_.outbox.SendLate(practice, "json", bytes, Fate::kDuplicate);
    if (random_.PerMille(kSecondRecord)) SendAgain(practice);
    if (random_.PerMille(kBroken)) {
      life_.outbox.Send(practice, "json", bytes.substr(0, bytes.size() / 2), Fate::kRejected);
    }
  }

 private:
  // The practice's own for this person, as GP Connect's Patient.id is.
  std::string PatientId() const { return "p" + std::to_string(life_.person.index); }
  std::string Bundle(const std::string& number, const json::array& entries) const {
    return json::serialize(
        json::object{{"resourceType", "Bundle"},
                     {"id", "gp-" + std::to_string(life_.person.index) + "-" + number},
                     {"meta", Meta("GPConnect-StructuredRecord-Bundle-1")},
                     {"type", "collection"},
                     {"entry", entries}});
  }
  void SendAgain(const std::string& practice) {
    json::array more = entries_;
    more.push_back(json::object{
        {"resource", Problem("c-late", "30989003",
                             "Knee pain " + life_.Word(Join::kJoined, Stands::kInEntry))}});
    problems_.emplace_back("Condition/c-late");
    for (json::value& entry : more) {
      json::object& resource = entry.as_object()["resource"].as_object();
      if (resource["title"] == "Problems")
        resource = List("Problems", "717711000000103", problems_);
    }
    life_.outbox.SendLate(practice, "json", Bundle("2", more), Fate::kAccepted);
  }

  void AddWho() {
    const Person& person = life_.person;
    const Seen seen{Join::kJoined, person.number, person.family,   person.given,
                    person.born,   person.sex,    person.postcode, ""};
    json::object meta = Meta("CareConnect-GPC-Patient-1");
    if (person.location_protected) {
      meta["security"] = json::array{
          json::object{{"system", "http://hl7.org/fhir/v3/Confidentiality"}, {"code", "R"}}};
    }
    json::object verified = fhir_text::Coded(
        "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "01",
        "Number present and verified");
    json::object patient{
        {"resourceType", "Patient"}, {"id", PatientId()}, {"meta", std::move(meta)}};
    patient["extension"] = json::array{json::object{
        {"url", std::string(kProfiles) + "Extension-CareConnect-GPC-RegistrationDetails-1"},
        {"extension",
         json::array{json::object{{"url", "registrationPeriod"},
                                  {"valuePeriod", json::object{{"start", "2011-02-03"}}}}}}}};
    patient["identifier"] = json::array{json::object{
        {"extension", json::array{json::object{
                          {"url", std::string(kProfiles) +
                                      "Extension-CareConnect-GPC-NHSNumberVerificationStatus-1"},
                          {"valueCodeableConcept", std::move(verified)}}}},
        {"system", "https://fhir.nhs.uk/Id/nhs-number"},
        {"value", person.number}}};
    patient["active"] = true;
    fhir_text::AddDemographics(patient, person, seen);
    patient["generalPractitioner"] = json::array{Reference("Practitioner/gp1")};
    patient["managingOrganization"] = Reference("Organization/o1");
    AddEntry(entries_, std::move(patient));
    auto surgery = fhir_text::Organisation("o1", PracticeCode(person.practice));
    surgery["name"] = "Surgery " + std::to_string(person.practice + 1);
    AddEntry(entries_, std::move(surgery));
    AddEntry(
        entries_,
        {{"resourceType", "Practitioner"},
         {"id", "gp1"},
         {"identifier", json::array{json::object{{"system", "https://fhir.nhs.uk/Id/sds-user-id"},
                                                 {"value", "100000000001"}}}},
         {"name", json::array{json::object{
                      {"use", "official"}, {"family", "Nero"}, {"given", json::array{"Titus"}}}}}});
  }

  json::object List(std::string_view title, std::string_view code,
                    const std::vector<std::string>& items) {
    json::object list{{"resourceType", "List"},
                      {"meta", Meta("CareConnect-GPC-List-1")},
                      {"status", "current"},
                      {"mode", "snapshot"},
                      {"title", title},
                      {"code", Snomed(code, title)},
                      {"subject", Reference("Patient/" + PatientId())},
                      {"date", Dashed(kToday) + "T09:00:00+00:00"}};
    json::array entries;
    for (const std::string& item : items)
      entries.push_back(json::object{{"item", Reference(item)}});
    if (!entries.empty()) list["entry"] = std::move(entries);
    if (items.empty())
      list["emptyReason"] = json::object{
          {"coding",
           json::array{json::object{
               {"system",
                "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1"},
               {"code", "no-content-recorded"},
               {"display", "No content recorded"}}}}};
    return list;
  }
  std::string AnyDay() { return Dashed(DaysBefore(kToday, 20 + random_.Below(3000))); }

  void AddAllergies() {
    std::vector<std::string> items;
    if (life_.person.allergic) {
      items.emplace_back("AllergyIntolerance/a1");
      const std::string day = AnyDay();
      AddEntry(entries_,
               {{"resourceType", "AllergyIntolerance"},
                {"id", "a1"},
                {"meta", Meta("CareConnect-GPC-AllergyIntolerance-1")},
                {"clinicalStatus", "active"},
                {"verificationStatus", "unconfirmed"},
                {"type", "allergy"},
                {"category", json::array{"medication"}},
                {"code", Snomed("91936005", "Allergy to penicillin " +
                                                life_.Word(Join::kJoined, Stands::kInEntry))},
                {"assertedDate", day + "T10:11:12+00:00"},
                {"recorder", Reference("Practitioner/gp1")},
                {"patient", Reference("Patient/" + PatientId())}});
    }
    AddEntry(entries_, List("Allergies and adverse reactions", "886921000000105", items));
  }
  json::object Problem(const std::string& id, std::string_view code, const std::string& words) {
    const std::string day = AnyDay();
    return {
        {"resourceType", "Condition"},
        {"id", id},
        {"meta", Meta("CareConnect-GPC-ProblemHeader-Condition-1")},
        {"clinicalStatus", "active"},
        {"category", json::array{json::object{
                         {"coding", json::array{json::object{{"code", "problem-list-item"}}}}}}},
        {"code", Snomed(code, words)},
        {"subject", Reference("Patient/" + PatientId())},
        {"onsetDateTime", day},
        {"assertedDate", day},
        {"asserter", Reference("Practitioner/gp1")}};
  }
  void AddProblems() {
    for (const Illness* illness : life_.person.illnesses) {
      const std::string id = "c" + std::to_string(problems_.size() + 1);
      problems_.push_back("Condition/" + id);
      const std::string word =
          problems_.size() == 1 ? " " + life_.Word(Join::kJoined, Stands::kInEntry) : "";
      AddEntry(entries_, Problem(id, illness->snomed, std::string(illness->words) + word));
    }
    AddEntry(entries_, List("Problems", "717711000000103", problems_));
  }
  void AddMedicines() {
    std::vector<std::string> items;
    for (const Illness* illness : life_.person.illnesses) {
      if (illness->medicine.empty()) continue;
      const std::string number = std::to_string(items.size() + 1);
      items.push_back("MedicationStatement/s" + number);
      AddMedicine(*illness, number);
    }
    AddEntry(entries_, List("Medications and medical devices", "933361000000108", items));
  }
  void AddMedicine(const Illness& illness, const std::string& number) {
    const std::string day = AnyDay();
    AddEntry(entries_, {{"resourceType", "Medication"},
                        {"id", "m" + number},
                        {"code", Snomed(illness.medicine, illness.medicine_words)}});
    AddEntry(entries_, {{"resourceType", "MedicationStatement"},
                        {"id", "s" + number},
                        {"status", "active"},
                        {"taken", "unk"},
                        {"basedOn", json::array{Reference("MedicationRequest/r" + number)}},
                        {"medicationReference", Reference("Medication/m" + number)},
                        {"effectivePeriod", json::object{{"start", day}}},
                        {"dateAsserted", day},
                        {"dosage", json::array{json::object{{"text", "One each day"}}}},
                        {"subject", Reference("Patient/" + PatientId())}});
    AddEntry(entries_,
             {{"resourceType", "MedicationRequest"},
              {"id", "r" + number},
              {"status", "active"},
              {"intent", "plan"},
              {"medicationReference", Reference("Medication/m" + number)},
              {"authoredOn", day},
              {"recorder", Reference("Practitioner/gp1")},
              {"dosageInstruction", json::array{json::object{{"text", "One each day"}}}},
              {"dispenseRequest", json::object{{"validityPeriod", json::object{{"start", day}}}}},
              {"subject", Reference("Patient/" + PatientId())}});
  }
  void AddImmunisations() {
    std::vector<std::string> items;
    const std::size_t count = life_.person.age() >= 65 || life_.person.age() < 18
                                  ? 1 + random_.Below(3)
                                  : random_.Below(2);
    for (std::size_t i = 1; i <= count; ++i) {
      const std::string id = "i" + std::to_string(i);
      items.push_back("Immunization/" + id);
      AddEntry(entries_, {{"resourceType", "Immunization"},
                          {"id", id},
                          {"meta", Meta("CareConnect-GPC-Immunization-1")},
                          {"status", "completed"},
                          {"notGiven", false},
                          {"vaccineCode", Snomed("39114911000001105", "Influenza vaccine")},
                          {"patient", Reference("Patient/" + PatientId())},
                          {"date", AnyDay()},
                          {"primarySource", true}});
    }
    AddEntry(entries_, List("Immunisations", "1102181000000102", items));
  }
  void AddMeasurements() {
    std::vector<std::string> items;
    const std::size_t count = 1 + life_.person.illnesses.size() * 2;
    for (std::size_t i = 1; i <= count; ++i) {
      const std::string id = "o" + std::to_string(i);
      const std::string day = AnyDay();
      items.push_back("Observation/" + id);
      AddEntry(
          entries_,
          {{"resourceType", "Observation"},
           {"id", id},
           {"meta", Meta("CareConnect-GPC-Observation-1")},
           {"status", "final"},
           {"code", Snomed("271649006", i == 1 ? "Systolic blood pressure " +
                                                     life_.Word(Join::kJoined, Stands::kInEntry)
                                               : std::string("Systolic blood pressure"))},
           {"subject", Reference("Patient/" + PatientId())},
           {"effectiveDateTime", day},
           {"issued", day + "T10:11:12+00:00"},
           {"performer", json::array{Reference("Practitioner/gp1")}},
           {"valueQuantity", json::object{{"value", 100 + random_.Below(70)},
                                          {"unit", "mmHg"},
                                          {"system", "http://unitsofmeasure.org"},
                                          {"code", "mm[Hg]"}}}});
    }
    AddEntry(entries_, List("Uncategorised data", "826501000000100", items));
  }

  Life& life_;
  Invented random_;
  json::array entries_;
  std::vector<std::string> problems_;
};

}  // namespace

void TellPractice(Life& life) {
  if (life.person.practice >= 0) Record(life).Tell();
}

}  // namespace milecastle::kit

// UK Core FHIR R4 of the community and mental health trusts, the urgent treatment centre,
// pharmacies and a hospice: bundles as JSON or as XML.
#include <array>
#include <utility>

#include "kit/system/fhir.h"
#include "kit/system/sectors.h"

namespace milecastle::kit {
namespace {

namespace json = boost::json;
using fhir_text::AddEntry;
using fhir_text::Coded;
using fhir_text::Reference;
using fhir_text::Snomed;

constexpr double kTwice = 8;  // of a thousand messages

struct Provider {
  std::string_view code;
  Shares shares;
  bool xml;
  std::string_view problem, words, system;
};
constexpr std::string_view kSnomed = "http://snomed.info/sct";
constexpr auto kProviders = std::to_array<Provider>({
    {"ZC1", {20, 40, 250}, false, "420422005", "Ulcer of foot", kSnomed},
    {"ZM1",
     {30, 70, 60},
     true,
     "MH-100",
     "Under the care of a mental health team",
     "https://milecastle.example/trial-codes"},
    {"ZU1", {80, 60, 40}, false, "44465007", "Sprain of ankle", kSnomed},
    {"ZP1", {50, 150, 500}, false, "", "", kSnomed},
    {"ZH1", {0, 1, 15}, true, "395103004", "Palliative care", kSnomed},
});

class Episode {
 public:
  Episode(Life& life, const Provider& provider, Invented random)
      : life_(life),
        provider_(provider),
        random_(std::move(random)),
        seen_(life.town.SeenBy(random_, life.person, provider.code)) {}

  void Tell() {
    AddWho();
    if (provider_.problem.empty()) {
      AddDispensing();
    } else {
      AddProblem();
      AddMeasurement();
    }
    if (life_.person.dissents && provider_.code == "ZC1") AddDissent();
    const json::object bundle{
        {"resourceType", "Bundle"},
        {"id", std::string(provider_.code) + "-" + std::to_string(life_.person.index)},
        {"timestamp", Dashed(kToday) + "T12:00:00Z"},
        {"type", "collection"},
        {"entry", std::move(entries_)}};
    const std::string bytes = provider_.xml ? fhir_text::AsXml(bundle) : json::serialize(bundle);
    const std::string_view kind = provider_.xml ? "xml" : "json";
    life_.outbox.Send(provider_.code, kind, bytes, FateOf(seen_.join));
    if (random_.PerMille(kTwice))
      life_.outbox.SendLate(provider_.code, kind, bytes, Fate::kDuplicate);
  }

 private:
  void AddWho() {
    json::object patient{{"resourceType", "Patient"}, {"id", "p1"}};
    if (life_.person.location_protected) {
      patient["meta"] = json::object{
          {"security", json::array{json::object{
                           {"system", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"},
                           {"code", "R"}}}}};
    }
    json::array identifiers;
    if (!seen_.number.empty()) {
      const json::object status =
          Coded("https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
                seen_.join == Join::kUntraced ? "02" : "01", "Number present");
      identifiers.push_back(json::object{
          {"extension", json::array{json::object{{"url",
                                                  "https://fhir.hl7.org.uk/StructureDefinition/"
                                                  "Extension-UKCore-NHSNumberVerificationStatus"},
                                                 {"valueCodeableConcept", status}}}},
          {"system", "https://fhir.nhs.uk/Id/nhs-number"},
          {"value", seen_.number}});
    }
    identifiers.push_back(
        json::object{{"system", "https://" + std::string(provider_.code) + ".example/patients"},
                     {"value", seen_.local}});
    patient["identifier"] = std::move(identifiers);
    fhir_text::AddDemographics(patient, life_.person, seen_);
    patient["managingOrganization"] = Reference("Organization/o1");
    AddEntry(entries_, std::move(patient));
    AddEntry(entries_, fhir_text::Organisation("o1", provider_.code));
  }
  void AddProblem() {
    AddEntry(
        entries_,
        {{"resourceType", "Condition"},
         {"id", "c1"},
         {"clinicalStatus",
          Coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active")},
         {"verificationStatus", Coded("http://terminology.hl7.org/CodeSystem/condition-ver-status",
                                      "confirmed", "Confirmed")},
         {"code",
          Coded(provider_.system, provider_.problem,
                std::string(provider_.words) + " " + life_.Word(seen_.join, Stands::kInEntry))},
         {"subject", Reference("Patient/p1")},
         {"onsetDateTime", Dashed(DaysBefore(kToday, 10 + random_.Below(400)))}});
  }
  void AddMeasurement() {
    AddEntry(entries_, {{"resourceType", "Observation"},
                        {"id", "o1"},
                        {"status", "final"},
                        {"code", Snomed("364075005", "Heart rate")},
                        {"subject", Reference("Patient/p1")},
                        {"effectiveDateTime", Dashed(DaysBefore(kToday, random_.Below(300)))},
                        {"valueQuantity",
                         json::object{{"value", 55 + random_.Below(50)}, {"unit", "/min"}}}});
  }
  void AddDispensing() {
    AddEntry(
        entries_,
        {{"resourceType", "MedicationDispense"},
         {"id", "d1"},
         {"status", "completed"},
         {"medicationCodeableConcept",
          Snomed("319740004", "Aspirin 75mg tablets " + life_.Word(seen_.join, Stands::kInEntry))},
         {"subject", Reference("Patient/p1")},
         {"quantity", json::object{{"value", 28}, {"unit", "tablet"}}},
         {"whenHandedOver", Dashed(DaysBefore(kToday, random_.Below(200)))}});
  }
  void AddDissent() {
    life_.Object(seen_.join);
    AddEntry(entries_,
             {{"resourceType", "Consent"},
              {"id", "n1"},
              {"status", "active"},
              {"scope", Coded("http://terminology.hl7.org/CodeSystem/consentscope",
                              "patient-privacy", "Privacy")},
              {"category", json::array{Coded("http://terminology.hl7.org/CodeSystem/v3-ActCode",
                                             "INFA", "Information access")}},
              {"patient", Reference("Patient/p1")},
              {"dateTime", "2026-01-02"},
              {"provision", json::object{{"type", "deny"}}}});
  }

  Life& life_;
  const Provider& provider_;
  Invented random_;
  Seen seen_;
  json::array entries_;
};

}  // namespace

bool Happens(Invented& random, const Person& person, const Shares& shares) {
  const int age = person.age();
  return random.PerMille(age < 18 ? shares.young : age < 65 ? shares.middle : shares.old);
}

void TellCommunity(Life& life) {
  for (const Provider& provider : kProviders) {
    Invented random = life.town.ChanceOf(life.person, provider.code);
    if (Happens(random, life.person, provider.shares))
      Episode(life, provider, std::move(random)).Tell();
  }
}

}  // namespace milecastle::kit

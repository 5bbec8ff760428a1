// Medicines: what is taken, prescribed, dispensed and given; vaccinations.
#include "resources/medicines.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/start.h"
#include "resources/doses.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::ClinicalStatus;
using record::Intent;
using record::Kind;
using record::Section;

constexpr auto kDosageFields = std::to_array<Field>({
    {"text", "dosage"},
    {"sequence", "sequence"},
    {"patientInstruction", "patient instruction"},
    {"additionalInstruction", "additional instruction", As::kCoded},
    {"timing", "timing", As::kTiming},
    {"asNeeded", "as needed", As::kChoice},
    {"site", "site", As::kCoded},
    {"route", "route", As::kCoded},
    {"method", "method", As::kCoded},
});
constexpr auto kDoseFields = std::to_array<Field>({
    {"type", "dose type", As::kCoded},
    {"dose", "dose", As::kChoice},
    {"rate", "rate", As::kChoice},
});

constexpr auto kStatementFields = std::to_array<Field>({
    {"statusReason", "status reason", As::kCoded},
    {"category", "category", As::kCoded},
    {"effective", "effective", As::kEffectiveChoice},
    {"dateAsserted", "", As::kRecorded},
    {"informationSource", "informant", As::kPerformer},
    {"derivedFrom", "derived from", As::kLink},
    {"basedOn", "authorised by", As::kLink},
    {"partOf", "part of", As::kLink},
});
constexpr auto kRequestFields = std::to_array<Field>({
    {"intent", "intent"},
    {"statusReason", "status reason", As::kCoded},
    {"category", "category", As::kCoded},
    {"priority", "priority"},
    {"reported", "reported", As::kChoice},
    {"authoredOn", "", As::kRecorded},
    {"requester", "requester", As::kPerformer},
    {"performer", "performer", As::kPerformer},
    {"performerType", "performer type", As::kCoded},
    {"recorder", "recorder", As::kPerformer},
    {"courseOfTherapyType", "course of therapy", As::kCoded},
    {"basedOn", "issued under", As::kLink},
    {"priorPrescription", "follows", As::kLink},
    {"supportingInformation", "supporting information", As::kLink},
    {"detectedIssue", "issue", As::kLink},
});
constexpr auto kSupplyFields = std::to_array<Field>({
    {"validityPeriod", "", As::kEffective},
    {"dispenseInterval", "dispense interval", As::kQuantity},
    {"numberOfRepeatsAllowed", "repeats allowed"},
    {"quantity", "quantity", As::kQuantity},
    {"expectedSupplyDuration", "expected supply", As::kQuantity},
    {"performer", "dispenser", As::kPerformer},
});
constexpr auto kSubstitutionFields = std::to_array<Field>({
    {"allowed", "substitution allowed", As::kChoice},
    {"wasSubstituted", "was substituted"},
    {"type", "substitution", As::kCoded},
    {"reason", "substitution reason", As::kCoded},
    {"responsibleParty", "responsible for the substitution", As::kPerformer},
});
constexpr auto kDispenseFields = std::to_array<Field>({
    {"statusReason", "status reason", As::kChoice},
    {"category", "category", As::kCoded},
    {"type", "type", As::kCoded},
    {"quantity", "quantity", As::kQuantity},
    {"daysSupply", "days of supply", As::kQuantity},
    {"whenPrepared", "prepared", As::kWhen},
    {"whenHandedOver", "", As::kEffective},
    {"location", "location", As::kPerformer},
    {"destination", "destination", As::kPerformer},
    {"receiver", "receiver", As::kPerformer},
    {"authorizingPrescription", "issued under", As::kLink},
    {"partOf", "part of", As::kLink},
    {"supportingInformation", "supporting information", As::kLink},
    {"detectedIssue", "issue", As::kLink},
});
constexpr auto kAdministrationFields = std::to_array<Field>({
    {"statusReason", "status reason", As::kCoded},
    {"category", "category", As::kCoded},
    {"effective", "effective", As::kEffectiveChoice},
    {"request", "issued under", As::kLink},
    {"device", "device", As::kLink},
    {"partOf", "part of", As::kLink},
    {"supportingInformation", "supporting information", As::kLink},
});
constexpr auto kGivenDosage = std::to_array<Field>({
    {"text", "dosage"},
    {"site", "site", As::kCoded},
    {"route", "route", As::kCoded},
    {"method", "method", As::kCoded},
    {"dose", "dose", As::kQuantity},
    {"rate", "rate", As::kChoice},
});
constexpr auto kMedicineFields = std::to_array<Field>({
    {"form", "form", As::kCoded},
    {"manufacturer", "manufacturer", As::kPerformer},
});

constexpr auto kVaccineFields = std::to_array<Field>({
    {"statusReason", "status reason", As::kCoded},
    {"vaccineCode", "vaccine", As::kCoded},
    {"occurrence", "occurrence", As::kEffectiveChoice},
    {"recorded", "", As::kRecorded},
    {"primarySource", "from the primary source"},
    {"reportOrigin", "report origin", As::kCoded},
    {"location", "location", As::kPerformer},
    {"manufacturer", "manufacturer", As::kPerformer},
    {"lotNumber", "batch"},
    {"expirationDate", "expiry", As::kWhen},
    {"site", "site", As::kCoded},
    {"route", "route", As::kCoded},
    {"doseQuantity", "dose", As::kQuantity},
    {"isSubpotent", "subpotent"},
    {"subpotentReason", "reason for subpotency", As::kCoded},
    {"programEligibility", "eligibility", As::kCoded},
    {"fundingSource", "funding", As::kCoded},
});
constexpr auto kProtocolFields = std::to_array<Field>({
    {"series", "series"},
    {"authority", "authority", As::kPerformer},
    {"targetDisease", "target disease", As::kCoded},
    {"doseNumber", "dose in series", As::kChoice},
    {"seriesDoses", "doses in series", As::kChoice},
});
constexpr auto kVaccineReaction = std::to_array<Field>({
    {"date", "reaction", As::kWhen},
    {"detail", "reaction", As::kLink},
    {"reported", "reaction reported by the patient"},
});

// "dosage 2, route" where there are several: each keeps what belongs together.
void ReadDosages(Context& context, const Element& dosages, const Element& within,
                 record::Draft* draft) {
  const std::size_t count = dosages.items().size();
  std::size_t number = 0;
  for (const Element& dosage : dosages.items()) {
    ++number;
    const std::size_t before = draft->entry.details.size();
    ReadFields(context, dosage, within, kDosageFields, draft);
    if (!dosage["doseAndRate"]) ReadFields(context, dosage, within, kDoseFields, draft);  // STU3
    for (const Element& dose : dosage["doseAndRate"].items()) {
      ReadFields(context, dose, within, kDoseFields, draft);
    }
    resources::AddMostOf(dosage, &draft->entry);
    if (count < 2) continue;
    for (std::size_t i = before; i < draft->entry.details.size(); ++i) {
      std::string& name = draft->entry.details[i].name;
      name = "dosage " + std::to_string(number) + (name == "dosage" ? "" : ", " + name);
    }
  }
}

// What the medicine is made of, where the source says more than its code.
void ReadMedicine(Context& context, const Element& resource, record::Draft* draft) {
  draft->entry.what = resources::MedicineOf(context, resource);
  const Element medicine =
      context.Resolve(resource["medicationReference"]["reference"].peek(), resource);
  if (!medicine) return;
  ReadFields(context, medicine, medicine, kMedicineFields, draft);
  ReadExtensions(context, medicine, medicine, &draft->entry);
  for (const Element& ingredient : medicine["ingredient"].items()) {
    AddChoice(context, fhir::Choice(ingredient, "item"), medicine, "ingredient", &draft->entry);
    const Element strength = ingredient["strength"];
    if (strength) {
      AddDetail(
          &draft->entry, "ingredient strength",
          QuantityText(strength["numerator"]) + " / " + QuantityText(strength["denominator"]));
    }
    AddDetail(&draft->entry, "ingredient is active", ingredient["isActive"].text());
  }
  AddDetail(&draft->entry, "batch", medicine["batch"]["lotNumber"].text());
  AddDetail(&draft->entry, "expiry", WhenOf(context, medicine["batch"]["expirationDate"]));
}

void ReadActors(Context& context, const Element& resource, record::Entry* entry) {
  for (const Element& performer : resource["performer"].items()) {
    const std::string role = WordsOf(CodedOf(performer["function"]));
    AddPerformers(context, performer["actor"], resource, role.empty() ? "performer" : role, entry);
  }
}

// Done, unless its status says something else.
void SetDone(record::Entry* entry) {
  if (entry->intent == Intent::kUnstated && entry->status == ClinicalStatus::kCompleted) {
    entry->intent = Intent::kDone;
  }
}

// https://fhir.nhs.uk/CodeSystem/medicationdispense-type, of the Electronic Prescription Service:
// an item that was not handed over comes with the status of the notification, which is completed.
struct Supply {
  std::string_view code;
  Intent intent;
  ClinicalStatus status;
};
constexpr auto kSupplies = std::to_array<Supply>({
    {"0002", Intent::kNotDone, ClinicalStatus::kUnstated},   // not dispensed
    {"0004", Intent::kNotDone, ClinicalStatus::kUnstated},   // not dispensed, owing
    {"0005", Intent::kNotDone, ClinicalStatus::kCancelled},  // cancelled
    {"0006", Intent::kNotDone, ClinicalStatus::kUnstated},   // expired
    {"0007", Intent::kPlanned, ClinicalStatus::kPlanned},    // to be dispensed
    {"0008", Intent::kPlanned, ClinicalStatus::kPlanned},    // with the dispenser
});

// What was not, or not yet, handed over is not done, whatever its status and words say.
void CorrectSupply(const Element& dispense, record::Entry* entry) {
  for (const Element& coding : dispense["type"]["coding"].items()) {
    if (!coding["system"].peek().ends_with("/medicationdispense-type")) continue;
    const auto* const found =
        std::find_if(kSupplies.begin(), kSupplies.end(),
                     [&](const Supply& one) { return one.code == coding["code"].peek(); });
    if (found == kSupplies.end() || entry->intent == Intent::kNotDone) continue;
    entry->intent = found->intent;
    if (entry->status != ClinicalStatus::kOnHold) entry->status = found->status;
  }
}

}  // namespace

void ReadMedicationStatement(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kMedications, Kind::kMedication, "", kStatementFields});
  if (!draft) return;
  ReadMedicine(context, resource, &*draft);
  ReadDosages(context, resource["dosage"], resource, &*draft);
  resources::ReadReasons(context, resource, &draft->entry);
  context.Add(resource, std::move(*draft));
}

void ReadMedicationRequest(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kMedications, Kind::kMedicationIssue, "", kRequestFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  ReadMedicine(context, resource, &*draft);
  const std::string_view intent = resource["intent"].peek();
  if (entry.intent == Intent::kUnstated && !intent.empty()) {
    const bool is_plan = intent == "plan" || intent == "proposal";
    entry.intent = is_plan ? Intent::kPlanned : Intent::kOrdered;
  }
  DenyIfSaid(context, resource, &entry);
  ReadFields(context, resource["dispenseRequest"], resource, kSupplyFields, &*draft);
  AddDetail(&entry, "first supply",
            QuantityText(resource["dispenseRequest"]["initialFill"]["quantity"]));
  ReadFields(context, resource["substitution"], resource, kSubstitutionFields, &*draft);
  ReadDosages(context, resource["dosageInstruction"], resource, &*draft);
  resources::ReadReasons(context, resource, &entry);
  AddDetail(&entry, "prescription group", resource["groupIdentifier"]["value"].text());
  context.Add(resource, std::move(*draft));
}

void ReadMedicationDispense(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kMedications, Kind::kMedicationIssue, "", kDispenseFields});
  if (!draft) return;
  ReadMedicine(context, resource, &*draft);
  ReadActors(context, resource, &draft->entry);
  ReadFields(context, resource["substitution"], resource, kSubstitutionFields, &*draft);
  ReadDosages(context, resource["dosageInstruction"], resource, &*draft);
  CorrectSupply(resource, &draft->entry);
  SetDone(&draft->entry);
  context.Add(resource, std::move(*draft));
}

void ReadMedicationAdministration(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kMedications, Kind::kMedicationIssue, "", kAdministrationFields});
  if (!draft) return;
  ReadMedicine(context, resource, &*draft);
  ReadActors(context, resource, &draft->entry);
  ReadFields(context, resource["dosage"], resource, kGivenDosage, &*draft);
  resources::ReadReasons(context, resource, &draft->entry);
  SetDone(&draft->entry);
  context.Add(resource, std::move(*draft));
}

void ReadImmunization(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {Section::kVaccinations, Kind::kVaccination, "", kVaccineFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  // UK Core codes the procedure, and the vaccine beside it.
  entry.what = CodedOf(
      fhir::Choice(fhir::Extension(resource, "*Extension-UKCore-VaccinationProcedure"), "value"));
  if (IsEmpty(entry.what)) entry.what = CodedOf(resource["vaccineCode"]);
  SetDone(&entry);
  ReadActors(context, resource, &entry);
  resources::ReadReasons(context, resource, &entry);
  for (const Element& reaction : resource["reaction"].items()) {
    ReadFields(context, reaction, resource, kVaccineReaction, &*draft);
  }
  for (const Element& protocol : resource["protocolApplied"].items()) {
    ReadFields(context, protocol, resource, kProtocolFields, &*draft);
  }
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::r4

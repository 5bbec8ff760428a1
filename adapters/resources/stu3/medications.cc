// Medicines: the course (MedicationStatement), its authorisation and its issues (MedicationRequest:
// plan, order).
#include <algorithm>
#include <array>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "resources/medicines.h"

namespace milecastle::stu3 {
namespace {

using fhir::Element;
using record::Intent;
using record::Kind;
using record::Section;
using resources::MedicineOf;
using resources::ReadDosage;
using resources::ReadReasons;

void ReadRepeats(Context& context, const Element& resource, record::Entry* entry) {
  const Element repeats =
      fhir::Extension(resource, "*Extension-CareConnect-MedicationRepeatInformation-1");
  AddDetail(
      entry, "repeats allowed",
      fhir::Choice(fhir::Extension(repeats, "numberOfRepeatPrescriptionsAllowed"), "value").text());
  AddDetail(
      entry, "repeats issued",
      fhir::Choice(fhir::Extension(repeats, "numberOfRepeatPrescriptionsIssued"), "value").text());
  AddDetail(
      entry, "authorisation expires",
      WhenOf(context, fhir::Choice(fhir::Extension(repeats, "authorisationExpiryDate"), "value")));
}

void ReadStatusReason(Context& context, const Element& resource, record::Entry* entry) {
  const Element reason =
      fhir::Extension(resource, "*Extension-CareConnect-MedicationStatusReason-1");
  AddDetail(entry, "status reason",
            CodedOf(fhir::Choice(fhir::Extension(reason, "statusReason"), "value")));
  AddDetail(entry, "status changed",
            WhenOf(context, fhir::Choice(fhir::Extension(reason, "statusChangeDate"), "value")));
}

void ReadSupply(Context& context, const Element& resource, record::Entry* entry) {
  const Element supply = resource["dispenseRequest"];
  entry->effective = WhenOf(context, supply["validityPeriod"]["start"]);
  entry->ended = WhenOf(context, supply["validityPeriod"]["end"]);
  AddDetail(entry, "quantity", QuantityText(supply["quantity"]));
  AddDetail(entry, "quantity",
            fhir::Choice(fhir::Extension(supply["quantity"],
                                         "*Extension-CareConnect-MedicationQuantityText-1"),
                         "value")
                .text());
  AddDetail(entry, "expected supply", QuantityText(supply["expectedSupplyDuration"]));
  AddDetail(entry, "repeats", supply["numberOfRepeatsAllowed"].text());
  AddPerformers(context, supply["performer"], resource, "dispenser", entry);
}

// FHIR STU3, medication-statement-taken.
bool IsKnownTaking(const Element& taken) {
  constexpr auto kKnown = std::to_array<std::string_view>({"y", "n", "unk", "na"});
  return !taken || std::find(kKnown.begin(), kKnown.end(), taken.peek()) != kKnown.end();
}

}  // namespace

void ReadMedicationStatement(Context& context, const Element& resource) {
  if (!IsKnownTaking(resource["taken"])) {
    return context.Miss(resource, "whether it was taken is said in no known word");
  }
  auto draft = Start(context, resource, Section::kMedications, Kind::kMedication);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = MedicineOf(context, resource);
  const std::string_view taken = resource["taken"].text();
  if (taken == "n") entry.intent = Intent::kNotDone;
  if (taken == "y" && entry.intent == Intent::kUnstated) entry.intent = Intent::kDone;
  AddDetail(&entry, "taken", taken);
  const Element effective = fhir::Choice(resource, "effective");
  entry.effective = WhenOf(context, effective.IsText() ? effective : effective["start"]);
  entry.ended = WhenOf(context, effective["end"]);
  entry.recorded = WhenOf(context, resource["dateAsserted"]);
  for (const Element& issue :
       fhir::Extensions(resource, "*Extension-CareConnect-MedicationStatementLastIssueDate-1")) {
    AddDetail(&entry, "last issue", WhenOf(context, fhir::Choice(issue, "value")));
  }
  AddDetail(
      &entry, "dosage last changed",
      WhenOf(context,
             fhir::Choice(
                 fhir::Extension(resource,
                                 "*Extension-CareConnect-MedicationStatementDosageLastChanged-1"),
                 "value")));
  AddDetail(&entry, "prescribing agency",
            CodedOf(fhir::Choice(
                fhir::Extension(resource, "*Extension-CareConnect-PrescribingAgency-1"), "value")));
  ReadDosage(resource["dosage"], &entry);
  ReadReasons(context, resource, &entry);
  AddPerformers(context, resource["informationSource"], resource, "informant", &entry);
  for (const Element& plan : resource["basedOn"].items()) {
    AddLink(context, plan, resource, "authorised by", &entry);
  }
  for (const Element& from : resource["derivedFrom"].items()) {
    AddLink(context, from, resource, "derived from", &entry);
  }
  for (const Element& event : resource["partOf"].items()) {
    AddLink(context, event, resource, "part of", &entry);
  }
  context.Add(resource, std::move(*draft));
}

void ReadMedicationRequest(Context& context, const Element& resource) {
  auto draft = Start(context, resource, Section::kMedications, Kind::kMedicationIssue);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = MedicineOf(context, resource);
  const std::string_view intent = resource["intent"].text();
  const bool is_plan = intent == "plan" || intent == "proposal";
  if (entry.intent == Intent::kUnstated) {
    entry.intent = is_plan ? Intent::kPlanned : Intent::kOrdered;
  }
  AddDetail(&entry, "intent", intent);
  ReadSupply(context, resource, &entry);
  entry.recorded = WhenOf(context, resource["authoredOn"]);
  AddDetail(&entry, "prescription type",
            CodedOf(fhir::Choice(
                fhir::Extension(resource, "*Extension-CareConnect-PrescriptionType-1"), "value")));
  ReadRepeats(context, resource, &entry);
  ReadStatusReason(context, resource, &entry);
  ReadDosage(resource["dosageInstruction"], &entry);
  ReadReasons(context, resource, &entry);
  AddDetail(&entry, "priority", resource["priority"].text());
  AddDetail(&entry, "prescription group", resource["groupIdentifier"]["value"].text());
  for (const Element& plan : resource["basedOn"].items()) {
    AddLink(context, plan, resource, "issued under", &entry);
  }
  for (const Element& info : resource["supportingInformation"].items()) {
    AddLink(context, info, resource, "supporting information", &entry);
  }
  if (resource["priorPrescription"]) {
    AddLink(context, resource["priorPrescription"], resource, "follows", &entry);
  }
  AddPerformers(context, resource["requester"]["agent"], resource, "requester", &entry);
  AddPerformers(context, resource["requester"]["onBehalfOf"], resource, "requester's organisation",
                &entry);
  AddPerformers(context, resource["recorder"], resource, "recorder", &entry);
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::stu3

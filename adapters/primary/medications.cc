// Medicines: the course (MedicationStatement), its authorisation and its issues (MedicationRequest:
// plan, order).
#include "detail/readers.h"
#include "detail/values.h"
#include "fhir/datatypes.h"

namespace milecastle::primary {
namespace {

using fhir::Element;
using record::Intent;
using record::Kind;
using record::Section;

record::Coded MedicineOf(Context& context, const Element& resource) {
  const Element coded = resource["medicationCodeableConcept"];
  if (coded) return CodedOf(coded);
  const Element reference = resource["medicationReference"];
  const Element medicine = context.index().Follow(reference, resource);
  if (!medicine) {
    if (reference) context.Miss(reference, "it refers to no medicine in this bundle");
    record::Coded unknown;
    unknown.text = reference["display"].text();
    return unknown;
  }
  fhir::TypeOf(medicine);
  fhir::IdOf(medicine);
  return CodedOf(medicine["code"]);
}

void ReadDosage(const Element& dosages, record::Entry* entry) {
  for (const Element& dosage : dosages.items()) {
    AddDetail(entry, "dosage", dosage["text"].text());
    AddDetail(entry, "patient instruction", dosage["patientInstruction"].text());
    for (const Element& additional : dosage["additionalInstruction"].items()) {
      AddDetail(entry, "additional instruction", CodedOf(additional));
    }
    AddDetail(entry, "route", CodedOf(dosage["route"]));
    AddDetail(entry, "site", CodedOf(dosage["site"]));
    AddDetail(entry, "method", CodedOf(dosage["method"]));
    AddDetail(entry, "as needed", dosage["asNeededBoolean"].text());
  }
}

void ReadReasons(Context& context, const Element& resource, record::Entry* entry) {
  for (const Element& reason : resource["reasonCode"].items())
    AddDetail(entry, "reason", CodedOf(reason));
  for (const Element& reason : resource["reasonReference"].items()) {
    AddLink(context, reason, resource, "reason", entry);
  }
}

void ReadRepeats(Context& context, const Element& resource, record::Entry* entry) {
  const Element repeats =
      fhir::Extension(resource, "*Extension-CareConnect-GPC-MedicationRepeatInformation-1");
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
      fhir::Extension(resource, "*Extension-CareConnect-GPC-MedicationStatusReason-1");
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
                                         "*Extension-CareConnect-GPC-MedicationQuantityText-1"),
                         "value")
                .text());
  AddDetail(entry, "expected supply", QuantityText(supply["expectedSupplyDuration"]));
  AddDetail(entry, "repeats", supply["numberOfRepeatsAllowed"].text());
  AddPerformers(context, supply["performer"], resource, "dispenser", entry);
}

}  // namespace

void ReadMedicationStatement(Context& context, const Element& resource) {
  auto draft = Begin(context, resource, Section::kMedications, Kind::kMedication);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = MedicineOf(context, resource);
  const std::string_view taken = resource["taken"].text();
  if (taken == "n") entry.intent = Intent::kNotDone;
  if (taken == "y") entry.intent = Intent::kDone;
  AddDetail(&entry, "taken", taken);
  const Element effective = fhir::Choice(resource, "effective");
  entry.effective = WhenOf(context, effective.IsText() ? effective : effective["start"]);
  entry.ended = WhenOf(context, effective["end"]);
  entry.recorded = WhenOf(context, resource["dateAsserted"]);
  for (const std::string_view url :
       {"*Extension-CareConnect-GPC-MedicationStatementLastIssueDate-1",
        "*Extension-CareConnect-MedicationStatementLastIssueDate-1"}) {
    AddDetail(&entry, "last issue",
              WhenOf(context, fhir::Choice(fhir::Extension(resource, url), "value")));
  }
  AddDetail(
      &entry, "dosage last changed",
      WhenOf(context,
             fhir::Choice(
                 fhir::Extension(resource,
                                 "*Extension-CareConnect-MedicationStatementDosageLastChanged-1"),
                 "value")));
  AddDetail(
      &entry, "prescribing agency",
      CodedOf(fhir::Choice(
          fhir::Extension(resource, "*Extension-CareConnect-GPC-PrescribingAgency-1"), "value")));
  ReadDosage(resource["dosage"], &entry);
  ReadReasons(context, resource, &entry);
  AddPerformers(context, resource["informationSource"], resource, "informant", &entry);
  for (const Element& plan : resource["basedOn"].items()) {
    AddLink(context, plan, resource, "authorised by", &entry);
  }
  context.Add(resource, std::move(*draft));
}

void ReadMedicationRequest(Context& context, const Element& resource) {
  auto draft = Begin(context, resource, Section::kMedications, Kind::kMedicationIssue);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = MedicineOf(context, resource);
  const std::string_view intent = resource["intent"].text();
  entry.intent = intent == "plan" || intent == "proposal" ? Intent::kPlanned : Intent::kOrdered;
  AddDetail(&entry, "intent", intent);
  ReadSupply(context, resource, &entry);
  entry.recorded = WhenOf(context, resource["authoredOn"]);
  AddDetail(
      &entry, "prescription type",
      CodedOf(fhir::Choice(
          fhir::Extension(resource, "*Extension-CareConnect-GPC-PrescriptionType-1"), "value")));
  ReadRepeats(context, resource, &entry);
  ReadStatusReason(context, resource, &entry);
  ReadDosage(resource["dosageInstruction"], &entry);
  ReadReasons(context, resource, &entry);
  AddDetail(&entry, "priority", resource["priority"].text());
  AddDetail(&entry, "prescription group", resource["groupIdentifier"]["value"].text());
  for (const Element& plan : resource["basedOn"].items()) {
    AddLink(context, plan, resource, "issued under", &entry);
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

}  // namespace milecastle::primary

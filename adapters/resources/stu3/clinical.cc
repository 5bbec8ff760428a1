// Allergies, problems, immunisations, consultations.
#include <array>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "resources/allergies.h"
#include "resources/rules.h"

namespace milecastle::stu3 {
namespace {

using fhir::Element;
using record::Intent;
using record::Kind;
using record::Section;
using resources::ReadReaction;
using resources::StateNoneKnown;

struct Named {
  std::string_view member;
  std::string_view name;
};
constexpr auto kEncounterLinks = std::to_array<Named>({{"incomingReferral", "requested by"},
                                                       {"appointment", "appointment"},
                                                       {"episodeOfCare", "episode of care"},
                                                       {"partOf", "part of"}});

void ReadAllergyEnd(Context& context, const Element& resource, record::Entry* entry) {
  const Element ended = fhir::Extension(resource, "*Extension-CareConnect-AllergyIntoleranceEnd-1");
  entry->ended = WhenOf(context, fhir::Choice(fhir::Extension(ended, "endDate"), "value"));
  AddDetail(entry, "reason ended",
            fhir::Choice(fhir::Extension(ended, "reasonEnded"), "value").text());
}

void ReadRelatedProblems(Context& context, const Element& resource, record::Entry* entry) {
  for (const Element& related :
       fhir::Extensions(resource, "*Extension-CareConnect-RelatedProblemHeader-1")) {
    const Element target = fhir::Choice(fhir::Extension(related, "target"), "value");
    const std::string_view type = fhir::Choice(fhir::Extension(related, "type"), "value").text();
    AddLink(context, target, resource,
            type.empty() ? "related problem" : "related problem, " + std::string(type), entry);
  }
}

void ReadVaccinationProtocol(Context& context, const Element& protocol, record::Entry* entry) {
  AddDetail(entry, "dose in series", protocol["doseSequence"].text());
  AddDetail(entry, "doses in series", protocol["seriesDoses"].text());
  AddDetail(entry, "series", protocol["series"].text());
  AddDetail(entry, "dose status", CodedOf(protocol["doseStatus"]));
  AddDetail(entry, "dose status reason", CodedOf(protocol["doseStatusReason"]));
  for (const Element& disease : protocol["targetDisease"].items()) {
    AddDetail(entry, "target disease", CodedOf(disease));
  }
  AddText(entry, protocol["description"].text());
  AddPerformers(context, protocol["authority"], protocol, "authority", entry);
}

void ReadVaccine(Context& context, const Element& resource, record::Entry* entry) {
  AddDetail(entry, "vaccine", CodedOf(resource["vaccineCode"]));
  AddDetail(entry, "batch", resource["lotNumber"].text());
  AddDetail(entry, "expiry", WhenOf(context, resource["expirationDate"]));
  AddDetail(entry, "site", CodedOf(resource["site"]));
  AddDetail(entry, "route", CodedOf(resource["route"]));
  AddDetail(entry, "dose", QuantityText(resource["doseQuantity"]));
  AddPerformers(context, resource["manufacturer"], resource, "manufacturer", entry);
  for (const Element& protocol : resource["vaccinationProtocol"].items()) {
    ReadVaccinationProtocol(context, protocol, entry);
  }
}

}  // namespace

void ReadAllergy(Context& context, const Element& resource) {
  auto draft = Start(context, resource, Section::kAllergies, Kind::kAllergy);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = CodedOf(resource["code"]);
  for (const Element& category : resource["category"].items()) {
    AddDetail(&entry, "category", category.text());
  }
  AddDetail(&entry, "type", resource["type"].text());
  AddDetail(&entry, "criticality", resource["criticality"].text());
  ReadChoiceOfTime(context, fhir::Choice(resource, "onset"), "onset", &entry.effective, &entry);
  entry.recorded = WhenOf(context, resource["assertedDate"]);
  AddDetail(&entry, "last occurrence", WhenOf(context, resource["lastOccurrence"]));
  for (const Element& reaction : resource["reaction"].items())
    ReadReaction(context, reaction, &entry);
  ReadAllergyEnd(context, resource, &entry);
  const Element encounter = fhir::Choice(
      fhir::Extension(resource,
                      "http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter"),
      "value");
  const std::string key = encounter ? context.KeyOfReference(encounter, resource) : "";
  if (entry.group.empty()) entry.group = key;
  AddPerformers(context, resource["recorder"], resource, "recorder", &entry);
  AddPerformers(context, resource["asserter"], resource, "asserter", &entry);
  StateNoneKnown(context, resource, &*draft);
  context.Add(resource, std::move(*draft));
}

void ReadProblem(Context& context, const Element& resource) {
  auto draft = Start(context, resource, Section::kProblems, Kind::kProblem);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = CodedOf(resource["code"]);
  for (const Element& category : resource["category"].items()) {
    AddDetail(&entry, "category", CodedOf(category));
  }
  AddDetail(&entry, "severity", CodedOf(resource["severity"]));
  for (const Element& site : resource["bodySite"].items())
    AddDetail(&entry, "body site", CodedOf(site));
  ReadChoiceOfTime(context, fhir::Choice(resource, "onset"), "onset", &entry.effective, &entry);
  ReadChoiceOfTime(context, fhir::Choice(resource, "abatement"), "abatement", &entry.ended, &entry);
  entry.recorded = WhenOf(context, resource["assertedDate"]);
  AddPerformers(context, resource["asserter"], resource, "asserter", &entry);

  AddDetail(&entry, "significance",
            fhir::Choice(fhir::Extension(resource, "*Extension-CareConnect-ProblemSignificance-1"),
                         "value")
                .text());
  for (const Element& problem :
       fhir::Extensions(resource, "*Extension-CareConnect-ActualProblem-1")) {
    AddLink(context, fhir::Choice(problem, "value"), resource, "actual problem", &entry);
  }
  for (const Element& content :
       fhir::Extensions(resource, "*Extension-CareConnect-RelatedClinicalContent-1")) {
    AddLink(context, fhir::Choice(content, "value"), resource, "related", &entry);
  }
  ReadRelatedProblems(context, resource, &entry);
  context.Add(resource, std::move(*draft));
}

void ReadEncounter(Context& context, const Element& resource) {
  auto draft = Start(context, resource, Section::kContactsWithProfessionals, Kind::kEncounter);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  entry.what = CodedOf(resource["type"].first());
  for (const Element& type : resource["type"].items()) {
    if (type != resource["type"].first()) AddDetail(&entry, "type", CodedOf(type));
  }
  AddDetail(&entry, "class", CodedOf(resource["class"]));
  entry.effective = WhenOf(context, resource["period"]["start"]);
  entry.ended = WhenOf(context, resource["period"]["end"]);
  AddDetail(&entry, "duration", QuantityText(resource["length"]));
  for (const Element& reason : resource["reason"].items())
    AddDetail(&entry, "reason", CodedOf(reason));
  for (const Element& diagnosis : resource["diagnosis"].items()) {
    AddLink(context, diagnosis["condition"], resource, "diagnosis", &entry);
  }
  for (const Named& part : kEncounterLinks) {
    for (const Element& reference : resource[part.member].items()) {
      AddLink(context, reference, resource, part.name, &entry);
    }
  }
  for (const Element& participant : resource["participant"].items()) {
    const std::string role = WordsOf(CodedOf(participant["type"].first()));
    AddPerformers(context, participant["individual"], resource, role, &entry);
  }
  for (const Element& place : resource["location"].items()) {
    AddPerformers(context, place["location"], resource, "location", &entry);
  }
  AddPerformers(context, resource["serviceProvider"], resource, "service provider", &entry);
  context.Add(resource, std::move(*draft));
}

void ReadImmunisation(Context& context, const Element& resource) {
  auto draft = Start(context, resource, Section::kVaccinations, Kind::kVaccination);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  // GP Connect codes the procedure, and the vaccine beside it where it is known.
  entry.what = CodedOf(fhir::Choice(
      fhir::Extension(resource, "*Extension-CareConnect-VaccinationProcedure-1"), "value"));
  const bool says_why_not =
      resource["explanation"]["reasonNotGiven"].exists() && resource["notGiven"].peek() != "false";
  const bool not_given = resources::SaysNotDone(context.release(), resource) || says_why_not ||
                         entry.intent == Intent::kNotDone;
  resource["notGiven"].text();
  // A status in another word than that it is complete says of nothing that it was given.
  const bool is_done =
      entry.status_original.empty() || entry.status == record::ClinicalStatus::kCompleted;
  entry.intent = is_done ? Intent::kDone : Intent::kUnstated;
  if (not_given) entry.intent = Intent::kNotDone;
  if (not_given) entry.status = record::ClinicalStatus::kUnstated;
  entry.effective = WhenOf(context, resource["date"]);
  entry.recorded = WhenOf(
      context,
      fhir::Choice(fhir::Extension(resource, "*Extension-CareConnect-DateRecorded-1"), "value"));
  ReadVaccine(context, resource, &entry);
  if (entry.what.codings.empty() && entry.what.text.empty())
    entry.what = CodedOf(resource["vaccineCode"]);
  for (const Element& reason : resource["explanation"]["reason"].items()) {
    AddDetail(&entry, "reason given", CodedOf(reason));
  }
  for (const Element& reason : resource["explanation"]["reasonNotGiven"].items()) {
    AddDetail(&entry, "reason not given", CodedOf(reason));
  }
  AddDetail(
      &entry, "parent present",
      fhir::Choice(fhir::Extension(resource, "*Extension-CareConnect-ParentPresent-1"), "value")
          .text());
  AddDetail(&entry, "from the primary source", resource["primarySource"].text());
  AddDetail(&entry, "report origin", CodedOf(resource["reportOrigin"]));
  for (const Element& practitioner : resource["practitioner"].items()) {
    AddPerformers(context, practitioner["actor"], resource, WordsOf(CodedOf(practitioner["role"])),
                  &entry);
  }
  AddPerformers(context, resource["location"], resource, "location", &entry);
  context.Add(resource, std::move(*draft));
}

}  // namespace milecastle::stu3

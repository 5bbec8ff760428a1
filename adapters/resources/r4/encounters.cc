// Contacts with services: encounters, appointments, episodes of care, communications.
#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>

#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "inside/start.h"
#include "resources/medicines.h"
#include "resources/rules.h"

namespace milecastle::r4 {
namespace {

using fhir::Element;
using record::EncounterChange;
using record::Kind;
using record::Section;

constexpr auto kEncounterFields = std::to_array<Field>({
    {"class", "class", As::kCoded},
    {"serviceType", "service", As::kCoded},
    {"priority", "priority", As::kCoded},
    {"period", "", As::kEffective},
    {"length", "duration", As::kQuantity},
    {"serviceProvider", "service provider", As::kPerformer},
    {"basedOn", "requested by", As::kLink},
    {"appointment", "appointment", As::kLink},
    {"episodeOfCare", "episode of care", As::kLink},
    {"partOf", "part of", As::kLink},
});
constexpr auto kHospitalisationFields = std::to_array<Field>({
    {"origin", "came from", As::kPerformer},
    {"admitSource", "admission source", As::kCoded},
    {"reAdmission", "re-admission", As::kCoded},
    {"dietPreference", "diet", As::kCoded},
    {"specialCourtesy", "courtesy", As::kCoded},
    {"specialArrangement", "arrangement", As::kCoded},
    {"destination", "discharged to", As::kPerformer},
    {"dischargeDisposition", "discharge disposition", As::kCoded},
});
constexpr auto kAppointmentFields = std::to_array<Field>({
    {"cancelationReason", "reason for cancelling", As::kCoded},
    {"serviceCategory", "service category", As::kCoded},
    {"specialty", "specialty", As::kCoded},
    {"appointmentType", "type", As::kCoded},
    {"reasonCode", "reason", As::kCoded},
    {"reasonReference", "reason", As::kLink},
    {"priority", "priority"},
    {"description", "", As::kFreeText},
    {"start", "", As::kEffective},
    {"end", "", As::kEnded},
    {"minutesDuration", "minutes"},
    {"created", "", As::kRecorded},
    {"comment", "", As::kFreeText},
    {"patientInstruction", "", As::kFreeText},
    {"requestedPeriod", "asked for", As::kPeriod},
    {"basedOn", "requested by", As::kLink},
    {"supportingInformation", "supporting information", As::kLink},
});
constexpr auto kEpisodeFields = std::to_array<Field>({
    {"period", "", As::kEffective},
    {"managingOrganization", "managing organisation", As::kPerformer},
    {"careManager", "care manager", As::kPerformer},
    {"team", "team", As::kPerformer},
    {"referralRequest", "referral", As::kLink},
});
constexpr auto kCommunicationFields = std::to_array<Field>({
    {"statusReason", "status reason", As::kCoded},
    {"category", "category", As::kCoded},
    {"priority", "priority"},
    {"medium", "medium", As::kCoded},
    {"sent", "", As::kEffective},
    {"received", "received", As::kWhen},
    {"sender", "sender", As::kPerformer},
    {"recipient", "recipient", As::kPerformer},
    {"about", "about", As::kLink},
    {"inResponseTo", "in response to", As::kLink},
    {"basedOn", "requested by", As::kLink},
    {"partOf", "part of", As::kLink},
});

// What a class of v3-ActCode means for where it stands.
bool IsStay(const Element& encounter) {
  static constexpr auto kStays =
      std::to_array<std::string_view>({"IMP", "ACUTE", "NONAC", "PRENC", "SS", "OBSENC"});
  const std::string_view code = encounter["class"]["code"].peek();
  return std::find(kStays.begin(), kStays.end(), code) != kStays.end();
}

Section SectionOf(const Element& encounter) {
  const std::string_view status = encounter["status"].peek();
  if (status == "planned") return Section::kFutureAppointments;
  return IsStay(encounter) ? Section::kAdmissionDetails : Section::kContactsWithProfessionals;
}

void ReadPeople(Context& context, const Element& resource, std::string_view who,
                record::Entry* entry) {
  for (const Element& participant : resource["participant"].items()) {
    std::string role;
    for (const Element& type : participant["type"].items()) {
      role += (role.empty() ? "" : ", ") + WordsOf(CodedOf(type));
    }
    const Element actor = participant[who];
    const bool is_patient = context.IsPatient(actor, resource);
    AddDetail(entry, is_patient ? "patient's answer" : "answer of a participant",
              participant["status"].text());
    AddDetail(entry, "participant is", participant["required"].text());
    if (is_patient) {
      actor.Take();
    } else {
      AddPerformers(context, actor, resource, role.empty() ? "participant" : role, entry);
    }
  }
}

// A discharge is an entry of its own: PRSB keeps admission and discharge apart.
void AddDischarge(Context& context, const Element& resource, const record::Draft& stay) {
  const Element hospitalisation = resource["hospitalization"];
  if (!IsStay(resource) || resource["status"].peek() != "finished" || !hospitalisation) return;
  record::Draft draft{.source_key = stay.source_key + "/discharge",
                      .entry = {},
                      .source_labels = stay.source_labels};
  record::Entry& entry = draft.entry;
  entry.section = Section::kDischargeDetails;
  entry.kind = Kind::kEncounter;
  entry.what.text = "Discharge";
  entry.status = record::ClinicalStatus::kCompleted;
  entry.verification = stay.entry.verification;
  entry.effective = stay.entry.ended;
  entry.group = stay.source_key;
  for (const record::Detail& detail : stay.entry.details) {
    if (detail.name.starts_with("discharge")) entry.details.push_back(detail);
  }
  context.Add(resource, std::move(draft));
}

void ReadEncounterParts(Context& context, const Element& resource, record::Draft* draft) {
  record::Entry& entry = draft->entry;
  for (const Element& type : resource["type"].items()) {
    if (type != resource["type"].first()) AddDetail(&entry, "type", CodedOf(type));
  }
  for (const Element& diagnosis : resource["diagnosis"].items()) {
    const std::string use = WordsOf(CodedOf(diagnosis["use"]));
    AddReference(context, diagnosis["condition"], resource,
                 use.empty() ? "diagnosis" : "diagnosis, " + use, &entry);
  }
  for (const Element& place : resource["location"].items()) {
    AddPerformers(context, place["location"], resource, "location", &entry);
    AddDetail(&entry, "location status", place["status"].text());
  }
  ReadFields(context, resource["hospitalization"], resource, kHospitalisationFields, draft);
  ReadExtensions(context, resource["hospitalization"], resource, &entry);
}

}  // namespace

void ReadEncounter(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource, {SectionOf(resource), Kind::kEncounter, "type", kEncounterFields});
  if (!draft) return;
  resources::ReadReasons(context, resource, &draft->entry);
  ReadEncounterParts(context, resource, &*draft);
  ReadPeople(context, resource, "individual", &draft->entry);
  AddDischarge(context, resource, *draft);
  context.Add(resource, std::move(*draft));
}

void ReadAppointment(Context& context, const Element& resource) {
  const std::string_view status = resource["status"].peek();
  const bool is_over =
      status == "fulfilled" || status == "noshow" || status == "arrived" || status == "checked-in";
  auto draft = Start(context, resource,
                     {is_over ? Section::kContactsWithProfessionals : Section::kFutureAppointments,
                      Kind::kEncounter, "serviceType", kAppointmentFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  if (IsEmpty(entry.what)) entry.what.text = "Appointment";
  for (const Element& type : resource["serviceType"].items()) {
    if (type != resource["serviceType"].first()) AddDetail(&entry, "service", CodedOf(type));
  }
  ReadPeople(context, resource, "actor", &entry);
  if (entry.intent == record::Intent::kPlanned && resources::IsDeclined(context, resource)) {
    entry.intent = record::Intent::kNotDone;
    entry.status = record::ClinicalStatus::kUnstated;
  }
  context.Add(resource, std::move(*draft));
}

void ReadEpisode(Context& context, const Element& resource) {
  auto draft = Start(context, resource,
                     {Section::kServicesAndCare, Kind::kEncounter, "type", kEpisodeFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  if (IsEmpty(entry.what)) entry.what.text = "Episode of care";
  for (const Element& type : resource["type"].items()) {
    if (type != resource["type"].first()) AddDetail(&entry, "type", CodedOf(type));
  }
  for (const Element& diagnosis : resource["diagnosis"].items()) {
    AddDetail(&entry, "diagnosis role", CodedOf(diagnosis["role"]));
    AddReference(context, diagnosis["condition"], resource, "diagnosis", &entry);
  }
  context.Add(resource, std::move(*draft));
}

void ReadCommunication(Context& context, const Element& resource) {
  auto draft =
      Start(context, resource,
            {Section::kContactsWithProfessionals, Kind::kStatement, "topic", kCommunicationFields});
  if (!draft) return;
  record::Entry& entry = draft->entry;
  if (IsEmpty(entry.what)) entry.what.text = "Communication";
  resources::ReadReasons(context, resource, &entry);
  for (const Element& payload : resource["payload"].items()) {
    const Element content = fhir::Choice(payload, "content");
    if (content.IsText()) {
      AddText(&entry, content.text());
    } else {
      AddChoice(context, content, resource, "content", &entry);
    }
  }
  context.Add(resource, std::move(*draft));
}

namespace {

struct Change {
  std::string_view type;
  std::string_view status;
  EncounterChange change;
  int weight;  // of several the heaviest is claimed: what is open before what is planned or over
};
constexpr auto kChanges = std::to_array<Change>({
    {"Encounter", "arrived", EncounterChange::kOpened, 9},
    {"Encounter", "triaged", EncounterChange::kOpened, 9},
    {"Encounter", "in-progress", EncounterChange::kOpened, 9},
    {"Encounter", "onleave", EncounterChange::kOpened, 9},
    {"EpisodeOfCare", "active", EncounterChange::kOpened, 8},
    {"EpisodeOfCare", "onhold", EncounterChange::kOpened, 8},
    {"Encounter", "planned", EncounterChange::kPlanned, 7},
    {"Appointment", "booked", EncounterChange::kPlanned, 6},
    {"EpisodeOfCare", "planned", EncounterChange::kPlanned, 5},
    {"EpisodeOfCare", "waitlist", EncounterChange::kPlanned, 5},
    {"Encounter", "finished", EncounterChange::kClosed, 4},
    {"EpisodeOfCare", "finished", EncounterChange::kClosed, 3},
    {"Encounter", "cancelled", EncounterChange::kOpeningCancelled, 2},
    {"Encounter", "entered-in-error", EncounterChange::kOpeningCancelled, 2},
    {"Appointment", "cancelled", EncounterChange::kOpeningCancelled, 2},
    {"Appointment", "entered-in-error", EncounterChange::kOpeningCancelled, 2},
    {"EpisodeOfCare", "cancelled", EncounterChange::kOpeningCancelled, 1},
});

const Change* ChangeOf(const Element& resource) {
  const std::string_view type = resource["resourceType"].peek();
  const std::string_view status = resource["status"].peek();
  const auto* const found = std::find_if(
      kChanges.begin(), kChanges.end(),
      [&](const Change& change) { return change.type == type && change.status == status; });
  return found == kChanges.end() ? nullptr : found;
}

std::optional<record::When> MomentOf(const Element& element) {
  return record::When::ParseIso(element.peek());
}

record::EncounterClaim ClaimOf(const Context& context, const Element& resource,
                               EncounterChange change) {
  record::EncounterClaim claim;
  claim.number = context.KeyOf(resource);
  claim.change = change;
  claim.patient_class = resource["class"]["code"].peek();
  const Element period = resource["period"];
  const auto start = MomentOf(period ? period["start"] : resource["start"]);
  (change == EncounterChange::kPlanned ? claim.expected : claim.began) = start;
  if (change == EncounterChange::kClosed) claim.ended = MomentOf(period["end"]);
  return claim;
}

}  // namespace

void ClaimEncounter(Context& context) {
  const Change* best = nullptr;
  Element chosen;
  std::tuple<int, base::Instant, std::string> most;
  for (const Element& resource : context.resources()) {
    const Change* const change = ChangeOf(resource);
    if (change == nullptr || !MayMakeEntry(context, resource)) continue;
    if (change->change == EncounterChange::kPlanned && resources::IsDeclined(context, resource))
      continue;
    const auto at = MomentOf(resource["period"] ? resource["period"]["start"] : resource["start"]);
    const std::tuple<int, base::Instant, std::string> rank{
        change->weight, at ? at->at : base::Instant(), context.KeyOf(resource)};
    if (best != nullptr && rank <= most) continue;
    best = change;
    chosen = resource;
    most = rank;
  }
  if (best == nullptr) return;
  context.out().encounter = ClaimOf(context, chosen, best->change);
}

}  // namespace milecastle::r4

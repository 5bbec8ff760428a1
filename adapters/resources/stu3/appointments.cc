// Appointments: booked, kept, missed and cancelled ones. Free slots are nobody's.
#include "stu3/appointments.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <tuple>

#include "base/text.h"
#include "fhir/datatypes.h"
#include "inside/readers.h"
#include "resources/rules.h"

namespace milecastle::stu3 {
namespace {

using fhir::Element;
using record::EncounterChange;
using record::Kind;
using record::Section;

struct Named {
  std::string_view url;
  std::string_view name;
};
constexpr auto kExtensions = std::to_array<Named>({
    {"*Extension-GPConnect-AppointmentCancellationReason-1", "reason for cancelling"},
    {"*Extension-GPConnect-DeliveryChannel-2", "delivery channel"},
    {"*Extension-GPConnect-DeliveryChannel-1", "delivery channel"},
});

bool IsOver(std::string_view status) {
  return status == "fulfilled" || status == "noshow" || status == "arrived";
}

void ReadParticipants(Context& context, const Element& resource, record::Entry* entry) {
  for (const Element& participant : resource["participant"].items()) {
    const Element actor = participant["actor"];
    const bool is_patient = context.IsPatient(actor, resource);
    AddDetail(entry, is_patient ? "patient's answer" : "answer of a participant",
              participant["status"].text());
    AddDetail(entry, "participant is", participant["required"].text());
    std::string role;
    for (const Element& type : participant["type"].items()) {
      role += (role.empty() ? "" : ", ") + WordsOf(CodedOf(type));
    }
    if (is_patient) {
      actor.Take();
    } else {
      AddPerformers(context, actor, resource, role.empty() ? "participant" : role, entry);
    }
  }
}

// Those whose words are wanted: the types stand as codes or as text.
void ReadExtensions(Context& context, const Element& resource, record::Entry* entry) {
  for (const Named& known : kExtensions) {
    for (const Element& extension : fhir::Extensions(resource, known.url)) {
      const Element value = fhir::Choice(extension, "value");
      AddDetail(entry, known.name, value.text());
      AddDetail(entry, known.name, CodedOf(value));
    }
  }
  const Element organisation = fhir::Choice(
      fhir::Extension(resource, "*Extension-GPConnect-BookingOrganisation-1"), "value");
  AddPerformers(context, organisation, resource, "booking organisation", entry);
}

struct Change {
  std::string_view status;
  EncounterChange change;
  int weight;  // of several the heaviest is claimed: what is planned before what is not
};
constexpr auto kChanges = std::to_array<Change>({
    {"booked", EncounterChange::kPlanned, 2},
    {"cancelled", EncounterChange::kOpeningCancelled, 1},
    {"entered-in-error", EncounterChange::kOpeningCancelled, 1},
});

const Change* ChangeOf(const Element& resource) {
  if (resource["resourceType"].peek() != "Appointment" || IsRequestToBook(resource)) return nullptr;
  const auto* const found = std::find_if(
      kChanges.begin(), kChanges.end(),
      [&](const Change& change) { return change.status == resource["status"].peek(); });
  return found == kChanges.end() ? nullptr : found;
}

// "Slot/7", on whichever server; empty where that names none.
std::string_view SlotOf(const Element& slot) {
  const std::string_view reference = slot["reference"].peek();
  const std::size_t at = reference.rfind("Slot/");
  const bool is_one = at != reference.npos && (at == 0 || reference[at - 1] == '/');
  return is_one ? reference.substr(at) : std::string_view();
}

// Neither booked nor a relationship: it may have been refused.
void TellAsAskedFor(const Element& resource, record::Draft& draft) {
  const std::string key = KeyOfRequestToBook(resource);
  if (!key.empty()) draft.source_key = key;
  draft.entry.intent = record::Intent::kOrdered;
  draft.entry.status = record::ClinicalStatus::kUnstated;
  AddDetail(&draft.entry, "status asked for", draft.entry.status_original);
  draft.entry.status_original.clear();
  AddDetail(&draft.entry, "booking", "asked for: whether it was made is not told");
}

}  // namespace

bool IsUnnamedAppointment(const Element& resource) {
  return resource["resourceType"].peek() == "Appointment" && resource["id"].peek().empty() &&
         !resource["identifier"].first();
}

bool IsRequestToBook(const Element& resource) {
  constexpr std::array<std::string_view, 4> kToCome = {"", "proposed", "pending", "booked"};
  const bool is_to_come =
      std::find(kToCome.begin(), kToCome.end(), resource["status"].peek()) != kToCome.end();
  return is_to_come && IsUnnamedAppointment(resource);
}

std::string KeyOfRequestToBook(const Element& appointment) {
  std::set<std::string_view> slots;
  for (const Element& slot : appointment["slot"].items()) slots.insert(SlotOf(slot));
  if (slots.empty() || slots.contains("")) return {};
  std::string content;
  for (const std::string_view slot : slots) content.append(slot).append("\n");
  return "Appointment/asked/" + base::DigestName(content, 20);
}

void ReadAppointment(Context& context, const Element& resource) {
  const std::string_view status = resource["status"].peek();
  auto draft =
      Start(context, resource,
            IsOver(status) ? Section::kContactsWithProfessionals : Section::kFutureAppointments,
            Kind::kEncounter);
  if (!draft) return;
  record::Entry& entry = draft->entry;
  if (status == "cancelled") entry.intent = record::Intent::kNotDone;
  if (status == "booked" && resources::IsDeclined(context, resource)) {
    entry.intent = record::Intent::kNotDone;
    entry.status = record::ClinicalStatus::kUnstated;
  }
  entry.what = CodedOf(resource["appointmentType"]);
  if (entry.what.codings.empty() && entry.what.text.empty()) entry.what.text = "Appointment";
  for (const Element& type : resource["serviceType"].items()) {
    AddDetail(&entry, "service", CodedOf(type));
  }
  AddDetail(&entry, "service category", CodedOf(resource["serviceCategory"]));
  for (const Element& specialty : resource["specialty"].items()) {
    AddDetail(&entry, "specialty", CodedOf(specialty));
  }
  for (const Element& reason : resource["reason"].items()) {
    AddDetail(&entry, "reason", CodedOf(reason));
  }
  entry.effective = WhenOf(context, resource["start"]);
  entry.ended = WhenOf(context, resource["end"]);
  entry.recorded = WhenOf(context, resource["created"]);
  AddDetail(&entry, "priority", resource["priority"].text());
  AddDetail(&entry, "minutes", resource["minutesDuration"].text());
  AddText(&entry, resource["description"].text());
  AddText(&entry, resource["comment"].text());
  for (const Element& referral : resource["incomingReferral"].items()) {
    AddLink(context, referral, resource, "requested by", &entry);
  }
  for (const Element& info : resource["supportingInformation"].items()) {
    AddLink(context, info, resource, "supporting information", &entry);
  }
  ReadExtensions(context, resource, &entry);
  ReadParticipants(context, resource, &entry);
  if (IsRequestToBook(resource)) {
    TellAsAskedFor(resource, *draft);
  } else if (std::string asked = KeyOfRequestToBook(resource); !asked.empty()) {
    context.out().withdrawn_keys.push_back(std::move(asked));
  }
  context.Add(resource, std::move(*draft));
}

void ClaimAppointment(Context& context) {
  const Change* best = nullptr;
  std::tuple<int, base::Instant, std::string> most;
  for (const Element& resource : context.resources()) {
    const Change* const change = ChangeOf(resource);
    if (change == nullptr || !context.WhyNot(resource).empty() ||
        !resources::WhyNotUnderstood(context.release(), resource).empty()) {
      continue;
    }
    if (change->change == EncounterChange::kPlanned && resources::IsDeclined(context, resource))
      continue;
    const auto at = record::When::ParseIso(resource["start"].peek());
    std::tuple<int, base::Instant, std::string> rank{change->weight, at ? at->at : base::Instant(),
                                                     context.KeyOf(resource)};
    if (best != nullptr && rank <= most) continue;
    best = change;
    most = std::move(rank);
    record::EncounterClaim claim{.number = context.KeyOf(resource), .change = change->change};
    (change->change == EncounterChange::kPlanned ? claim.expected : claim.began) = at;
    context.out().encounter = std::move(claim);
  }
}

}  // namespace milecastle::stu3

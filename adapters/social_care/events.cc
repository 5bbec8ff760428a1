// The events of a return: requests become referrals, assessments and reviews assessments, services
// services. Only a service may be open; whether it still is, is known up to the end of the
// reporting period and no further.
#include <array>

#include "inside/person.h"
#include "inside/vocabulary.h"

namespace milecastle::social_care {
namespace {

using record::ClinicalStatus;
using record::Entry;
using record::Kind;
using record::Section;
using record::When;

struct Named {
  std::string_view field;
  std::string_view name;  // of the detail
};

struct EventKind {
  std::string_view type;
  std::string_view key;
  Section section;
  Kind kind;
  std::string_view heading;                  // where `what` says nothing
  std::string_view what;                     // the field that says what it was
  std::array<std::string_view, 2> identity;  // what tells it from another of the same days
  bool end_is_identity;
  std::array<Named, 4> details;
};

constexpr auto kKinds = std::to_array<EventKind>({
    {"Request",
     "request",
     Section::kReferralDetails,
     Kind::kReferral,
     "Request for adult social care",
     "",
     {"Request_Route_of_Access", ""},
     true,
     {{{"Request_Route_of_Access", "route of access"}}}},
    {"Assessment",
     "assessment",
     Section::kAssessments,
     Kind::kStatement,
     "Adult social care assessment",
     "Assessment_Type",
     {"Assessment_Type", ""},
     true,
     {{{"Eligible_Needs_Identified", "eligible needs identified"},
       {"Method_of_Assessment", "method"}}}},
    {"Service",
     "service",
     Section::kServicesAndCare,
     Kind::kStatement,
     "Adult social care service",
     "Service_Component",
     {"Service_Type", "Service_Component"},
     false,
     {{{"Service_Type", "service type"}, {"Delivery_Mechanism", "delivery mechanism"}}}},
    {"Review",
     "review",
     Section::kAssessments,
     Kind::kStatement,
     "Adult social care review",
     "",
     {"", ""},
     true,
     {{{"Review_Reason", "reason for review"},
       {"Review_Outcomes_Achieved", "outcomes achieved"},
       {"Method_of_Review", "method"}}}},
});

const EventKind* KindOf(std::string_view type) {
  for (const EventKind& kind : kKinds) {
    if (kind.type == type) return &kind;
  }
  return nullptr;
}

// An end that lies behind the reporting period was planned when the return was made.
ClinicalStatus StatusOf(Person& person, std::size_t row, const EventKind& kind,
                        const std::optional<When>& ended) {
  const auto known_until = person.Date(row, "Reporting_Period_End_Date");
  if (ended) {
    const bool over = known_until && ended->at <= known_until->at;
    return over ? ClinicalStatus::kCompleted : ClinicalStatus::kUnstated;
  }
  const bool dead = person.out().patient.died.change == record::Update<When>::Change::kSet;
  const auto began = person.Date(row, "Event_Start_Date");
  const bool later = known_until && began && began->at > known_until->at;
  if (kind.end_is_identity || dead || later) return ClinicalStatus::kUnstated;
  return ClinicalStatus::kActive;
}

void AddDetail(Person& person, std::size_t row, const Named& named, Entry& entry) {
  if (named.field.empty()) return;
  record::Coded value = person.Coded(row, named.field);
  if (value.text.empty()) return;
  std::string text = std::move(value.text);
  value.text.clear();
  entry.details.push_back(
      {std::string(named.name), std::move(text), std::move(value), std::nullopt});
}

void AddProvider(Person& person, std::size_t row, Entry& entry) {
  std::string id = person.Term(row, "Provider_CQC_Location_ID");
  if (id.empty()) return;
  record::Performer provider;
  provider.identifier = std::move(id);
  provider.identifier_system = "CQC location";
  provider.role = "provider";
  entry.performers.push_back(std::move(provider));
}

std::vector<std::string> KeyOf(Person& person, std::size_t row, const EventKind& kind) {
  const sheet::Sheet& sheet = person.sheet();
  const auto term = [&](std::string_view field) {
    return field.empty() ? std::string() : TermOf(field, sheet.Peek(row, field)).text;
  };
  const auto day = [&](std::string_view field) {
    const auto when = person.Date(row, field);
    return when ? base::ToRfc3339(when->at) : std::string();
  };
  return {term("Client_Type"), day("Event_Start_Date"),
          kind.end_is_identity ? day("Event_End_Date") : std::string(), term(kind.identity[0]),
          term(kind.identity[1])};
}

void ReadEvent(Person& person, std::size_t row) {
  const EventKind* const kind = KindOf(person.Term(row, "Event_Type"));
  if (kind == nullptr) return;  // refused before
  Entry entry;
  entry.section = kind->section;
  entry.kind = kind->kind;
  if (!kind->what.empty()) entry.what = person.Coded(row, kind->what);
  if (entry.what.text.empty()) entry.what.text = kind->heading;
  entry.effective = person.Date(row, "Event_Start_Date");
  entry.ended = person.Date(row, "Event_End_Date");
  entry.status = StatusOf(person, row, *kind, entry.ended);
  AddDetail(person, row, {"Client_Type", "client type"}, entry);
  for (const Named& named : kind->details) AddDetail(person, row, named, entry);
  AddDetail(person, row, {"Event_Outcome", "outcome"}, entry);
  AddDetail(person, row, {"Event_Reference", "event reference"}, entry);
  if (kind->section == Section::kServicesAndCare) AddProvider(person, row, entry);
  if (std::string text = person.sheet().Text(row, "Event_Description"); !text.empty()) {
    entry.free_text.push_back(std::move(text));
  }
  person.Add(kind->key, KeyOf(person, row, *kind), row, std::move(entry));
}

}  // namespace

void ReadEvents(Person& person) {
  for (const std::size_t row : person.rows()) ReadEvent(person, row);
}

}  // namespace milecastle::social_care

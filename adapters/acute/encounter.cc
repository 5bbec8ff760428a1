// EVN, PV1 and PV2: a stay or attendance, as an entry and as a claim of a relationship (HL7 v2.8.2
// sections 3.4.1, 3.4.3 and 3.4.4).
#include <array>
#include <utility>

#include "inside/mappings.h"
#include "inside/reader.h"
#include "record/document_key.h"

namespace milecastle::acute {
namespace {

using record::EncounterChange;
using record::Section;

struct ClassName {
  std::string_view code;
  std::string_view text;
  Section section;
};
// Table 0004 as far as UK feeds use it.
constexpr auto kClasses = std::to_array<ClassName>({
    {"I", "Inpatient admission", Section::kAdmissionDetails},
    {"E", "Emergency attendance", Section::kContactsWithProfessionals},
    {"O", "Outpatient attendance", Section::kContactsWithProfessionals},
    {"R", "Regular attendance", Section::kContactsWithProfessionals},
    {"P", "Pre-admission", Section::kFutureAppointments},
    {"B", "Maternity admission", Section::kAdmissionDetails},
});

const ClassName& ClassOf(std::string_view code) {
  static constexpr ClassName kOther{"", "Hospital visit", Section::kContactsWithProfessionals};
  for (const ClassName& name : kClasses) {
    if (name.code == code) return name;
  }
  return kOther;
}

void AddLocation(Reader& reader, record::Entry& entry, std::size_t field, std::string_view use) {
  std::string location = reader.Location(reader.segment("PV1"), field);
  if (!location.empty()) entry.addresses.push_back({{std::move(location)}, "", std::string(use)});
}

void AddPerformers(Reader& reader, record::Entry& entry) {
  const auto pv1 = reader.segment("PV1");
  struct Role {
    std::size_t field;
    std::string_view name;
  };
  constexpr auto kRoles = std::to_array<Role>(
      {{7, "attending"}, {8, "referring"}, {9, "consulting"}, {17, "admitting"}, {52, "other"}});
  for (const Role& role : kRoles) {
    for (auto& performer : reader.Performers(pv1, role.field, role.name)) {
      entry.performers.push_back(std::move(performer));
    }
  }
  for (auto& performer : reader.Performers(reader.segment("EVN"), 5, "entered by")) {
    entry.performers.push_back(std::move(performer));
  }
}

void AddDetails(Reader& reader, record::Entry& entry) {
  const auto pv1 = reader.segment("PV1");
  const auto pv2 = reader.segment("PV2");
  struct Item {
    const hl7v2::Segment& segment;
    std::size_t field;
    std::string_view name;
  };
  for (const Item& item : {Item{pv1, 4, "admission type"}, Item{pv1, 5, "pre-admission number"},
                           Item{pv1, 10, "specialty"}, Item{pv1, 13, "re-admission"},
                           Item{pv1, 14, "admission source"}, Item{pv1, 15, "ambulatory status"},
                           Item{pv1, 18, "patient type"}, Item{pv1, 36, "discharge disposition"},
                           Item{pv1, 37, "discharged to"}, Item{pv1, 41, "visit status"},
                           Item{pv2, 2, "accommodation"}, Item{pv2, 3, "reason for admission"},
                           Item{pv2, 4, "reason for transfer"}, Item{pv2, 7, "visit user code"},
                           Item{pv2, 25, "priority"}, Item{pv2, 38, "mode of arrival"},
                           Item{reader.segment("EVN"), 4, "reason for the event"}}) {
    reader.Detail(entry, item.name, item.segment, item.field);
  }
  reader.DetailTime(entry, "expected discharge", pv2, 9);
  const std::string description = reader.WholeText(pv2, 12);
  if (!description.empty()) entry.free_text.push_back(description);
}

void SetStatus(record::Entry& entry, EncounterChange change) {
  switch (change) {
    case EncounterChange::kPlanned:
      entry.status = record::ClinicalStatus::kPlanned;
      entry.intent = record::Intent::kPlanned;
      entry.section = Section::kFutureAppointments;
      return;
    case EncounterChange::kClosed:
      entry.status = record::ClinicalStatus::kCompleted;
      return;
    case EncounterChange::kOpeningCancelled:
      entry.status = record::ClinicalStatus::kCancelled;
      return;
    default:
      entry.status =
          entry.ended ? record::ClinicalStatus::kCompleted : record::ClinicalStatus::kActive;
  }
}

// A discharge is an entry of its own: PRSB keeps admission and discharge apart.
void AddDischarge(Reader& reader, const record::Entry& visit, const std::string& key,
                  EncounterChange change) {
  auto& out = reader.out();
  if (change == EncounterChange::kClosingCancelled ||
      change == EncounterChange::kOpeningCancelled) {
    out.withdrawn_keys.push_back(key);
    return;
  }
  if (change != EncounterChange::kClosed && !visit.ended) return;
  record::Draft draft{.source_key = key};
  record::Entry& entry = draft.entry;
  entry.section = Section::kDischargeDetails;
  entry.kind = record::Kind::kEncounter;
  entry.what.text = "Discharge";
  entry.status = record::ClinicalStatus::kCompleted;
  entry.effective = visit.ended;
  entry.recorded = visit.recorded;
  for (const record::Detail& detail : visit.details) {
    if (detail.name.starts_with("discharge")) entry.details.push_back(detail);
  }
  for (const record::Performer& performer : visit.performers) {
    if (performer.role == "attending") entry.performers.push_back(performer);
  }
  out.drafts.push_back(std::move(draft));
}

// The end of the visit in PV1-45, but where it is no end: of a discharge that is only planned, or
// that is taken back.
std::optional<record::When> EndOf(Reader& reader, const VisitEvent& event) {
  const auto pv1 = reader.segment("PV1");
  if (event.besides == Besides::kDischargePlanned) return std::nullopt;  // movements.cc reads it
  const bool taken_back = event.change == EncounterChange::kClosingCancelled ||
                          event.besides == Besides::kDischargePlanCancelled;
  if (!taken_back) return reader.Time(pv1, 45);
  reader.Leave(pv1, 45, "of a discharge that is taken back");
  return std::nullopt;
}

// An update of a visit that is yet to begin opens nothing: the class says so, or no beginning is
// stated and the expected one lies ahead of the message.
bool IsAhead(const Reader& reader, const record::EncounterClaim& claim) {
  if (claim.change != EncounterChange::kUpdated || claim.ended) return false;
  if (claim.patient_class == "P") return true;
  return !claim.began && claim.expected && reader.IsAhead(*claim.expected);
}

record::EncounterClaim ReadClaim(Reader& reader, const VisitEvent& event) {
  const auto pv1 = reader.segment("PV1");
  record::EncounterClaim claim;
  claim.change = event.change;
  reader.Take(pv1.field(1));
  reader.Take(pv1.field(51));
  claim.patient_class = reader.Text(pv1, 2);
  claim.number = reader.Id(pv1, 19, 0).value;
  claim.location = reader.Location(pv1, 3);
  claim.began = reader.Time(pv1, 44);
  claim.ended = EndOf(reader, event);
  claim.expected = reader.Time(reader.segment("PV2"), 8);
  if (IsAhead(reader, claim)) claim.change = EncounterChange::kPlanned;
  return claim;
}

// The times of the event stand in where PV1 gives none: EVN-6, when it happened.
record::Entry ReadEntry(Reader& reader, const record::EncounterClaim& claim) {
  const auto occurred = reader.Time(reader.segment("EVN"), 6);
  const ClassName& name = ClassOf(claim.patient_class);
  record::Entry entry;
  entry.section = name.section;
  entry.kind = record::Kind::kEncounter;
  entry.what.text = name.text;
  if (!claim.patient_class.empty()) {
    entry.what.codings.push_back(
        {"http://terminology.hl7.org/CodeSystem/v2-0004", claim.patient_class, ""});
  }
  const bool opens = claim.change == EncounterChange::kOpened && occurred;
  entry.effective = claim.began ? claim.began : opens ? occurred : claim.expected;
  entry.ended = claim.ended || claim.change != EncounterChange::kClosed ? claim.ended : occurred;
  entry.recorded = reader.Time(reader.segment("EVN"), 2);
  AddLocation(reader, entry, 3, "location");
  AddLocation(reader, entry, 6, "prior location");
  AddLocation(reader, entry, 11, "temporary location");
  AddLocation(reader, entry, 42, "pending location");
  AddLocation(reader, entry, 43, "prior temporary location");
  AddPerformers(reader, entry);
  AddDetails(reader, entry);
  SetStatus(entry, claim.change);
  return entry;
}

// What is planned has a name of its own: nothing that takes the plan back reaches the visit, and
// the visit's beginning ends the plan.
void Give(Reader& reader, record::Entry entry, const Visit& visit) {
  auto& out = reader.out();
  const std::string plan = reader.Key("planned_encounter", {visit.which});
  if (visit.change == EncounterChange::kPlanned) {
    out.drafts.push_back({.source_key = plan, .entry = std::move(entry)});
    return;
  }
  const bool updates = visit.change == EncounterChange::kUpdated;
  if (!updates) out.withdrawn_keys.push_back(plan);
  if (visit.change == EncounterChange::kPlanCancelled) return;
  std::string key = reader.Key("encounter", {visit.which});
  const record::Entry* given = &entry;
  if (visit.change == EncounterChange::kOpeningCancelled) {
    out.withdrawn_keys.push_back(std::move(key));
  } else {
    out.drafts.push_back({.source_key = std::move(key), .entry = std::move(entry)});
    given = &out.drafts.back().entry;
  }
  AddDischarge(reader, *given, reader.Key("discharge", {visit.which}), visit.change);
}

// What was sent under a number that the source uses no more.
void WithdrawVisit(Reader& reader, const std::string& number) {
  for (const std::string_view prefix : {"encounter", "discharge", "planned_encounter"}) {
    reader.out().withdrawn_keys.push_back(reader.Key(prefix, {number}));
  }
}

}  // namespace

void ReadVisitLabels(Reader& reader) {
  reader.LabelAll("vip", reader.Text(reader.segment("PV1"), 16));
  const std::string protection = reader.Text(reader.segment("PV2"), 22);
  if (protection == "Y") reader.LabelAll("protected", protection);
}

void AddVisitContext(Reader& reader, record::Entry& entry) {
  const auto pv1 = reader.segment("PV1");
  if (!pv1.exists()) return;
  reader.Take(pv1.field(1));
  reader.Take(pv1.field(51));
  reader.Detail(entry, "patient class", pv1, 2);
  const std::string number = reader.Id(pv1, 19, 0).value;
  if (!number.empty()) entry.details.push_back({.name = "visit number", .text = number});
  reader.DetailTime(entry, "admitted", pv1, 44);
  reader.DetailTime(entry, "discharged", pv1, 45);
  AddLocation(reader, entry, 3, "location");
  AddLocation(reader, entry, 6, "prior location");
  AddPerformers(reader, entry);
  AddDetails(reader, entry);
}

std::string KeyWithin(const Visit& visit, std::string key) {
  return visit.within.empty() ? key : record::BelowDocument(visit.within) + key;
}

Visit ReadEncounter(Reader& reader, const VisitEvent& event) {
  Visit visit{.number = "", .which = "", .change = event.change};
  ReadVisitLabels(reader);
  if (!reader.segment("PV1").exists()) return visit;
  record::EncounterClaim claim = ReadClaim(reader, event);
  claim.former_number = FormerNumberOf(reader, claim.number);
  visit.number = claim.number;
  visit.change = claim.change;
  record::Entry entry = ReadEntry(reader, claim);
  for (const auto& detail : entry.details) {
    if (detail.name == "specialty") claim.specialty = TextOf(detail.coded);
  }
  if (!claim.ended) claim.ended = entry.ended;

  // Without a visit number, the time of admission is what stays the same.
  visit.which = !visit.number.empty()     ? visit.number
                : claim.began.has_value() ? claim.began->original
                                          : claim.patient_class;
  Give(reader, std::move(entry), visit);
  if (!claim.former_number.empty()) WithdrawVisit(reader, claim.former_number);
  ReadMovement(reader, visit, event.besides);
  reader.out().encounter = std::move(claim);
  return visit;
}

}  // namespace milecastle::acute

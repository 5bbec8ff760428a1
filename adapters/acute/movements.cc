// What an event says besides of a visit: a transfer or discharge that is planned, a leave of
// absence (HL7 v2.8.2 sections 3.3.15, 3.3.16, 3.3.21, 3.3.22, 3.3.25, 3.3.26, 3.3.52, 3.3.53).
//
// Each is an entry of its own beside the visit, so that what is planned is never taken for what
// happened, and taking a plan back takes nothing else.
#include "inside/mappings.h"
#include "inside/reader.h"

namespace milecastle::acute {
namespace {

using record::EncounterChange;
using record::Section;

constexpr std::string_view kTransfer = "planned_transfer";
constexpr std::string_view kDischarge = "planned_discharge";
constexpr std::string_view kLeave = "leave";

// What encounter.cc reads of the visit as well, and lists where it is no time.
std::optional<record::When> Again(const hl7v2::Segment& segment, std::size_t field) {
  return record::When::ParseHl7(Clean(segment.field(field).component(1).text()));
}

class Movement {
 public:
  Movement(Reader& reader, const Visit& visit) : reader_(reader), visit_(visit) {}

  void Read(Besides besides) {
    switch (besides) {
      case Besides::kTransferPlanned:
        return PlanTransfer();
      case Besides::kTransferPlanCancelled:
        return Withdraw(kTransfer);
      case Besides::kDischargePlanned:
        return PlanDischarge();
      case Besides::kDischargePlanCancelled:
        return Withdraw(kDischarge);
      case Besides::kLeft:
      case Besides::kReturned:
      case Besides::kReturnCancelled:
        return Leave(besides);
      case Besides::kLeaveCancelled:
        return Withdraw(kLeave);
      case Besides::kDeleted:
        reader_.out().reviews.push_back(
            {record::ReviewKind::kRecordDeleted, reader_.segment("PV1").place(19)});
        return;
      default:
        return;
    }
  }

  // What happened ends what was planned; a discharge ends a leave as well.
  void End() {
    const auto change = visit_.change;
    const bool over =
        change == EncounterChange::kClosed || change == EncounterChange::kOpeningCancelled;
    if (over || change == EncounterChange::kMoved) Withdraw(kTransfer);
    if (!over) return;
    Withdraw(kDischarge);
    Withdraw(kLeave);
  }

 private:
  void Withdraw(std::string_view prefix) {
    reader_.out().withdrawn_keys.push_back(reader_.Key(prefix, {visit_.which}));
  }

  record::Draft Begin(std::string_view prefix, Section section, std::string_view what) {
    record::Draft draft{.source_key = reader_.Key(prefix, {visit_.which})};
    draft.entry.section = section;
    draft.entry.kind = record::Kind::kStatement;
    draft.entry.what.text = what;
    draft.entry.recorded = Again(reader_.segment("EVN"), 2);
    return draft;
  }

  record::Draft Plan(std::string_view prefix, std::string_view what) {
    record::Draft draft = Begin(prefix, Section::kPlanAndActions, what);
    draft.entry.status = record::ClinicalStatus::kPlanned;
    draft.entry.intent = record::Intent::kPlanned;
    draft.entry.effective = Again(reader_.segment("EVN"), 3);  // when it is planned for
    return draft;
  }

  void PlanTransfer() {
    record::Draft draft = Plan(kTransfer, "Planned transfer");
    std::string where = reader_.Location(reader_.segment("PV1"), 42);
    if (!where.empty()) draft.entry.addresses.push_back({{std::move(where)}, "", "planned"});
    reader_.Detail(draft.entry, "reason for transfer", reader_.segment("PV2"), 4);
    reader_.out().drafts.push_back(std::move(draft));
  }

  void PlanDischarge() {
    const auto pv1 = reader_.segment("PV1");
    record::Draft draft = Plan(kDischarge, "Planned discharge");
    const auto stated = reader_.Time(pv1, 45);
    for (const auto& when : {Again(reader_.segment("PV2"), 9), stated}) {
      if (!draft.entry.effective) draft.entry.effective = when;
    }
    if (stated) {
      draft.entry.details.push_back({.name = "discharge, as planned", .text = "", .when = stated});
    }
    reader_.Detail(draft.entry, "discharge disposition", pv1, 36);
    reader_.Detail(draft.entry, "discharged to", pv1, 37);
    reader_.out().drafts.push_back(std::move(draft));
  }

  void Leave(Besides besides) {
    record::Draft draft = Begin(kLeave, Section::kAdmissionDetails, "Leave of absence");
    record::Entry& entry = draft.entry;
    const auto occurred = Again(reader_.segment("EVN"), 6);
    const bool back = besides == Besides::kReturned;
    entry.status = back ? record::ClinicalStatus::kCompleted : record::ClinicalStatus::kActive;
    if (back) entry.ended = occurred;
    if (besides == Besides::kLeft) entry.effective = occurred;
    reader_.DetailTime(entry, "expected return", reader_.segment("PV2"), 47);
    reader_.out().drafts.push_back(std::move(draft));
  }

  Reader& reader_;
  const Visit& visit_;
};

}  // namespace

void ReadMovement(Reader& reader, const Visit& visit, Besides besides) {
  Movement movement(reader, visit);
  movement.Read(besides);
  movement.End();
}

}  // namespace milecastle::acute

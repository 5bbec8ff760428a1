#include "inside/order_status.h"

#include <algorithm>
#include <array>

namespace milecastle::acute {
namespace {

using record::ClinicalStatus;
using record::Kind;
using record::Section;

constexpr auto kFamilies = std::to_array<OrderFamily>({
    {"OMP", Section::kMedications, Kind::kMedicationIssue},
    {"ORP", Section::kMedications, Kind::kMedicationIssue},
    {"RDE", Section::kMedications, Kind::kMedicationIssue},
    {"RRE", Section::kMedications, Kind::kMedicationIssue},
    {"RDS", Section::kMedications, Kind::kMedicationIssue, true},
    {"RRD", Section::kMedications, Kind::kMedicationIssue, true},
    {"RGV", Section::kMedications, Kind::kMedicationIssue, true},
    {"RRG", Section::kMedications, Kind::kMedicationIssue, true},
    {"RAS", Section::kMedications, Kind::kMedicationIssue, true},
    {"RRA", Section::kMedications, Kind::kMedicationIssue, true},
    {"OMB", Section::kPlanAndActions, Kind::kRequest},
    {"ORB", Section::kPlanAndActions, Kind::kRequest},
    {"OMD", Section::kPlanAndActions, Kind::kRequest},
    {"ORD", Section::kPlanAndActions, Kind::kRequest},
    {"OMN", Section::kPlanAndActions, Kind::kRequest},
    {"ORN", Section::kPlanAndActions, Kind::kRequest},
    {"OMS", Section::kPlanAndActions, Kind::kRequest},
    {"ORS", Section::kPlanAndActions, Kind::kRequest},
});

struct Control {
  std::string_view code;
  std::string_view words;
  ClinicalStatus status = ClinicalStatus::kUnstated;
};
// Table 0119 as far as it says what becomes of an order. A request to cancel, stop or hold is of
// whoever placed the order, and holds; that one could not be met says nothing new.
constexpr auto kControls = std::to_array<Control>({
    {"NW", "new order", ClinicalStatus::kActive},
    {"OK", "accepted", ClinicalStatus::kActive},
    {"UA", "not accepted", ClinicalStatus::kCancelled},
    {"CA", "cancel", ClinicalStatus::kCancelled},
    {"OC", "cancelled", ClinicalStatus::kCancelled},
    {"CR", "cancelled as asked", ClinicalStatus::kCancelled},
    {"UC", "could not be cancelled"},
    {"DC", "discontinue", ClinicalStatus::kStopped},
    {"OD", "discontinued", ClinicalStatus::kStopped},
    {"DR", "discontinued as asked", ClinicalStatus::kStopped},
    {"UD", "could not be discontinued"},
    {"HD", "hold", ClinicalStatus::kOnHold},
    {"OH", "held", ClinicalStatus::kOnHold},
    {"HR", "held as asked", ClinicalStatus::kOnHold},
    {"UH", "could not be held"},
    {"RL", "release from hold", ClinicalStatus::kActive},
    {"OE", "released", ClinicalStatus::kActive},
    {"OR", "released as asked", ClinicalStatus::kActive},
    {"UR", "could not be released"},
    {"RP", "replace: this order is replaced", ClinicalStatus::kStopped},
    {"RU", "replaced", ClinicalStatus::kStopped},
    {"RQ", "replaced as asked", ClinicalStatus::kStopped},
    {"RO", "replaces another order", ClinicalStatus::kActive},
    {"UM", "could not be replaced"},
    {"XO", "change", ClinicalStatus::kActive},
    {"XX", "changed", ClinicalStatus::kActive},
    {"XR", "changed as asked", ClinicalStatus::kActive},
    {"UX", "could not be changed"},
    {"SC", "status changed"},
    {"SR", "status, as asked"},
    {"SS", "asks for the status"},
    {"SN", "asks for a number"},
    {"NA", "number assigned"},
    {"RE", "observations or services follow"},
    {"PA", "parent order"},
    {"CH", "child order"},
    {"RF", "refill asked for"},
    {"AF", "refill authorised"},
    {"DF", "refill denied"},
    {"OF", "refilled as asked"},
    {"FU", "refilled"},
    {"UF", "could not be refilled"},
    {"DE", "could not be read"},
    {"PR", "earlier results with a new order"},
});

struct Word {
  std::string_view code;
  ClinicalStatus status;
};
constexpr auto kStatuses = std::to_array<Word>({
    // table 0038
    {"A", ClinicalStatus::kActive},
    {"IP", ClinicalStatus::kActive},
    {"SC", ClinicalStatus::kActive},
    {"CM", ClinicalStatus::kCompleted},
    {"HD", ClinicalStatus::kOnHold},
    {"DC", ClinicalStatus::kStopped},
    {"RP", ClinicalStatus::kStopped},
    {"CA", ClinicalStatus::kCancelled},
});

const Control* ControlOf(std::string_view code) {
  const auto* const found =
      std::find_if(kControls.begin(), kControls.end(),
                   [&](const Control& control) { return control.code == code; });
  return found == kControls.end() ? nullptr : found;
}

int Tightness(ClinicalStatus status) {
  constexpr auto kOrder = std::to_array<ClinicalStatus>(
      {ClinicalStatus::kUnstated, ClinicalStatus::kActive, ClinicalStatus::kCompleted,
       ClinicalStatus::kOnHold, ClinicalStatus::kStopped, ClinicalStatus::kCancelled});
  const auto* const at = std::find(kOrder.begin(), kOrder.end(), status);
  return static_cast<int>(at - kOrder.begin());
}

}  // namespace

ClinicalStatus Tighter(ClinicalStatus one, ClinicalStatus other) {
  return Tightness(one) < Tightness(other) ? other : one;
}

OrderStanding StandingOfOrder(const std::string& control, const std::string& status) {
  OrderStanding standing;
  standing.words = control;
  if (const Control* known = ControlOf(control)) {
    standing.words = known->words;
    standing.status = known->status;
  }
  for (const Word& word : kStatuses) {
    if (word.code == status) standing.status = Tighter(standing.status, word.status);
  }
  standing.is_earlier_result = control == "PR";
  return standing;
}

void SetStatus(record::Entry& order, ClinicalStatus status) {
  order.status = status;
  if (status == ClinicalStatus::kCancelled) order.intent = record::Intent::kNotDone;
}

bool EndsOrHolds(ClinicalStatus status) {
  return Tightness(status) >= Tightness(ClinicalStatus::kOnHold);
}

const OrderFamily& FamilyOf(std::string_view code) {
  static constexpr OrderFamily kTests{"", Section::kInvestigationsRequested, Kind::kRequest};
  const auto* const found =
      std::find_if(kFamilies.begin(), kFamilies.end(),
                   [&](const OrderFamily& known) { return known.code == code; });
  return found == kFamilies.end() ? kTests : *found;
}

}  // namespace milecastle::acute

#include "inside/events.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace milecastle::acute {
namespace {

using Change = record::EncounterChange;

constexpr auto kEvents = std::to_array<Event>({
    {"ADT", "A01", Shape::kVisit, Change::kOpened},
    {"ADT", "A02", Shape::kVisit, Change::kMoved},
    {"ADT", "A03", Shape::kVisit, Change::kClosed},
    {"ADT", "A04", Shape::kVisit, Change::kOpened},
    {"ADT", "A05", Shape::kVisit, Change::kPlanned},
    {"ADT", "A06", Shape::kVisit, Change::kOpened},
    {"ADT", "A07", Shape::kVisit},
    {"ADT", "A08", Shape::kVisit},
    {"ADT", "A09", Shape::kVisit},
    {"ADT", "A10", Shape::kVisit},
    {"ADT", "A11", Shape::kVisit, Change::kOpeningCancelled},
    {"ADT", "A12", Shape::kVisit, Change::kMoveCancelled},
    {"ADT", "A13", Shape::kVisit, Change::kClosingCancelled},
    {"ADT", "A14", Shape::kVisit, Change::kPlanned},
    {"ADT", "A15", Shape::kVisit, Change::kUpdated, Grouping::kOne, Besides::kTransferPlanned},
    {"ADT", "A16", Shape::kVisit, Change::kUpdated, Grouping::kOne, Besides::kDischargePlanned},
    {"ADT", "A17", Shape::kVisit, Change::kMoved, Grouping::kResults},
    {"ADT", "A18", Shape::kMerge, Change::kUpdated, Grouping::kOne, Besides::kAnyIdentifier},
    {"ADT", "A21", Shape::kVisit, Change::kUpdated, Grouping::kOne, Besides::kLeft},
    {"ADT", "A22", Shape::kVisit, Change::kUpdated, Grouping::kOne, Besides::kReturned},
    {"ADT", "A23", Shape::kVisit, Change::kOpeningCancelled, Grouping::kOne, Besides::kDeleted},
    {"ADT", "A24", Shape::kLink, Change::kUpdated, Grouping::kResults},
    {"ADT", "A25", Shape::kVisit, Change::kUpdated, Grouping::kOne,
     Besides::kDischargePlanCancelled},
    {"ADT", "A26", Shape::kVisit, Change::kUpdated, Grouping::kOne,
     Besides::kTransferPlanCancelled},
    {"ADT", "A27", Shape::kVisit, Change::kPlanCancelled},
    {"ADT", "A28", Shape::kPerson},
    {"ADT", "A29", Shape::kDeletion},
    {"ADT", "A30", Shape::kMerge, Change::kUpdated, Grouping::kOne, Besides::kAnyIdentifier},
    {"ADT", "A31", Shape::kPerson},
    {"ADT", "A32", Shape::kVisit, Change::kMoveCancelled},
    {"ADT", "A33", Shape::kVisit, Change::kMoveCancelled},
    {"ADT", "A34", Shape::kMerge},
    {"ADT", "A35", Shape::kMove},
    {"ADT", "A36", Shape::kMerge},
    {"ADT", "A37", Shape::kLink, Change::kUpdated, Grouping::kResults, Besides::kUndone},
    {"ADT", "A38", Shape::kVisit, Change::kPlanCancelled},
    {"ADT", "A39", Shape::kMerge, Change::kUpdated, Grouping::kMerges, Besides::kAnyIdentifier},
    {"ADT", "A40", Shape::kMerge, Change::kUpdated, Grouping::kMerges},
    {"ADT", "A41", Shape::kMove, Change::kUpdated, Grouping::kMerges},
    {"ADT", "A42", Shape::kMove, Change::kUpdated, Grouping::kMerges, Besides::kRenumbered},
    {"ADT", "A43", Shape::kMove, Change::kUpdated, Grouping::kMerges, Besides::kAnyIdentifier},
    {"ADT", "A44", Shape::kMove, Change::kUpdated, Grouping::kMerges},
    {"ADT", "A45", Shape::kMove},
    {"ADT", "A46", Shape::kMerge, Change::kUpdated, Grouping::kOne, Besides::kAnyIdentifier},
    {"ADT", "A47", Shape::kMerge, Change::kUpdated, Grouping::kMerges},
    {"ADT", "A48", Shape::kMerge, Change::kUpdated, Grouping::kOne, Besides::kAnyIdentifier},
    {"ADT", "A49", Shape::kMove},
    {"ADT", "A50", Shape::kMove, Change::kUpdated, Grouping::kOne, Besides::kRenumbered},
    {"ADT", "A51", Shape::kMove},
    {"ADT", "A52", Shape::kVisit, Change::kUpdated, Grouping::kOne, Besides::kLeaveCancelled},
    {"ADT", "A53", Shape::kVisit, Change::kUpdated, Grouping::kOne, Besides::kReturnCancelled},
    {"ADT", "A54", Shape::kVisit},
    {"ADT", "A55", Shape::kVisit},
    {"ADT", "A60", Shape::kPerson},
    {"ADT", "A61", Shape::kVisit},
    {"ADT", "A62", Shape::kVisit},
    {"BAR", "P01", Shape::kAccount},
    {"BAR", "P02", Shape::kAccount, Change::kUpdated, Grouping::kResults, Besides::kDeleted},
    {"BAR", "P05", Shape::kAccount},
    {"BAR", "P06", Shape::kAccount},
    {"BAR", "P10", Shape::kAccount},
    {"BAR", "P12", Shape::kAccount},
    {"DFT", "P03", Shape::kAccount},
    {"DFT", "P11", Shape::kAccount},
    {"MDM", "T01", Shape::kDocument},
    {"MDM", "T02", Shape::kDocument},
    {"MDM", "T03", Shape::kDocument},
    {"MDM", "T04", Shape::kDocument},
    {"MDM", "T05", Shape::kDocument},
    {"MDM", "T06", Shape::kDocument},
    {"MDM", "T07", Shape::kDocument},
    {"MDM", "T08", Shape::kDocument},
    {"MDM", "T09", Shape::kDocument},
    {"MDM", "T10", Shape::kDocument},
    {"MDM", "T11", Shape::kDocument},
    {"OMB", "O27", Shape::kOrder},
    {"OMD", "O03", Shape::kOrder},
    {"OMG", "O19", Shape::kOrder},
    {"OMI", "O23", Shape::kOrder},
    {"OML", "O21", Shape::kOrder},
    {"OML", "O33", Shape::kOrder},
    {"OML", "O35", Shape::kOrder},
    {"OML", "O39", Shape::kOrder},
    {"OMN", "O07", Shape::kOrder},
    {"OMP", "O09", Shape::kOrder},
    {"OMS", "O05", Shape::kOrder},
    {"ORB", "O28", Shape::kOrder},
    {"ORD", "O04", Shape::kOrder},
    {"ORG", "O20", Shape::kOrder},
    {"ORI", "O24", Shape::kOrder},
    {"ORL", "O22", Shape::kOrder},
    {"ORL", "O34", Shape::kOrder},
    {"ORL", "O36", Shape::kOrder},
    {"ORL", "O40", Shape::kOrder},
    {"ORM", "O01", Shape::kOrder},
    {"ORN", "O08", Shape::kOrder},
    {"ORP", "O10", Shape::kOrder},
    {"ORR", "O02", Shape::kOrder},
    {"ORS", "O06", Shape::kOrder},
    {"ORU", "R01", Shape::kResult, Change::kUpdated, Grouping::kResults},
    {"ORU", "R30", Shape::kResult, Change::kUpdated, Grouping::kResults},
    {"ORU", "R31", Shape::kResult, Change::kUpdated, Grouping::kResults},
    {"ORU", "R32", Shape::kResult, Change::kUpdated, Grouping::kResults},
    {"ORU", "R40", Shape::kResult, Change::kUpdated, Grouping::kResults},
    {"OSU", "O51", Shape::kOrder},
    {"OSU", "O52", Shape::kOrder},
    {"OUL", "R21", Shape::kResult},
    {"OUL", "R22", Shape::kResult},
    {"OUL", "R23", Shape::kResult},
    {"OUL", "R24", Shape::kResult},
    {"PGL", "PC6", Shape::kPlan},
    {"PGL", "PC7", Shape::kPlan},
    {"PGL", "PC8", Shape::kPlan, Change::kUpdated, Grouping::kOne, Besides::kDeleted},
    {"PPG", "PCG", Shape::kPlan},
    {"PPG", "PCH", Shape::kPlan},
    {"PPG", "PCJ", Shape::kPlan, Change::kUpdated, Grouping::kOne, Besides::kDeleted},
    {"PPP", "PCB", Shape::kPlan},
    {"PPP", "PCC", Shape::kPlan},
    {"PPP", "PCD", Shape::kPlan, Change::kUpdated, Grouping::kOne, Besides::kDeleted},
    {"PPR", "PC1", Shape::kPlan},
    {"PPR", "PC2", Shape::kPlan},
    {"PPR", "PC3", Shape::kPlan, Change::kUpdated, Grouping::kOne, Besides::kDeleted},
    {"RAS", "O17", Shape::kOrder},
    {"RDE", "O11", Shape::kOrder},
    {"RDE", "O25", Shape::kOrder},
    {"RDS", "O13", Shape::kOrder},
    {"REF", "I12", Shape::kReferral},
    {"REF", "I13", Shape::kReferral},
    {"REF", "I14", Shape::kReferral},
    {"REF", "I15", Shape::kReferral},
    {"RGV", "O15", Shape::kOrder},
    {"RRA", "O18", Shape::kOrder},
    {"RRD", "O14", Shape::kOrder},
    {"RRE", "O12", Shape::kOrder},
    {"RRE", "O26", Shape::kOrder},
    {"RRG", "O16", Shape::kOrder},
    {"RRI", "I12", Shape::kReferral},
    {"RRI", "I13", Shape::kReferral},
    {"RRI", "I14", Shape::kReferral},
    {"RRI", "I15", Shape::kReferral},
    {"SIU", "S12", Shape::kAppointment},
    {"SIU", "S13", Shape::kAppointment},
    {"SIU", "S14", Shape::kAppointment},
    {"SIU", "S15", Shape::kAppointment},
    {"SIU", "S16", Shape::kAppointment},
    {"SIU", "S17", Shape::kAppointment},
    {"SIU", "S18", Shape::kAppointment},
    {"SIU", "S19", Shape::kAppointment},
    {"SIU", "S20", Shape::kAppointment},
    {"SIU", "S21", Shape::kAppointment},
    {"SIU", "S22", Shape::kAppointment},
    {"SIU", "S23", Shape::kAppointment},
    {"SIU", "S24", Shape::kAppointment},
    {"SIU", "S26", Shape::kAppointment},
    {"VXU", "V04", Shape::kVaccination},
});

// Messages of no patient's record, where they are not taken as nobody's (nobody.cc).
struct Nobodys {
  std::string_view code;
  std::string_view advice;
};
constexpr std::string_view kMasterFile =
    "a master file speaks of no patient: leave out what may be one's";
constexpr std::string_view kQuestion =
    "a feed answers no questions: ask over the gateway's own interface";
constexpr std::string_view kAnswer =
    "an answer to a question is no event: send the event when it happens";
constexpr std::string_view kEquipment =
    "equipment has no record: leave out what may be a patient's";
constexpr auto kNobodys = std::to_array<Nobodys>({
    {"ACK",
     "an acknowledgement goes to the connection that it answers: do not send it as a message"},
    {"MCF",
     "an acknowledgement goes to the connection that it answers: do not send it as a message"},
    {"MFN", kMasterFile},
    {"MFK", kMasterFile},
    {"MFD", kMasterFile},
    {"MFQ", kMasterFile},
    {"MFR", kMasterFile},
    {"QBP", kQuestion},
    {"QCN", kQuestion},
    {"QRY", kQuestion},
    {"QSB", kQuestion},
    {"QSX", kQuestion},
    {"QVR", kQuestion},
    {"OSQ", kQuestion},
    {"SQM", kQuestion},
    {"VXQ", kQuestion},
    {"ADR", kAnswer},
    {"DSR", kAnswer},
    {"ORF", kAnswer},
    {"OSR", kAnswer},
    {"RSP", kAnswer},
    {"RTB", kAnswer},
    {"SQR", kAnswer},
    {"VXR", kAnswer},
    {"VXX", kAnswer},
    {"EAC", kEquipment},
    {"EAN", kEquipment},
    {"EAR", kEquipment},
    {"ESR", kEquipment},
    {"ESU", kEquipment},
    {"INR", kEquipment},
    {"INU", kEquipment},
    {"LSR", kEquipment},
    {"LSU", kEquipment},
    {"NMD", kEquipment},
    {"SSR", kEquipment},
    {"SSU", kEquipment},
    {"TCU", kEquipment},
});

constexpr std::pair<std::string_view, std::string_view> NameOf(const Event& event) {
  return {event.code, event.trigger};
}

static_assert(std::is_sorted(kEvents.begin(), kEvents.end(),
                             [](const Event& a, const Event& b) { return NameOf(a) < NameOf(b); }));

// "A02" behind "A01".
bool Follows(std::string_view trigger, std::string_view before) {
  if (trigger.size() != 3 || before.size() != 3 || trigger[0] != before[0]) return false;
  const auto number = [](std::string_view text) { return (text[1] - '0') * 10 + (text[2] - '0'); };
  return number(trigger) == number(before) + 1;
}

// The end of the run of triggers that begins at `first`: three or more in a row are one range.
std::size_t RunFrom(std::size_t first) {
  std::size_t end = first + 1;
  while (end < kEvents.size() && kEvents[end].code == kEvents[first].code &&
         Follows(kEvents[end].trigger, kEvents[end - 1].trigger)) {
    ++end;
  }
  return end - first < 3 ? first + 1 : end;
}

}  // namespace

std::span<const Event> Events() { return kEvents; }

const Event* EventOf(std::string_view code, std::string_view trigger) {
  const auto* const event = std::find_if(kEvents.begin(), kEvents.end(), [&](const Event& known) {
    return known.code == code && known.trigger == trigger;
  });
  return event == kEvents.end() ? nullptr : event;
}

std::string EventsInWords() {
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < kEvents.size();) {
    const std::size_t end = RunFrom(i);
    std::string run(kEvents[i].trigger);
    if (end - i > 1) run += "-" + std::string(kEvents[end - 1].trigger);
    const bool same = i > 0 && kEvents[i - 1].code == kEvents[i].code;
    if (same) {
      codes.back() += ", " + run;
    } else {
      codes.push_back(std::string(kEvents[i].code) + " " + run);
    }
    i = end;
  }
  std::string words;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (i > 0) words += i + 1 == codes.size() ? " or " : ", ";
    words += codes[i];
  }
  return words;
}

std::string AdviceFor(std::string_view code, std::string_view trigger) {
  // NPU alone: it names no patient to whom anything of it could belong.
  if (code == "ADT" && trigger == "A20") return "leave out of this feed what speaks of a bed alone";
  const auto* const found = std::find_if(kNobodys.begin(), kNobodys.end(),
                                         [&](const Nobodys& one) { return one.code == code; });
  return found == kNobodys.end() ? "send " + EventsInWords() : std::string(found->advice);
}

}  // namespace milecastle::acute

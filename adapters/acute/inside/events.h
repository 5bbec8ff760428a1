// The events that are read, one row each: what a message is by MSH-9.1 and MSH-9.2 alone.
//
// A new event is a row in events.cc, sorted by code, then trigger; a new shape is a value of Shape
// and a row in body.cc.
//
// Thread-safety: constant. Failure: an event without a row is nullptr.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "parts.h"
#include "record/contribution.h"

namespace milecastle::acute {

// Which segments an event brings and what it claims: one reader each (body.cc).
enum class Shape : std::uint8_t {
  kVisit,
  kPerson,
  kMerge,
  kResult,
  kDocument,
  kMove,      // of accounts, visits or parts of a record, within a patient or between two
  kLink,      // of two patients, or the undoing of one
  kDeletion,  // of a patient
  kAccount,   // billing
  kPlan,      // problems, goals and pathways
  kVaccination,
  kAppointment,
  kReferral,
  kOrder,
};

// What an event says besides, of a visit or of identifiers.
enum class Besides : std::uint8_t {
  kNothing,
  kTransferPlanned,
  kTransferPlanCancelled,
  kDischargePlanned,
  kDischargePlanCancelled,
  kLeft,  // on leave of absence
  kReturned,
  kLeaveCancelled,
  kReturnCancelled,
  kDeleted,
  kRenumbered,
  kAnyIdentifier,  // not of PID-3 alone
  kUndone,
};

struct Event {
  std::string_view code;
  std::string_view trigger;
  Shape shape;
  record::EncounterChange change = record::EncounterChange::kUpdated;
  Grouping grouping = Grouping::kOne;
  Besides besides = Besides::kNothing;
};

std::span<const Event> Events();  // sorted by code, then trigger

const Event* EventOf(std::string_view code, std::string_view trigger);

// What to send instead of an event that is not read; what is nobody's record is better not sent.
std::string AdviceFor(std::string_view code, std::string_view trigger);

// "ADT A01-A05, A08, MDM T02 or ORU R01": the table as advice.
std::string EventsInWords();

}  // namespace milecastle::acute

// What may be believed of an entry that contradicts itself, or that is of somebody else: one rule
// for every format.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include "base/clock.h"
#include "record/entry.h"

namespace milecastle::record {

// Whether the source says that it ended: by a date, an age or a reason for it.
bool SaysEnded(const Entry& entry);

// Ended and said to be active: neither is believed, and the source's word stays as it is. What is
// refuted or entered in error is not active either.
void Settle(Entry& entry);

// Entries that are a standing fact until they end. An end of others (a course, a plan, a booking)
// may lie ahead of what is active.
bool IsStandingFact(Kind kind);

// Whether the day, hour … that ends it was over at a moment; an end ahead of that ends nothing yet.
bool HadEndedBy(const Entry& entry, base::Instant moment);

// The same of a course of a medicine, an issue of it and a plan, whose end may lie ahead of what is
// active: one that was over when it was received is not.
void SettleCourse(Entry& entry, base::Instant received);

// An entry that is of somebody else is none of the patient's problems, allergies or alerts, and
// stands under no heading that would be read as theirs.
void GiveToOther(Subject subject, Entry& entry);

}  // namespace milecastle::record

// The third-sector adapter: what voluntary organisations send of the people whom they support,
// under the headings of PRSB Social Prescribing v1.1.
//
// A spreadsheet (CSV). One row is one contact, referral, outcome, plan entry or the like of one
// person: "Record type" says which. Columns have plain English names (columns.cc), or whatever the
// feed's mapping calls them (port/mapping.h). The rows of a person within a message are one
// contribution.
//
//   refused, a row at a time, with line and column: a row that does not say whose it is (NHS number
//   or local id, and family name, given names and birth date); a record type, status or date that
//   cannot be read; all rows of one identifier that disagree on who it is
//
//   the same again: a referral, appointment, plan, service … of the same reference is one thing,
//   and its latest row by date says how it stands. "Outcome" is a row of its referral. A file is
//   taken in parts only if it has such rows oldest first. A contact is one of its reference and its
//   day
//
//   a risk to workers and a safeguarding concern are entries of their own, in whatever row they
//   stand, by their words: "No" in another row ends none of them, and is shown beside them. They
//   end by their own end date
//
//   "Consent to share": a No is about what was asked: it withholds what this organisation wrote,
//   and a person asks whether more was meant; a later Yes of the column shows that again, and opens
//   nothing that an agreement keeps shut. Whatever else it says may be a refusal, as may a row of
//   type Consent. A refusal counts to the end of its date ("2026-05"), a Yes from its start; what
//   is no date makes a refusal the last word and a Yes none
//
//   "NHS number traced": Yes is the sender's own word, no trace; the feed's setting says whether
//   such a number is relied on
//
// PRSB Social Prescribing as JSON (prsb/message.h). Refused without who it is of: identifier, name
// and birth date. Without another mandatory heading (GP practice, referral details, risks) it is
// taken, since the rest of it matters all the same, and the missing one is listed: nothing is said
// of it.
//
// Thread-safety: any thread. Failure: in the Reading; Errors name lines and columns, no values.
#pragma once

#include <memory>

#include "port/adapter.h"

namespace milecastle::third_sector {

std::unique_ptr<port::Adapter> MakeAdapter();

}  // namespace milecastle::third_sector

// What an officer is told of an item beside its row: whose doing it looks at, which choice, why a
// patient could not be read; and what one organisation's officer is not told.
//
// Thread-safety: one thread. Failure: the store's errors.
#pragma once

#include <set>

#include "govern/identity_desk.h"

namespace milecastle::govern {

// An item of before its cause was kept (0006_reviews) has it from the entry that it is derived
// from. Where that is not to be told it stays empty, and nobody closes what nobody did.
base::Result<void> NameCause(store::Snapshot& snapshot, store::QueueItem& item);

// The choice that is looked at; the message's control id and why the patient was not read.
base::Result<void> AddWhatItLooksAt(store::Snapshot& snapshot, QueuedItem& queued);

// Whether the name of an organisation is kept from another one's officer.
bool IsNameKept(const Act& act, const record::OdsCode& source);
void LeaveOutNames(const Act& act, const std::set<record::PersonId>& location_protected,
                   ItemAtDesk& shown);

// Those of an item's claim and candidates of whom nothing is told of where they are.
base::Result<std::set<record::PersonId>> LocationProtected(store::Snapshot& snapshot,
                                                           const ItemAtDesk& shown);

// Fills in how alike the claim and each candidate are, after names were left out.
void WeighCandidates(const identify::Tracer& tracer,
                     const std::set<record::PersonId>& location_protected, ItemAtDesk& shown);

}  // namespace milecastle::govern

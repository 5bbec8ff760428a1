// One message inside its transaction: duplicate, rejected, or its patients one by one (settle.h),
// and then its journal row.
//
// Thread-safety: as the transaction. Failure: the store's errors; then nothing may be committed and
// the message's sender is told to send it again.
#pragma once

#include <cstdint>
#include <set>

#include "message.h"
#include "port/adapter.h"
#include "store/store.h"

namespace milecastle::receive {

base::Result<port::Outcome> Commit(store::Transaction& transaction, const Message& message);

// Each patient of a message that was read, settled and audited, one after the other in its order: a
// later one may speak of whom an earlier one made. Where `only` is not empty, those of these
// numbers alone; the others are duplicates.
base::Result<port::Outcome> TakePatients(store::Transaction& transaction, const Message& message,
                                         const std::set<std::uint32_t>& only);

// What a row says of what became of its message.
void FillOutcome(store::JournalRow& row, const port::Outcome& outcome);
// Whether a message so makes a later one of its control id a duplicate or a conflict.
bool WasTaken(const store::JournalRow& row);
// Whether it was quarantined for its control id.
bool IsConflict(const store::JournalRow& row);

}  // namespace milecastle::receive

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

// Which patients of a message that came before are taken again, by their numbers.
struct Again {
  std::set<std::uint32_t> patients;       // empty: all of them, for the first time
  std::set<std::uint32_t> told_as_taken;  // of these, of whom the sender was told no fault
};

// Each patient of a message that was read, settled and audited, one after the other in its order: a
// later one may speak of whom an earlier one made. Who is not taken again is a duplicate.
base::Result<port::Outcome> TakePatients(store::Transaction& transaction, const Message& message,
                                         const Again& again);

// What a row says of what became of its message.
void FillOutcome(store::JournalRow& row, const port::Outcome& outcome);
// Whether a message so makes a later one of its control id a duplicate or a conflict.
bool WasTaken(const store::JournalRow& row);
// Whether it was quarantined for its control id.
bool IsConflict(const store::JournalRow& row);

}  // namespace milecastle::receive

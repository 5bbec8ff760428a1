// One message inside its transaction: duplicate, rejected, or its patients one by one (settle.h),
// and then its journal row.
//
// Thread-safety: as the transaction. Failure: the store's errors; then nothing may be committed and
// the message's sender is told to send it again.
#pragma once

#include "message.h"
#include "port/adapter.h"
#include "store/store.h"

namespace milecastle::receive {

base::Result<port::Outcome> Commit(store::Transaction& transaction, const Message& message);

}  // namespace milecastle::receive

// One message inside its transaction: duplicate, rejected, whose it is, effect, journal, audit.
//
// Thread-safety: as the transaction. Failure: the store's errors; then nothing may be committed and
// the message's sender is told to send it again.
#pragma once

#include "message.h"
#include "port/adapter.h"
#include "store/store.h"

namespace milecastle::receive {

base::Result<port::Outcome> Commit(store::Transaction& transaction, const Message& message);

// After an officer said whose a waiting message is (intake.h, PrepareReplay).
base::Result<void> CommitAs(store::Transaction& transaction, const Message& message,
                            const std::optional<record::IdentityId>& identity,
                            const record::PersonId& person);

}  // namespace milecastle::receive

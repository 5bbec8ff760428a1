// One patient of a message inside the message's transaction: whose it is, effect, or a queue.
//
// Thread-safety: as the transaction. Failure: the store's errors; then nothing of the message may
// be committed, for any of its patients.
#pragma once

#include <string_view>

#include "event.h"
#include "identify/identify.h"
#include "message.h"
#include "store/store.h"

namespace milecastle::receive {

// What became of the patient, for the journal and the audit. A patient who waits or is quarantined
// touches nobody's record, and stops nobody else's.
base::Result<Happened> Settle(store::Transaction& transaction, const Message& message,
                              const Patient& patient);

// The same after an officer said whose it is.
base::Result<void> SettleAs(store::Transaction& transaction, const Message& message,
                            const Patient& patient,
                            const std::optional<record::IdentityId>& identity,
                            const record::PersonId& person);

// Work for a person: an item of the message's organisation. Of the whole message where `patient` is
// 0.
struct Asking {
  store::QueueKind kind = store::QueueKind::kAwaitingIdentity;
  std::string_view reason;
  std::uint32_t patient = 0;
  const identify::Waits* waits = nullptr;
};
base::Result<void> Ask(store::Transaction& transaction, const Message& message,
                       const Asking& asking);

}  // namespace milecastle::receive

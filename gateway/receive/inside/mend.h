// A message that was rejected or quarantined, read again (by today's adapter and mappings) or
// corrected by a person, inside its transaction.
//
// It stands where it stood: its moment is that of its coming. What its source said since of the
// same entry, section or choice stays, whether that changed a row or not; where the source has
// spoken of the identity since, nothing of the message opens a relationship, loosens a choice or
// describes the person anew. Of several patients those alone are taken who were quarantined. A
// message that meets others that wait for an identity waits with them, in the order of their
// coming.
//
// A correction speaks of those whom the wrong message spoke of (same_patients.h).
//
// Thread-safety: as the transaction. Failure: kNotFound; kConflict where somebody is done with it,
// another message of its control id was taken, or a correction names other patients; kNotPermitted
// for a protected identity; the store's errors. Then nothing may be committed.
#pragma once

#include "message.h"
#include "receive/mended.h"
#include "store/store.h"

namespace milecastle::receive {

// The message of the journal's row, as it is read now. Done twice, it changes nothing the second
// time.
base::Result<Mended> Replay(store::Transaction& transaction, const Message& message,
                            const MendedBy& by);

// `correction` is a message of its own, which says right what `wrong` said.
struct Correction {
  const Message& message;
  const Message& wrong;  // as it is read now, where it can be
};
base::Result<Mended> Correct(store::Transaction& transaction, const Correction& correction,
                             const MendedBy& by);

}  // namespace milecastle::receive

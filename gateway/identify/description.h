// Which of its source's descriptions of a patient stands: an older version that arrives late says
// nothing of how the patient is now.
//
// Thread-safety: as the transaction. Failure: the store's errors.
#pragma once

#include "base/result.h"
#include "record/patient.h"
#include "store/store.h"

namespace milecastle::identify {

// Whether the source has described this identity by a newer version than the claim's.
base::Result<bool> IsOlderDescription(store::Transaction& transaction,
                                      const record::IdentityId& identity,
                                      const record::PatientClaim& claim, base::Instant received);

// Whether it is so by its number alone, which what else is known speaks against
// (record/doubtful_version.h).
base::Result<bool> IsDoubtfullyOlderDescription(store::Transaction& transaction,
                                                const record::IdentityId& identity,
                                                const record::PatientClaim& claim,
                                                base::Instant received);

// The claim's is the source's last from now on. Nothing where it does not say which it is.
base::Result<void> NoteDescription(store::Transaction& transaction,
                                   const record::IdentityId& identity,
                                   const record::PatientClaim& claim, base::Instant received);

// What a claim still says where a newer one has described the patient.
record::PatientClaim IdentifiersOf(const record::PatientClaim& claim);

}  // namespace milecastle::identify

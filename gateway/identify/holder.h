// Who has an NHS number, the severed included: a number that a severed person has is theirs for
// good and opens nothing again (safety.md 14).
//
// Thread-safety: as the transaction. Failure: the store's errors.
#pragma once

#include <vector>

#include "base/result.h"
#include "store/facts.h"
#include "store/patients.h"

namespace milecastle::identify {

// The severed persons who have the number, by one of their identities or as their own, which one
// whose identities were merged away has still. Each once.
base::Result<std::vector<store::Person>> SeveredOf(store::ReadPatients& patients,
                                                   const record::NhsNumber& number);

// Whether there is such a person, and severed.
base::Result<bool> IsSevered(store::ReadPatients& patients, const record::PersonId& id);

// Whether a person may take it: neither an active nor a severed one has it.
base::Result<bool> IsFree(store::ReadPatients& patients, const record::NhsNumber& number);

// Whether any source's last word protects where the person is: nothing of it is then compared with
// anybody's, nor told (safety.md 12).
base::Result<bool> IsLocationProtected(store::ReadFacts& facts, const record::PersonId& person);

}  // namespace milecastle::identify

// What a claim does to what is held of its identity.
//
// HL7 `""` deletes, empty leaves alone (kLeave); neither ever removes an NHS number or a local
// identifier (safety.md 5). A tracing state never lowers a verified number (safety.md 13).
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "record/patient.h"
#include "store/patients.h"

namespace milecastle::identify {

// The number that may be matched on: valid, no placeholder, and not said by its tracing state to
// have failed (NSTS04 no match, NSTS05 conflict).
std::optional<record::NhsNumber> UsableNumber(const record::PatientClaim& claim);

// "valid", "absent", "wrong_form", "wrong_check_digit", "placeholder", "trace_failed".
// Whether a number of this state may be relied on: verified, or unstated by a feed that is trusted.
bool IsRelied(record::Tracing tracing, bool share_untraced);

std::string_view NumberStateOf(const record::PatientClaim& claim);

store::Demographics Apply(const record::PatientClaim& claim, store::Demographics held);

// Demographics, local identifiers and, where `number` is given, the number with its tracing state
// and whether it may be relied on for sharing.
void Absorb(const record::PatientClaim& claim, const std::optional<record::NhsNumber>& number,
            bool share_untraced, store::Identity& identity);
// The same, with these local identifiers in the place of the claim's.
void Absorb(const record::PatientClaim& claim, const std::vector<record::LocalIdentifier>& locals,
            const std::optional<record::NhsNumber>& number, bool share_untraced,
            store::Identity& identity);

}  // namespace milecastle::identify

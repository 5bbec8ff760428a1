// What a sender may know of what became of its message: that it is durably taken, and what is wrong
// with its form. Not whether it agrees with what is held: who may send could otherwise try birth
// dates against an NHS number, and learn who is protected (safety.md 14).
//
// So these are told alike, as kAccepted with all the entries that were read:
//   * what joined a record, what waits until it is settled whose it is, and who is kept apart;
//   * what is current, and what is older than what stands.
// Bytes of which that was told once are a duplicate ever after, though they be taken again. The
// journal, the officers and `milecastle sources` have the whole.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <optional>

#include "port/adapter.h"

namespace milecastle::port {

// Where the error of whoever is kept apart for their protection stands.
inline constexpr const char* kKeptApart = "patient identifiers";

bool IsKeptApart(Disposition disposition, const std::optional<base::Error>& error);

// Once or twice: the same.
Outcome AsTold(Outcome outcome);

}  // namespace milecastle::port

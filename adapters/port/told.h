// What a sender may know of what became of its message.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <optional>

#include "port/adapter.h"

namespace milecastle::port {

// Where the error of whoever is kept apart for their protection stands.
inline constexpr const char* kKeptApart = "patient identifiers";

bool IsKeptApart(Disposition disposition, const std::optional<base::Error>& error);

// As its sender may know it: who is kept apart (safety.md 14) is told in no other words than who
// waits, and of neither how many entries there were. The journal and the officers have the whole.
Outcome AsTold(Outcome outcome);

}  // namespace milecastle::port

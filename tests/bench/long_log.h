// Fills an audit log quickly: so many entries as views leave, thousands in one group.
//
// Thread-safety: the log's; returns when all of them are durable. Failure: ends the program where
// the log refuses one.
#pragma once

#include "audit/log.h"
#include "base/clock.h"

namespace milecastle::bench {

audit::Entry LoggedView(const base::Clock& clock);

void Lengthen(audit::Log& log, const base::Clock& clock, std::size_t entries);

}  // namespace milecastle::bench

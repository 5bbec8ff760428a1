// The sums over the journal by feed, organisation, outcome and reason. Every row adds to them in
// the transaction that it is written in.
//
// Thread-safety: one thread, as the connection. Failure: the store's errors.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "inside/session.h"
#include "store/journal.h"

namespace milecastle::store::sqlite {

// `which`: feed, organisation, disposition, error.
base::Result<void> AddCount(Connection& connection, const std::array<std::string, 4>& which,
                            const Session::FeedSum& more);
base::Result<std::vector<OutcomeCount>> CountsIn(Connection& connection);

// Of the rows of before 0012_counts: once, with the migration.
base::Result<void> CountWhatIsThere(Connection& connection);

}  // namespace milecastle::store::sqlite

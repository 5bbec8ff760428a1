// Builds the versions of one entry from the rows.
//
// Thread-safety: one thread. Failure: as query.h.
#pragma once

#include "inside/entry_row.h"
#include "inside/session.h"
#include "store/records.h"

namespace milecastle::store::sqlite {

// `of`: any version.
base::Result<EntryHistory> BuildHistory(Session& session, record::PersonId person,
                                        const EntryRow& of, const HistoryLimit& limit);

}  // namespace milecastle::store::sqlite

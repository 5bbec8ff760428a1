// Builds a person's segment, or the versions of one of their entries, from the rows.
//
// Thread-safety: one thread. Failure: kNotFound for no such person; else as query.h.
#pragma once

#include "inside/entry_row.h"
#include "inside/session.h"
#include "store/patients.h"
#include "store/records.h"

namespace milecastle::store::sqlite {

base::Result<Segment> BuildSegment(Session& session, const Person& person);
// `of`: any version.
base::Result<EntryHistory> BuildHistory(Session& session, record::PersonId person,
                                        const EntryRow& of, const HistoryLimit& limit);

}  // namespace milecastle::store::sqlite

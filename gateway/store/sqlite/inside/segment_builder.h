// Builds a person's segment from the rows.
//
// Thread-safety: one thread. Failure: kNotFound for no such person; else as query.h.
#pragma once

#include "inside/session.h"
#include "store/patients.h"
#include "store/records.h"

namespace milecastle::store::sqlite {

base::Result<Segment> BuildSegment(Session& session, const Person& person);

}  // namespace milecastle::store::sqlite

// Whether an alert or a safeguarding concern says in plain words that there is none: "No concerns"
// in a column that everybody must fill would lead the view as a mark of abuse, and teach readers to
// pass over the next one. It stays an entry, in the words of its source.
//
// Thread-safety: functions without state. Failure: none; what is not known word for word denies
// nothing.
#pragma once

#include "record/entry.h"

namespace milecastle::normalise {

// All that it says is a denial, or the name of what is denied: no code, value or other word stands
// beside it.
bool IsPlainDenial(const record::Entry& entry);

}  // namespace milecastle::normalise

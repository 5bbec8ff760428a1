// By what an allergy, problem or medicine is known again when another source tells of it: each of
// its codes, and each of its wordings without case and punctuation. Nothing is guessed: a code of
// another system is another key until a map says what it stands for.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include "normalise/normaliser.h"
#include "record/entry.h"
#include "record/likeness.h"

namespace milecastle::normalise {

// `entry` after its systems became canonical. `known` is filled as it goes.
record::Likeness LikenessOf(const record::Entry& entry, KnownKeys& known);

}  // namespace milecastle::normalise

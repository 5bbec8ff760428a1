// "No known allergies", by its codes and in words: the one list that every format is read by.
//
// Thread-safety: functions without state. Failure: what is not known denies nothing.
#pragma once

#include <cstdint>

#include "record/entry.h"

namespace milecastle::record {

enum class Denial : std::uint8_t {
  kNothing = 1,
  kOneKind,  // "no known drug allergy": says nothing of other kinds, and never "no allergies"
  kAll,
};

// What a concept in the place of an allergy denies. Where one of its codings or words names an
// allergy all the same, it is an allergy.
Denial DenialOf(const Coded& what);

// "Allergy" as such: a source that denies it denies all.
bool IsAnyAllergy(const Coded& what);

}  // namespace milecastle::record

// "No known allergies", by its codes and in words: the one list that every format is read by.
//
// A denial is what says that and no more: where words go on, or a reaction, a severity or another
// code stands beside it, an allergy may be told of, and is shown as told.
//
// Thread-safety: functions without state. Failure: what is not known denies nothing.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

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

// The same with what stands beside it: a reaction or severity contradicts, a type or category makes
// a denial one of that kind.
Denial DenialOf(const Coded& what, const std::vector<Detail>& beside);

// The kinds of allergy that are named beside a concept: "Drug allergy", "Food allergy" (table
// 0127).
std::vector<std::string_view> KindsBeside(const std::vector<Detail>& beside);

// Where the kind alone makes a denial one of that kind, says so in its words: "Food allergy: nil
// known" can be read by itself.
void NameKindOfDenial(Entry& entry);

// "Allergy" as such: a source that denies it denies all.
bool IsAnyAllergy(const Coded& what);
// The same where neither a kind nor a reaction stands beside it.
bool IsAnyAllergy(const Coded& what, const std::vector<Detail>& beside);

}  // namespace milecastle::record

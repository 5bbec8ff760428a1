// What words in the place of an allergy deny, whole: "no known allergies", "NKDA", "not allergic to
// penicillin". Words that go on deny nothing: "no known allergies except penicillin" tells of one.
//
// Thread-safety: functions without state. Failure: what is not known denies nothing.
#pragma once

#include <string_view>

#include "record/none_known.h"

namespace milecastle::record {

Denial DenialInWords(std::string_view words);

// "Nil", "none": a no that names nothing. By itself it does not say of what.
bool IsBareNo(std::string_view words);

// "None", "unknown", "N/A": a severity or reaction of which nothing is told.
bool TellsNothing(std::string_view words);

}  // namespace milecastle::record

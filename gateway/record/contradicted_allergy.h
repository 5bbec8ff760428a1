// An allergy whose words deny it: "No known allergy" in the text of a code for penicillin.
//
// Thread-safety: functions without state. Failure: what is not known denies nothing.
#pragma once

#include <string_view>

#include "record/entry.h"

namespace milecastle::record {

// It is an allergy (record/none_known.h) and is read from its first words: they name the substance
// and say that its source's own words, which stand behind them as sent, contradict it. MUST leave
// alone what it has changed before, and whatever is a denial.
void LeadWithSubstance(Entry& entry);

// The two parts of such a text; of any other `substance` is the whole, and `words` is empty.
struct Contradiction {
  std::string_view substance;
  std::string_view words;
};
Contradiction ContradictionIn(std::string_view text);

}  // namespace milecastle::record

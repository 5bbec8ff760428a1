// What is left of a stored entry for a reader who may not know where the person is: beside the
// groups that a mask drops, words that name a place (record/places.h).
//
// Of an allergy, an alert and whatever leads a view the words themselves stay, and the place alone
// is taken out of them: the fact must be seen. Of all else the text that names one goes whole,
// since what stands around it names it too.
//
// Thread-safety: functions without state. Failure: false, and nothing is written.
#pragma once

#include <string>
#include <string_view>

#include "record/places.h"

namespace milecastle::wire {

struct Placeless {
  bool changed = false;
  std::string entry;   // where it is changed
  std::string masked;  // to follow the class's trailer: the names of what was taken from
};

[[nodiscard]] bool DropPlaces(std::string_view entry, const record::KnownPlaces& known,
                              bool keeps_facts, Placeless& into);

}  // namespace milecastle::wire

// Whether the word for a unit and its UCUM code say two things: "70 stone" with the code kg.
//
// Thread-safety: functions without state. Failure: a word that is not known disagrees with nothing.
#pragma once

#include <string_view>

namespace milecastle::command {

bool UnitsDisagree(std::string_view word, std::string_view ucum);

}  // namespace milecastle::command

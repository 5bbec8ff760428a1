// One answer's bytes to what a view may use of them.
//
// Thread-safety: functions without state. Failure: in the Given's outcome.
#pragma once

#include "gather/gather.h"

namespace milecastle::gather {

// `given` names source, question and time already. Not empty: the source is to be asked again, by
// this (Reading::ask_again_by).
std::string ReadInto(Given& given, const Raw& raw, const LiveSource& source, const Person& person,
                     const normalise::Normaliser& normaliser);

}  // namespace milecastle::gather

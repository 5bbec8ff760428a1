// What is wrong with a contribution whose every field is what it should be: times that cannot be,
// keys that stand twice, links that lead nowhere. For wire/ alone.
//
// Thread-safety: functions without state. Failure: none; the first fault, with its path.
#pragma once

#include <google/protobuf/message.h>

#include <optional>

#include "base/error.h"
#include "milecastle/v1/contribution.pb.h"
#include "place.h"

namespace milecastle::wire {

// Every time in a message: one that is given by its text alone is read and filled in, one that is
// given in full must agree with itself.
std::optional<base::Error> CompleteTimes(google::protobuf::Message& message, const Place& place);

// Its times are completed.
std::optional<base::Error> FaultOfPatient(v1::PatientContribution& patient, const Place& place);

}  // namespace milecastle::wire

// One entry, and who a person is, as lines for people to read.
//
// Thread-safety: pure functions. Failure: none.
#pragma once

#include <ostream>

#include "milecastle/v1/record.pb.h"
#include "milecastle/v1/view.pb.h"

namespace milecastle::command {

// In one line, as an alert at the head of the view.
void PrintHeadline(const v1::Entry& entry, std::ostream& out);
// In one line, as one of several that tell of the same.
void PrintInBrief(const v1::Entry& entry, std::ostream& out);
// By which a question about it is asked.
void PrintId(const v1::Entry& entry, std::ostream& out);
void PrintEntry(const v1::Entry& entry, std::ostream& out);
void PrintDemographics(const v1::Demographics& person, std::ostream& out);

}  // namespace milecastle::command

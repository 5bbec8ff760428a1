// Takes out of a service what tells where it is: of a refuge, and of what may be one.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <string_view>

#include "record/directory.h"

namespace milecastle::open_referral {

// Whether a text of a service says that it shelters somebody who is looked for, however it is
// written: with accents, in letters of another script that look the same, or parted by the marks of
// HTML. Of what may be one it is said too: an address that is missing is a telephone call, one that
// is shown is a life.
bool SaysShelter(std::string_view text);

void KeepBack(record::DirectoryService* service);

}  // namespace milecastle::open_referral

// Takes out of a service what tells where it is: of a refuge, and of what may be one.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include "record/directory.h"

namespace milecastle::open_referral {

// Whether its name, organisation, description or terms say that it shelters somebody who is looked
// for, however they are written. Of what may be one it is said too: an address that is missing is a
// telephone call, one that is shown is a life.
bool MayShelter(const record::DirectoryService& service);

void KeepBack(record::DirectoryService* service);

}  // namespace milecastle::open_referral

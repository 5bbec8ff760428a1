// The values of Client Level Data: those of Release 2, and what Release 1 called them.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace milecastle::social_care {

// Every column of the return, by the names of DHSC's database.
std::span<const std::string_view> FieldNames();

struct Term {
  std::string text;    // Release 2's word; the sender's own where it is no value of the return
  bool known = false;  // also where the field has no list, and where nothing was sent
};
Term TermOf(std::string_view field, std::string_view sent);

// "Unknown", "Invalid and not mapped" and their like: nothing is said.
bool SaysNothing(std::string_view value);

}  // namespace milecastle::social_care

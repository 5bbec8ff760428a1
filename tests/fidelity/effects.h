// Which parts of a record a message loses when a part of it changes.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <set>
#include <string>

#include "parts.h"
#include "port/adapter.h"
#include "record/sections.h"

namespace milecastle::fidelity {

struct Loss {
  std::set<record::Section> sections;
  std::set<std::string> others;  // "whose it is", "labels of sensitivity" …

  bool empty() const { return sections.empty() && others.empty(); }
};

// What stands in `whole` and not, or otherwise, in `changed`; what only `changed` has is no loss.
Loss Lost(const port::Reading& whole, const port::Reading& changed);

// Why a part is not carried; empty where nothing is said of it.
struct Listed {
  std::string why;
  bool with_its_owner = false;  // what it stands in is not carried, whole
};
// What `whole` lists at the part's place, or under a name that it does not repeat (`?`) and that
// goes with the part, in `without`.
Listed ListedIn(const port::Reading& whole, const port::Reading& without, const Part& part);

}  // namespace milecastle::fidelity

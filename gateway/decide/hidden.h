// What leaves no line for somebody of an organisation, whatever they ask for and however.
//
// Asking for an emergency sets hide rules aside, asking as one of a lock's team opens the lock, and
// a label may hide from the person alone: whoever compares explanations of several requests would
// learn from the difference what is hidden (safety.md 2, 6). So what any purpose hides is told to
// nobody who does not see the whole system.
//
// Thread-safety: immutable. Failure: none.
#pragma once

#include <vector>

#include "base/clock.h"
#include "decide/policy.h"
#include "record/facts.h"

namespace milecastle::decide {

class Hiding {
 public:
  // `policy` and `facts` outlive it.
  Hiding(const Policy& policy, const record::PatientFacts& facts, const record::OdsCode& reader,
         base::Instant now);

  bool Covers(const record::EntryClass& entry_class) const;
  // The source whole, whatever it holds.
  bool Covers(const record::OdsCode& source) const;
  // Whether the choice hides, binding or not: a lock, or the person's own hide rule. Another's hide
  // rule withholds with a line (safety.md 6).
  static bool LeavesNoLine(const record::Consent& consent);

 private:
  const Policy& policy_;
  std::vector<const record::Consent*> choices_;
};

}  // namespace milecastle::decide

// (request, facts, policy, now) → Decision. No I/O and no clock: whoever calls brings both.
//
// A Decider is one policy, compiled: the context of (organisation, roles, assurance, system,
// purpose) is compiled once and kept while the policy lives; a change of policy is a new Decider in
// place of the old. A request then costs its classes, and an item a table look-up.
//
// Thread-safety: any thread. Failure: an Error means that no decision could be made, and discloses
// nothing; a refusal is a Decision.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "decide/decision.h"
#include "decide/policy.h"
#include "decide/request.h"

namespace milecastle::decide {

class Decider {
 public:
  explicit Decider(Policy policy);
  ~Decider();
  Decider(const Decider&) = delete;
  Decider& operator=(const Decider&) = delete;

  const Policy& policy() const;
  base::Result<Decision> Decide(Request request, const Known& known, base::Instant now) const;

  struct Inside;

 private:
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::decide

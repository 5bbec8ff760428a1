// What every use case of govern/ needs, and what each of its answers carries.
//
// Thread-safety: as its members. Lifetime: the members outlive every use case. Failure: none.
#pragma once

#include <string>
#include <utility>

#include "audit/appender.h"
#include "base/clock.h"
#include "decide/in_force.h"
#include "govern/outbox.h"
#include "store/store.h"

namespace milecastle::govern {

struct Parts {
  store::Store& store;
  audit::Appender& log;
  const decide::InForce& policy;
  const base::Clock& clock;
  OutboxLoop& outbox;
};

// An answer that is in the audit log. It cannot be made without the receipt.
template <class T>
class Audited {
 public:
  Audited(T value, const audit::Receipt& receipt)
      : value_(std::move(value)), leaf_{receipt.origin(), receipt.index(), receipt.leaf_hash()} {}
  // For changes whose leaf the outbox made.
  Audited(T value, LeafPlace leaf) : value_(std::move(value)), leaf_(std::move(leaf)) {}

  const T& value() const { return value_; }
  const LeafPlace& leaf() const { return leaf_; }

 private:
  T value_;
  LeafPlace leaf_;
};

}  // namespace milecastle::govern

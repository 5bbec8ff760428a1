// The policy in force: swapped whole and at once, and kept alive by whoever is deciding under it.
//
// Thread-safety: any thread. Failure: none; there is always one.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "decide/decider.h"

namespace milecastle::decide {

class InForce {
 public:
  explicit InForce(std::shared_ptr<const Decider> first) : current_(std::move(first)) {}

  std::shared_ptr<const Decider> Get() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void Replace(std::shared_ptr<const Decider> next) {
    const std::lock_guard lock(mutex_);
    current_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Decider> current_;
};

}  // namespace milecastle::decide

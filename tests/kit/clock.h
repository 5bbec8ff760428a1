// A clock that tests set by hand.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace milecastle::kit {

class ManualClock final : public base::Clock {
 public:
  explicit ManualClock(base::Instant now) : micros_(now.time_since_epoch().count()) {}
  base::Instant Now() const override {
    return base::Instant(std::chrono::microseconds(micros_.load()));
  }
  std::chrono::nanoseconds Monotonic() const override {
    return std::chrono::microseconds(micros_.load());
  }
  void Advance(std::chrono::microseconds by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_;
};

}  // namespace milecastle::kit

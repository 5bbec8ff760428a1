// Notices that somebody set the wall clock: it moved against the monotonic one since the last look.
//
// Thread-safety: one thread at a time. Failure: none.
#pragma once

#include <chrono>
#include <optional>

#include "base/clock.h"

namespace milecastle::base {

class ClockJump {
 public:
  // What time servers correct without a word is no jump.
  static constexpr std::chrono::seconds kLeast{1};

  // `clock` must outlive this.
  explicit ClockJump(const Clock& clock) : clock_(clock), off_(Off()) {}

  // How far the wall clock was set ahead (or back: below 0) since the last look; nothing for less
  // than kLeast.
  std::optional<std::chrono::milliseconds> Look() {
    const auto off = Off();
    const auto moved = off - off_;
    off_ = off;
    if (std::chrono::abs(moved) < kLeast) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(moved);
  }

 private:
  std::chrono::nanoseconds Off() const {
    return clock_.Now().time_since_epoch() - clock_.Monotonic();
  }

  const Clock& clock_;
  std::chrono::nanoseconds off_;
};

}  // namespace milecastle::base

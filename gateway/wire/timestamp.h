// Instants as protobuf's Timestamp and back, for every message of the contract.
//
// Templates over the generated class, so that this header needs none. Thread-safety: functions
// without state. Failure: none; a stamp must be of the years that an Instant holds.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace milecastle::wire {

template <class Timestamp>
concept IsTimestamp = requires(Timestamp stamp) {
  stamp.set_seconds(std::int64_t{0});
  stamp.set_nanos(std::int32_t{0});
};

template <IsTimestamp Timestamp>
void Fill(Timestamp& out, base::Instant instant) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(instant);
  out.set_seconds(seconds.time_since_epoch().count());
  out.set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(instant - seconds).count()));
}

template <IsTimestamp Timestamp>
base::Instant InstantOf(const Timestamp& stamp) {
  return base::Instant(std::chrono::seconds(stamp.seconds()) +
                       std::chrono::microseconds(stamp.nanos() / 1000));
}

}  // namespace milecastle::wire

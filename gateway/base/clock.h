// Time as a dependency: wall-clock time for what is recorded, monotonic time for what is measured.
//
// Thread-safety: every implementation may be called from any thread. Failure: none.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace milecastle::base {

// UTC, microseconds since 1970-01-01 without leap seconds.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
  virtual std::chrono::nanoseconds Monotonic()
      const = 0;  // never goes back; no meaning across processes
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override;
  std::chrono::nanoseconds Monotonic() const override;
};

// RFC 3339's full-date, "2026-11-22".
std::string DayText(std::chrono::year_month_day day);
// RFC 3339 in UTC with microseconds: "2026-11-22T09:30:00.000000Z".
std::string ToRfc3339(Instant instant);

}  // namespace milecastle::base

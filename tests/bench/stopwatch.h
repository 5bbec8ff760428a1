// The time and the CPU of what one program does, from its making on.
//
// Thread-safety: one thread. Failure: none.
#pragma once

#include "report.h"

namespace milecastle::bench {

class Stopwatch {
 public:
  enum class CpuOf { kProcess, kProcessWithoutThisThread };
  explicit Stopwatch(CpuOf of = CpuOf::kProcess) : of_(of), cpu_(Cpu()), began_(Monotonic()) {}

  std::chrono::nanoseconds took() const { return Monotonic() - began_; }

  // `amount` is what the rate counts; `count` what the CPU is divided by. They differ where a rate
  // is in megabytes.
  Figures Read(double amount, std::size_t count) const {
    const std::chrono::duration<double> seconds = took();
    const std::chrono::duration<double, std::micro> spent = Cpu() - cpu_;
    if (count == 0) Fail("nothing was done in the time given");
    const auto number = static_cast<double>(count);
    return {{"per_second", amount / seconds.count()},
            {"cpu_us", spent.count() / number},
            {"count", number}};
  }

 private:
  std::chrono::nanoseconds Cpu() const {
    const auto all = OwnCpu();
    return of_ == CpuOf::kProcess ? all : all - ReadClock(CLOCK_THREAD_CPUTIME_ID);
  }

  CpuOf of_;
  std::chrono::nanoseconds cpu_;
  std::chrono::nanoseconds began_;
};

}  // namespace milecastle::bench

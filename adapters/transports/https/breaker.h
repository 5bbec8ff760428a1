// A circuit breaker for one source: after so many failures in a row it is asked nothing for a
// while, then one question at a time tries whether it is well again.
//
// The pause is drawn anew each time, up to a fifth longer or shorter, so that the gateways of a
// region do not all come back in one moment.
//
// Thread-safety: any thread. Failure: none.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>

namespace milecastle::https {

class Breaker {
 public:
  struct Options {
    std::uint32_t failures = 5;             // in a row; at least 1
    std::chrono::milliseconds pause{5000};  // until it is tried again
  };
  enum class State : std::uint8_t { kClosed = 1, kOpen, kHalfOpen };
  using Moment = std::chrono::nanoseconds;  // of a monotonic clock

  // `random` gives numbers from 0 up to 1.
  Breaker(const Options& options, std::function<double()> random);

  // Whether a question may be put now. Of each that was let in, one of the three below is told; if
  // it is forgotten, the next try is let in after another pause.
  bool TryEnter(Moment now);
  bool Succeeded();         // true: that closed it
  bool Failed(Moment now);  // true: that opened it
  void Left();              // it says nothing of the source: it was given up early

  State state() const;
  std::uint64_t times_opened() const;

 private:
  void Open(Moment now);

  const Options options_;
  const std::function<double()> random_;
  mutable std::mutex mutex_;
  State state_ = State::kClosed;
  std::uint32_t failures_ = 0;
  std::uint64_t times_opened_ = 0;
  Moment again_{};         // open: when it is tried again; half open: when another try is let in
  bool is_tried_ = false;  // half open: a question is under way
};

}  // namespace milecastle::https

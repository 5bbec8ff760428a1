#include "https/breaker.h"

#include <utility>

namespace milecastle::https {

Breaker::Breaker(const Options& options, std::function<double()> random)
    : options_(options), random_(std::move(random)) {}

bool Breaker::TryEnter(Moment now) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kClosed) return true;
  const bool is_time = now >= again_;
  if (!is_time && (state_ == State::kOpen || is_tried_)) return false;
  state_ = State::kHalfOpen;
  is_tried_ = true;
  again_ = now + options_.pause;
  return true;
}

bool Breaker::Succeeded() {
  const std::lock_guard lock(mutex_);
  const bool closed_it = state_ != State::kClosed;
  state_ = State::kClosed;
  failures_ = 0;
  is_tried_ = false;
  return closed_it;
}

bool Breaker::Failed(Moment now) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kOpen) return false;  // of before it was opened
  ++failures_;
  if (state_ == State::kClosed && failures_ < options_.failures) return false;
  Open(now);
  return true;
}

void Breaker::Left() {
  const std::lock_guard lock(mutex_);
  is_tried_ = false;
}

void Breaker::Open(Moment now) {
  constexpr double kSpread = 0.4;
  const double factor = 1.0 + kSpread * (random_() - 0.5);
  const auto pause = std::chrono::duration<double, std::milli>(options_.pause) * factor;
  state_ = State::kOpen;
  failures_ = 0;
  is_tried_ = false;
  ++times_opened_;
  again_ = now + std::chrono::duration_cast<Moment>(pause);
}

Breaker::State Breaker::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::uint64_t Breaker::times_opened() const {
  const std::lock_guard lock(mutex_);
  return times_opened_;
}

}  // namespace milecastle::https

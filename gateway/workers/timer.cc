#include "workers/timer.h"

#include <utility>

namespace milecastle::workers {

Timer::Timer() : thread_([this] { Run(); }) {}

Timer::~Timer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Timer::At(std::chrono::nanoseconds when, std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.emplace(std::chrono::steady_clock::time_point(when), std::move(job));
  }
  changed_.notify_all();
}

void Timer::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_ || !jobs_.empty()) {
    if (jobs_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto next = jobs_.begin();
    if (!stopping_ && std::chrono::steady_clock::now() < next->first) {
      changed_.wait_until(lock, next->first);
      continue;
    }
    auto job = std::move(next->second);
    jobs_.erase(next);
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace milecastle::workers

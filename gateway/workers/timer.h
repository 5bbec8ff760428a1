// Runs a job at a moment of the monotonic clock, on a thread of its own.
//
// Thread-safety: any thread. Failure: none; a job MUST NOT block or throw. Jobs that wait at the
// end are run at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace milecastle::workers {

class Timer {
 public:
  Timer();
  ~Timer();

  // `when` is on std::chrono::steady_clock, as base::Clock::Monotonic tells it. What is past runs
  // at once, on the timer.
  void At(std::chrono::nanoseconds when, std::function<void()> job);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<std::chrono::steady_clock::time_point, std::function<void()>> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace milecastle::workers

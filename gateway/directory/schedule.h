// Reads one source again and again, on a thread of its own: after its interval where a reading was
// taken, sooner where it was not.
//
// Thread-safety: made and stopped by one thread. Failure: none; what a reading fails with is noted
// by whoever does it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace milecastle::directory {

class Schedule {
 public:
  struct Times {
    std::chrono::seconds first{0};
    std::chrono::seconds interval{0};
    std::chrono::seconds retry{0};
  };
  // `read`: whether it was taken.
  Schedule(Times times, std::function<bool()> read);
  ~Schedule();
  // Waits for a reading that is under way, which its owner brings to an end.
  void Stop();
  // Begins no other.
  void Cease();
  // Begins the next one at once.
  void Wake();

 private:
  void Run();
  bool WaitFor(std::chrono::seconds time);  // false: it is to cease

  const Times times_;
  const std::function<bool()> read_;
  std::mutex mutex_;
  std::condition_variable told_;
  bool ceasing_ = false;
  bool woken_ = false;
  std::thread thread_;
};

}  // namespace milecastle::directory

#include "directory/schedule.h"

#include <algorithm>
#include <utility>

namespace milecastle::directory {

Schedule::Schedule(Times times, std::function<bool()> read)
    : times_(times), read_(std::move(read)), thread_([this] { Run(); }) {}

Schedule::~Schedule() { Stop(); }

void Schedule::Cease() {
  {
    const std::lock_guard lock(mutex_);
    ceasing_ = true;
  }
  told_.notify_all();
}

void Schedule::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  told_.notify_all();
}

void Schedule::Stop() {
  Cease();
  if (thread_.joinable()) thread_.join();
}

bool Schedule::WaitFor(std::chrono::seconds time) {
  std::unique_lock lock(mutex_);
  told_.wait_for(lock, time, [this] { return ceasing_ || woken_; });
  woken_ = false;
  return !ceasing_;
}

void Schedule::Run() {
  std::chrono::seconds wait = times_.first;
  while (WaitFor(wait)) {
    wait = read_() ? times_.interval : std::min(times_.retry, times_.interval);
  }
}

}  // namespace milecastle::directory

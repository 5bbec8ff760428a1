// A bounded pool of threads: work waits in a queue of fixed length, and what does not fit is
// refused at once, so that an overloaded gateway says so instead of slowing down for all.
//
// Thread-safety: any thread. Failure: TryPost returns false when the queue is full or the pool
// drains; the caller answers `overloaded`. A job MUST NOT throw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace milecastle::workers {

struct PoolOptions {
  std::string name;  // for logs and metrics
  std::size_t threads = 2;
  std::size_t queue = 256;  // jobs that may wait; those that run do not count
};

struct PoolCounts {
  std::uint64_t queued = 0;   // waiting now
  std::uint64_t running = 0;  // running now
  std::uint64_t done = 0;
  std::uint64_t refused = 0;
};

class Pool {
 public:
  explicit Pool(const PoolOptions& options);
  ~Pool();  // drains

  bool TryPost(std::function<void()> job);

  // Refuses new jobs, runs those that wait, and returns when all are done. May be called again.
  // MUST NOT be called from a job.
  void Drain();

  PoolCounts Counts() const;
  const std::string& name() const { return name_; }

 private:
  struct Inside;

  std::string name_;
  std::size_t limit_;
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::workers

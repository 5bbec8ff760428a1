// Work of one key runs one job at a time in the order of its posting; work of different keys runs
// side by side. For streams of messages whose order matters: one source, one patient.
//
// Thread-safety: any thread; two posters of one key are ordered only if they order themselves.
// Failure: TryPost returns false when the queue is full, the key's share of it is, or the strands
// drain. A job MUST NOT throw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "workers/pool.h"

namespace milecastle::workers {

struct StrandsOptions {
  std::string name;  // for logs and metrics
  std::size_t threads = 2;
  std::size_t queue = 1024;        // jobs that may wait, of all keys
  std::size_t queue_per_key = 64;  // so that one busy key leaves room for the others
};

class Strands {
 public:
  explicit Strands(const StrandsOptions& options);
  ~Strands();  // drains

  bool TryPost(std::string_view key, std::function<void()> job);

  // Refuses new jobs, runs those that wait, and returns when all are done. May be called again.
  // MUST NOT be called from a job.
  void Drain();

  PoolCounts Counts() const;
  const std::string& name() const { return options_.name; }

 private:
  struct Inside;

  StrandsOptions options_;
  std::unique_ptr<Inside> inside_;
};

}  // namespace milecastle::workers

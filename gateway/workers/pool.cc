#include "workers/pool.h"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <mutex>
#include <utility>

#include "base/log.h"

namespace milecastle::workers {

struct Pool::Inside {
  explicit Inside(std::size_t count) : threads(count) {}

  void Run(const std::function<void()>& job) {
    {
      const std::lock_guard lock(mutex);
      --counts.queued;
      ++counts.running;
    }
    job();
    const std::lock_guard lock(mutex);
    --counts.running;
    ++counts.done;
  }

  // Held while posting too, so that no job slips in behind a drain and is lost.
  mutable std::mutex mutex;
  PoolCounts counts;
  bool draining = false;
  std::mutex drain;
  boost::asio::thread_pool threads;
};

Pool::Pool(const PoolOptions& options)
    : name_(options.name),
      limit_(options.queue),
      inside_(std::make_unique<Inside>(options.threads)) {}

Pool::~Pool() { Drain(); }

bool Pool::TryPost(std::function<void()> job) {
  const std::lock_guard lock(inside_->mutex);
  if (inside_->draining || inside_->counts.queued >= limit_) {
    // Once per thousand: a flood must not become a flood of log lines. The counter has them all.
    if (inside_->counts.refused++ % 1000 == 0) {
      base::Log(base::LogId::kQueueFull, {{"queue", base::SafeText::Configured(name_)}});
    }
    return false;
  }
  ++inside_->counts.queued;
  boost::asio::post(inside_->threads,
                    [inside = inside_.get(), work = std::move(job)] { inside->Run(work); });
  return true;
}

void Pool::Drain() {
  {
    const std::lock_guard lock(inside_->mutex);
    inside_->draining = true;
  }
  const std::lock_guard lock(inside_->drain);
  inside_->threads.join();
}

PoolCounts Pool::Counts() const {
  const std::lock_guard lock(inside_->mutex);
  return inside_->counts;
}

}  // namespace milecastle::workers

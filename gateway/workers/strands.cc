#include "workers/strands.h"

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <utility>

#include "base/log.h"

namespace milecastle::workers {

struct Strands::Inside {
  // A strand exists while it has a job that waits or runs.
  struct Strand {
    std::deque<std::function<void()>> waiting;
  };
  using StrandMap = std::map<std::string, Strand, std::less<>>;

  explicit Inside(std::size_t count) : threads(count) {}

  void Schedule(StrandMap::iterator strand) {
    boost::asio::post(threads, [this, strand] { RunOne(strand); });
  }

  // One job a turn, so that a key with a long queue shares the threads with the others.
  void RunOne(StrandMap::iterator strand) {
    std::function<void()> job;
    {
      const std::lock_guard lock(mutex);
      job = std::move(strand->second.waiting.front());
      strand->second.waiting.pop_front();
      --counts.queued;
      ++counts.running;
    }
    job();
    job = nullptr;  // what it holds ends before the next job of its key begins
    const std::lock_guard lock(mutex);
    --counts.running;
    ++counts.done;
    if (strand->second.waiting.empty()) {
      strands.erase(strand);
    } else {
      Schedule(strand);
    }
  }

  mutable std::mutex mutex;
  StrandMap strands;
  PoolCounts counts;
  bool draining = false;
  std::mutex drain;
  boost::asio::thread_pool threads;
};

Strands::Strands(const StrandsOptions& options)
    : options_(options), inside_(std::make_unique<Inside>(options.threads)) {}

Strands::~Strands() { Drain(); }

bool Strands::TryPost(std::string_view key, std::function<void()> job) {
  const std::lock_guard lock(inside_->mutex);
  auto strand = inside_->strands.find(key);
  const bool known = strand != inside_->strands.end();
  const std::size_t mine = known ? strand->second.waiting.size() : 0;
  if (inside_->draining || inside_->counts.queued >= options_.queue ||
      mine >= options_.queue_per_key) {
    if (inside_->counts.refused++ % 1000 == 0) {
      base::Log(base::LogId::kQueueFull, {{"queue", base::SafeText::Configured(options_.name)}});
    }
    return false;
  }
  if (!known) strand = inside_->strands.try_emplace(std::string(key)).first;
  strand->second.waiting.push_back(std::move(job));
  ++inside_->counts.queued;
  if (!known) inside_->Schedule(strand);
  return true;
}

void Strands::Drain() {
  {
    const std::lock_guard lock(inside_->mutex);
    inside_->draining = true;
  }
  const std::lock_guard lock(inside_->drain);
  inside_->threads.join();
}

PoolCounts Strands::Counts() const {
  const std::lock_guard lock(inside_->mutex);
  return inside_->counts;
}

}  // namespace milecastle::workers

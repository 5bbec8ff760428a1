// Follows the audit log into the store: the search index, and the work that a disclosure leaves for
// people.
//
// A view writes nothing before its leaf; what it entails is in the leaf's payload. Here the rows
// are derived from it, by leaf index and once: the trail row, reviews of broken glass and of
// declared relationships, notices that wait for a human, and the declared relationship itself. A
// store that lost them gets them again from the log.
//
// Thread-safety: any thread. Lifetime: logs and store outlive it. Failure: a log or store that does
// not answer is tried again; what a payload does not say is not invented.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "audit/log.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace milecastle::govern {

class TrailLoop {
 public:
  TrailLoop(store::Store& store, std::vector<const audit::Log*> logs);
  ~TrailLoop();

  void Wake();
  // Indexes everything that is durable now; for searches that must see their own day. Blocks.
  base::Result<void> CatchUp();

 private:
  void Run();
  base::Result<void> Follow(const audit::Log& log);

  store::Store& store_;
  std::vector<const audit::Log*> logs_;
  std::mutex following_;  // one follower at a time
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace milecastle::govern

// Follows the audit logs into the store: the search index, and the work that a disclosure leaves
// for people.
//
// A view writes nothing before its leaf; what it entails is in the leaf's payload. Here the rows
// are derived from it, by event and once: the trail row, reviews of broken glass and of declared
// relationships, notices that wait for a human, and the declared relationship itself. A store that
// lost them gets them again from the log. With them it notes the head of the log, against which the
// next start holds the log (audit/FORMAT.md, "Opening").
//
// Thread-safety: any thread. Lifetime: logs, store and clock outlive it. Failure: a log or store
// that does not answer is tried again, and holds up nothing of the other log; Behind and the log
// lines tell. What a payload does not say is not invented.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "audit/log.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/store.h"

namespace milecastle::govern {

// A log whose leaves are not all in the store, and why.
struct LogBehind {
  std::string origin;
  base::Error error;
};

class TrailLoop {
 public:
  TrailLoop(store::Store& store, std::vector<const audit::Log*> logs, const base::Clock& clock);
  ~TrailLoop();

  // Indexes everything that is durable now, for searches that must see their own day; gives the
  // logs of which it could not. Blocks.
  std::vector<LogBehind> CatchUp();
  std::vector<LogBehind> Behind() const;  // as the last round left them

 private:
  void Run();
  base::Result<void> Follow(const audit::Log& log);
  void Report(const std::vector<LogBehind>& now);

  store::Store& store_;
  std::vector<const audit::Log*> logs_;
  const base::Clock& clock_;
  std::mutex following_;  // one follower at a time
  mutable std::mutex mutex_;
  std::vector<LogBehind> behind_;
  std::condition_variable ending_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace milecastle::govern

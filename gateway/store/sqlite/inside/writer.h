// The one writer: a thread that commits together all that waits.
//
// The life of a batch: BEGIN → its works → COMMIT → `done` of each → a checkpoint where the log has
// grown long. A savepoint copies every page that is changed under it. So where all works may be
// repeated they run without; when one then fails, all are undone and run again, each in a savepoint
// that is released or rolled back alone.
//
// | what fails             | this batch                    | afterwards                       |
// |------------------------|-------------------------------|----------------------------------|
// | a work says no         | that work alone is undone     | nothing                          |
// | the disk is full       | all of it, kStoreUnavailable  | the next batch tries anew        |
// | any I/O error          | all of it, kStoreUnavailable  | fatal: nothing is tried any more |
//
// Checkpoints are the writer's own and not SQLite's automatic ones, which swallow a failed sync and
// sync again later: the pages that the failure lost would be taken for safe.
//
// Thread-safety: TryTake, WhenRoom and fatal from any thread. Failure: as store/store.h.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "inside/tables.h"
#include "sqlite/store.h"

namespace milecastle::store::sqlite {

class Writer {
 public:
  Writer(const Options& options, std::unique_ptr<Connection> connection);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  // Commits what was taken, checkpoints, and closes the file.
  ~Writer();

  struct Job {
    Store::Work work;
    Store::Done done;
    bool repeatable = false;
  };
  bool TryTake(Job job);
  void WhenRoom(std::function<void()> again);
  bool fatal() const { return fatal_; }
  WriteTried last() const;

 private:
  using Outcomes = std::vector<base::Result<void>>;

  void Loop();
  std::vector<Job> NextBatch();
  void Serve(std::vector<Job> batch);
  // Nothing where the batch is durable; each work's own outcome is in `outcomes`.
  std::optional<base::Error> Commit(std::vector<Job>& batch, Outcomes& outcomes);
  // False where one failed: then all must be undone.
  bool RunTogether(const std::vector<Job>& batch, Outcomes& outcomes);
  // Up to the one with which the batch is lost.
  void RunApart(const std::vector<Job>& batch, Outcomes& outcomes);
  base::Result<void> InSavepoint(const Store::Work& work);
  // Whether a work's failure is more than its own.
  bool BatchIsLost() const;
  void RollBack();
  void Checkpoint();
  void BecomeFatal(const base::Error& why);
  void Remember(const std::optional<base::Error>& lost);

  const Options& options_;
  std::unique_ptr<Connection> connection_;
  Session session_;
  Tables tables_;
  TableTransaction transaction_;
  int log_pages_ = 0;  // in the write-ahead log after the last commit

  std::atomic<bool> fatal_ = false;
  mutable std::mutex mutex_;
  WriteTried last_;
  std::condition_variable arrived_;
  std::deque<Job> queue_;
  std::vector<std::function<void()>> waiting_for_room_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace milecastle::store::sqlite

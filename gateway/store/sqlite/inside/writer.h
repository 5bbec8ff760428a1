// The one writer: commits together all that waits, and runs the next works while it syncs the last.
//
// The life of a batch: BEGIN → its works, as they come, until the batch before is settled → COMMIT,
// which writes the log → a sync of the log → `done` of each. Two threads take turns: one has the
// connection up to its COMMIT, then the other, while the first syncs and answers. So one commit at
// most is not durable, no commit and no checkpoint happens during a sync, and answers keep the
// order of the works. A reader that may see the commit under sync waits for it: AwaitDurable.
//
// A savepoint copies every page that is changed under it. Works that may be repeated run without;
// when one fails, the batch is undone and run again, each in a savepoint that is released or rolled
// back alone, as every work is from the first on that may not be repeated.
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
// Thread-safety: TryTake, WhenRoom, AwaitDurable and fatal from any thread. Failure: as
// store/store.h.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "inside/tables.h"
#include "sqlite/store.h"

namespace milecastle::store::sqlite {

class Writer {
 public:
  Writer(const Options& options, std::unique_ptr<Connection> connection,
         const Following& following);
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
  // Returns when nothing can be seen any more that a crash would take back, or the store is fatal.
  void AwaitDurable();
  bool fatal() const { return fatal_; }
  WriteTried last() const;

 private:
  // The works of one transaction.
  struct Batch {
    std::vector<Job> jobs;
    std::vector<base::Result<void>> outcomes;
    std::optional<base::Error> lost;  // why nothing of it is kept
    bool apart = false;               // each work in a savepoint of its own
    bool whole = false;               // takes no more
    bool wrote = false;               // something that must be synced
  };

  void Loop();
  // With the connection in hand: up to the commit. Without jobs: the store closes.
  Batch Collect();
  // What waits or comes until the batch before is settled; then what waits, and no more.
  std::vector<Job> Next(Batch& batch);
  void AwaitSettled();
  void Begin(Batch& batch);
  void RunLast(Batch& batch);
  void RunAgainApart(Batch& batch);
  base::Result<void> InSavepoint(const Store::Work& work);
  void Commit(Batch& batch);
  // Whether a work's failure is more than its own.
  bool BatchIsLost() const;
  base::Error WhyLost() const;
  void Lose(Batch& batch, base::Error why);
  void RollBack();
  void Checkpoint();

  // Without the connection: the sync, and whom it concerns.
  void Settle(Batch batch);
  void Sync(Batch& batch);
  void BecomeFatal(const base::Error& why);
  void Remember(const std::optional<base::Error>& lost);

  const Options& options_;
  std::unique_ptr<Connection> connection_;
  Session session_;
  Tables tables_;
  TableTransaction transaction_;
  std::mutex turn_;              // who holds it has the connection, and all above
  int log_pages_ = 0;            // in the write-ahead log after the last commit
  sqlite3_file* log_ = nullptr;  // the write-ahead log, for as long as the connection is open

  std::mutex answering_;  // by who calls `done`
  std::atomic<bool> fatal_ = false;
  std::atomic<std::uint64_t> committing_ = 0;  // commits that readers may see
  std::atomic<std::uint64_t> durable_ = 0;     // of them
  mutable std::mutex mutex_;
  WriteTried last_;
  std::condition_variable arrived_;
  std::deque<Job> queue_;
  std::vector<std::function<void()>> waiting_for_room_;
  std::condition_variable became_durable_;
  bool settling_ = false;  // a batch is committed, and not synced yet
  bool stopping_ = false;
  std::array<std::thread, 2> threads_;  // last: they use all of the above
};

}  // namespace milecastle::store::sqlite

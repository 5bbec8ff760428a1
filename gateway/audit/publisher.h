// Signs checkpoints and writes what is derived from durable groups: tree hashes, .idx files, the
// checkpoint file. Nobody waits for it.
//
// Thread-safety: every function from any thread. Failure: what cannot be written is reported once
// through on_failure and nothing is written again; a witness that cannot be written is warned of,
// and tried again with the next checkpoint.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "audit/disk.h"
#include "audit/history.h"
#include "audit/key.h"
#include "audit/tree_files.h"

namespace milecastle::audit {

class Publisher {
 public:
  struct Surroundings {
    Disk& disk;
    std::filesystem::path folder;  // the log's
    History& history;
    TreeFiles& tree;
    const SigningKey& key;
    std::chrono::milliseconds period;
    std::filesystem::path witness;  // for the checkpoint too; empty: none
    std::function<void(const base::Error&)> on_failure;
  };

  explicit Publisher(Surroundings surroundings);
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher();

  void GroupIsDurable();
  // A checkpoint of the durable head of now; signs only what is new.
  base::Result<std::string> Checkpoint() const;
  // Ends the thread; `finish` writes everything derived a last time, durably.
  void Stop(bool finish);

 private:
  void Run();
  void Publish(bool write_checkpoint);
  base::Result<void> WriteDerived(bool write_checkpoint);
  base::Result<void> WriteIndexes();
  void KeepWitness(const std::string& note);

  Surroundings around_;

  mutable std::mutex signing_;
  mutable Head signed_head_;
  mutable std::string signed_;  // empty: nothing yet

  std::mutex mutex_;
  std::condition_variable wake_;
  bool pending_ = false;
  bool stopping_ = false;
  bool failed_ = false;
  bool unwitnessed_ = false;
  std::thread thread_;
};

}  // namespace milecastle::audit

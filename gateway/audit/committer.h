// Writes for all: who wait share one write and one sync (FORMAT.md, "What an append promises"). The
// only maker of Receipts.
//
// One thread writes at a time: a thread of its own, or that of somebody who appends at once while
// nobody else writes.
//
// Before each group, and once in a while where there is none, it looks whether the file is as it
// left it: one that another hand cut, overwrote or deleted would be missed at the next start alone.
//
// Thread-safety: Append, sealed and Seal from any thread. Failure: after the first failed write,
// sync or look everything is refused with kAuditUnavailable and nothing is written again.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "audit/appender.h"
#include "audit/history.h"
#include "audit/log.h"
#include "audit/segment.h"
#include "audit/segment_maker.h"
#include "audit/tree_files.h"

namespace milecastle::audit {

// Where the next group goes.
struct WritePosition {
  std::shared_ptr<File> file;  // null: the log has no segment yet
  SegmentHeader segment;
  std::uint64_t offset = 0;
  Frontier frontier;  // of the durable tree
};

class Committer {
 public:
  struct Surroundings {
    std::string origin;
    base::Digest log{};  // SHA-256 of the vkey
    const LogOptions& options;
    const base::Clock& clock;
    Disk& disk;
    History& history;
    TreeFiles& tree;
    SegmentMaker& maker;
    std::function<void()> on_group;  // something became durable
  };

  Committer(Surroundings surroundings, WritePosition position);
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;
  ~Committer();

  void Append(Entry entry, Appender::OnDurable on_durable);
  void AppendAtOnce(Entry entry, Appender::OnDurable on_durable);
  bool sealed() const { return sealed_; }
  void Seal(const base::Error& cause);
  void Stop();  // finishes everything that was taken

 private:
  struct Waiting {
    Entry entry;
    base::Salt salt{};
    base::Digest payload_digest{};  // with the salt, as in the leaf
    Appender::OnDurable on_durable;
  };
  // An entry of the group that is being made, and all who wait for it.
  struct Placed {
    Waiting waiting;
    base::Digest leaf_hash{};
    std::vector<Waiting> same_event;
  };
  struct GroupInMaking {
    std::string bytes;
    std::vector<Placed> placed;
    std::vector<std::uint64_t> offsets;  // of the records, in `bytes`
    std::unordered_map<EventId, std::size_t> by_event;
    std::vector<Node> nodes;
    Frontier frontier;
    base::Digest root{};
  };

  std::optional<base::Error> Refuse(std::size_t payload_bytes) const;  // under mutex_
  // Puts it behind those who wait; gives the lock, or none where it was refused.
  std::unique_lock<std::mutex> Queue(Entry entry, Appender::OnDurable on_durable);
  void Run();
  void WriteSome(std::unique_lock<std::mutex>& lock);
  void LookAfter(std::unique_lock<std::mutex>& lock);
  std::vector<Waiting> TakeSome();  // under mutex_
  base::Result<void> CheckWhole() const;
  void Commit(std::vector<Waiting> some);
  void Place(Waiting waiting, GroupInMaking& group, base::Instant now,
             std::chrono::nanoseconds monotonic);
  void AnswerAgain(Waiting waiting, std::uint64_t index) const;
  base::Result<void> Write(GroupInMaking& group);
  base::Result<void> BeginSegment(std::uint64_t group_bytes);
  void Publish(GroupInMaking& group);
  void Answer(GroupInMaking& group) const;
  void AnswerWith(Waiting& waiting, std::uint64_t index, const base::Digest& leaf_hash) const;
  base::Error Unavailable() const;

  Surroundings around_;
  WritePosition position_;
  std::string last_header_;           // of the last group that was written here
  std::uint64_t last_header_at_ = 0;  // its offset
  std::atomic<bool> sealed_ = false;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool writing_ = false;  // whoever set it alone touches the position and the file
  std::vector<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace milecastle::audit

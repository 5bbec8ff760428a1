#include "audit/publisher.h"

#include <utility>

#include "audit/checkpoint.h"
#include "audit/segment.h"
#include "audit/segment_index.h"
#include "base/log.h"

namespace milecastle::audit {
namespace {

using Clock = std::chrono::steady_clock;

// How often the checkpoint file is replaced, which costs two syncs: it is a guard against rollback
// for the next start; who needs a checkpoint asks the log.
constexpr std::chrono::milliseconds kFilePeriod{1000};

}  // namespace

Publisher::Publisher(Surroundings surroundings)
    : around_(std::move(surroundings)), thread_([this] { Run(); }) {}

Publisher::~Publisher() { Stop(false); }

void Publisher::GroupIsDurable() {
  {
    const std::lock_guard lock(mutex_);
    pending_ = true;
  }
  wake_.notify_one();
}

void Publisher::Run() {
  Clock::time_point file_written{};
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || pending_; });
    // A group that comes within the period is published with the ones before it.
    if (around_.period.count() > 0)
      wake_.wait_for(lock, around_.period, [this] { return stopping_; });
    if (stopping_) return;
    pending_ = false;
    lock.unlock();
    const bool write_file = Clock::now() - file_written >= kFilePeriod;
    if (write_file) file_written = Clock::now();
    Publish(write_file);
    lock.lock();
  }
}

void Publisher::Stop(bool finish) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (!thread_.joinable()) return;
  thread_.join();
  if (finish) Publish(true);
}

void Publisher::Publish(bool write_checkpoint) {
  if (failed_) return;
  const auto done = WriteDerived(write_checkpoint);
  if (done) return;
  failed_ = true;
  around_.on_failure(done.error());
}

base::Result<void> Publisher::WriteDerived(bool write_checkpoint) {
  auto done = around_.tree.Flush();
  if (done) done = WriteIndexes();
  if (!done) return done;
  const auto note = Checkpoint();
  if (!note) return note.error();
  if (!write_checkpoint) return {};
  KeepWitness(*note);
  return around_.disk.Replace(around_.folder / "checkpoint", *note, Durability::kNow);
}

// The other disk's trouble is not this log's: it goes on, and says once that it goes on alone.
void Publisher::KeepWitness(const std::string& note) {
  if (around_.witness.empty()) return;
  const auto kept = around_.disk.Replace(around_.witness, note, Durability::kNow);
  if (!kept && !unwitnessed_) {
    base::Log(base::LogId::kAuditUnwitnessed,
              {{"error", kept.error().id}, {"place", base::SafeText::Path(kept.error().place)}});
  }
  unwitnessed_ = !kept;
}

base::Result<void> Publisher::WriteIndexes() {
  while (const auto full = around_.history.OldestUnsealed()) {
    const std::filesystem::path segment = around_.history.PathOf(full->first_index());
    // The .idx says that the tree files are durable to the end of this segment, so they go first.
    auto done = around_.tree.Flush();
    if (done) done = around_.tree.Sync();
    if (!done) return done;
    const std::filesystem::path path = segment.string() + ".idx";
    done = around_.disk.Replace(path, full->Encode(), Durability::kNow);
    if (!done) return done;
    auto sealed = SealedIndex::Open(around_.disk, path);
    if (!sealed) return sealed.error();
    around_.history.Sealed(*std::move(sealed));
  }
  return {};
}

base::Result<std::string> Publisher::Checkpoint() const {
  const std::lock_guard lock(signing_);
  const Head head = around_.history.DurableHead();
  if (!signed_.empty() && head == signed_head_) return signed_;
  auto note = SignCheckpoint(head, around_.key);
  if (!note) return note;
  signed_head_ = head;
  signed_ = *note;
  return note;
}

}  // namespace milecastle::audit

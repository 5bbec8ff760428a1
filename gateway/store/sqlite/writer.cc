#include "inside/writer.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

// A log that readers kept from starting anew grows; at this many times its limit the writer waits
// for them.
constexpr int kPatience = 4;

int NoteLogPages(void* pages, sqlite3* /*connection*/, const char* /*name*/, int in_log) {
  *static_cast<int*>(pages) = in_log;
  return SQLITE_OK;
}

base::Error Finished() {
  return {base::ErrorId::kStoreUnavailable, "the record store",
          "a write to the disk failed and the store has stopped: restart the gateway"};
}

}  // namespace

Writer::Writer(const Options& options, std::unique_ptr<Connection> connection,
               const Following& following)
    : options_(options),
      connection_(std::move(connection)),
      session_(*connection_, &following),
      tables_(session_),
      transaction_(tables_),
      last_{options.clock->Now(), std::nullopt} {
  sqlite3_wal_hook(connection_->raw(), &NoteLogPages, &log_pages_);
  sqlite3_file_control(connection_->raw(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log_);
  // From here on the writer syncs what COMMIT wrote. Where this is refused, COMMIT goes on doing
  // so.
  static_cast<void>(connection_->Execute("PRAGMA synchronous = NORMAL"));
  for (std::thread& thread : threads_) thread = std::thread([this] { Loop(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  if (fatal_) connection_->CloseWithoutCheckpoint();
}

bool Writer::TryTake(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= options_.queue_limit) return false;
    queue_.push_back(std::move(job));
  }
  arrived_.notify_one();
  return true;
}

void Writer::WhenRoom(std::function<void()> again) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= options_.queue_limit) {
      waiting_for_room_.push_back(std::move(again));
      return;
    }
  }
  again();
}

void Writer::AwaitDurable() {
  const std::uint64_t seen = committing_;
  if (durable_ >= seen) return;
  std::unique_lock lock(mutex_);
  became_durable_.wait(lock, [&] { return durable_ >= seen || fatal_; });
}

void Writer::Loop() {
  while (true) {
    std::unique_lock turn(turn_);
    Batch batch = Collect();
    turn.unlock();
    if (batch.jobs.empty()) return;
    Settle(std::move(batch));
  }
}

Writer::Batch Writer::Collect() {
  if (log_pages_ >= options_.wal_autocheckpoint) {
    AwaitSettled();
    if (!fatal_) Checkpoint();
  }
  Batch batch;
  for (auto more = Next(batch); !more.empty(); more = Next(batch)) {
    if (batch.jobs.empty()) Begin(batch);
    for (Job& job : more) {
      batch.jobs.push_back(std::move(job));
      if (!batch.lost) RunLast(batch);
    }
  }
  if (batch.jobs.empty()) return batch;
  if (!batch.lost) Commit(batch);
  if (batch.lost && connection_->met_io_error()) BecomeFatal(*batch.lost);
  const std::lock_guard lock(mutex_);
  settling_ = true;
  return batch;
}

std::vector<Writer::Job> Writer::Next(Batch& batch) {
  std::vector<Job> more;
  std::vector<std::function<void()>> again;
  {
    const bool full = batch.lost || batch.whole || batch.jobs.size() >= options_.batch_limit;
    const std::size_t room = full ? 0 : options_.batch_limit - batch.jobs.size();
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] {
      return (room > 0 && !queue_.empty()) || (!settling_ && (stopping_ || !batch.jobs.empty()));
    });
    batch.whole = !settling_;
    while (!queue_.empty() && more.size() < room) {
      more.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    again.swap(waiting_for_room_);
  }
  for (const auto& call : again) call();
  return more;
}

void Writer::AwaitSettled() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return !settling_; });
}

void Writer::Settle(Batch batch) {
  if (batch.wrote) Sync(batch);
  if (batch.lost || batch.wrote) Remember(batch.lost);  // a commit of nothing proves nothing
  // Before the next batch may be settled: its answers wait for these.
  const std::lock_guard answering(answering_);
  {
    const std::lock_guard lock(mutex_);
    durable_ = committing_.load();
    settling_ = false;
  }
  became_durable_.notify_all();
  arrived_.notify_one();  // whoever has the connection: nobody else waits for it
  for (std::size_t i = 0; i < batch.jobs.size(); ++i) {
    batch.jobs[i].done(batch.lost ? base::Result<void>(*batch.lost) : batch.outcomes[i]);
  }
}

// What COMMIT would do itself, but that it would keep the connection.
void Writer::Sync(Batch& batch) {
  const int code = log_->pMethods->xSync(log_, SQLITE_SYNC_NORMAL);
  if (code == SQLITE_OK) return;
  const base::Error why = ErrorOf(code);
  batch.lost = base::Error{base::ErrorId::kStoreUnavailable, why.place, why.advice};
  BecomeFatal(*batch.lost);
}

void Writer::Remember(const std::optional<base::Error>& lost) {
  const base::Instant now = options_.clock->Now();
  const std::lock_guard lock(mutex_);
  if (lost && !last_.failed) {
    base::Log(base::LogId::kStoreFault, {{"place", base::SafeText::Path(lost->place)},
                                         {"advice", base::SafeText::Catalogued(lost->advice)}});
  }
  last_ = {now, lost};
}

WriteTried Writer::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

void Writer::Begin(Batch& batch) {
  if (fatal_) return Lose(batch, Finished());
  connection_->ForgetFullDisk();
  if (const auto begun = Run(*connection_, "BEGIN IMMEDIATE", {}); !begun) {
    Lose(batch, begun.error());
  }
}

void Writer::RunLast(Batch& batch) {
  const Job& job = batch.jobs.back();
  bool done_well = true;
  if (!job.repeatable && !batch.apart) {
    batch.apart = true;
    done_well = tables_.Finish().has_value();
  }
  if (done_well && batch.apart) {
    batch.outcomes.push_back(InSavepoint(job.work));
  } else if (done_well) {
    session_.StartWork();
    batch.outcomes.push_back(job.work(transaction_));
    done_well = batch.outcomes.back().has_value();
  }
  if (!done_well && !BatchIsLost()) RunAgainApart(batch);
  if (BatchIsLost() && !batch.lost) Lose(batch, WhyLost());
}

void Writer::RunAgainApart(Batch& batch) {
  RollBack();
  batch.outcomes.clear();
  batch.apart = true;
  Begin(batch);
  for (const Job& job : batch.jobs) {
    if (batch.lost || BatchIsLost()) return;
    batch.outcomes.push_back(InSavepoint(job.work));
  }
}

void Writer::Commit(Batch& batch) {
  if (!batch.apart && !tables_.Finish() && !BatchIsLost()) RunAgainApart(batch);
  if (batch.lost) return;
  if (fatal_) return Lose(batch, Finished());
  if (BatchIsLost()) return Lose(batch, WhyLost());
  const int log_pages = std::exchange(log_pages_, 0);
  ++committing_;
  const auto committed = Run(*connection_, "COMMIT", {});
  batch.wrote = log_pages_ > 0;
  if (!batch.wrote) log_pages_ = log_pages;
  if (committed) return;
  Lose(batch,
       {base::ErrorId::kStoreUnavailable, committed.error().place, committed.error().advice});
}

base::Error Writer::WhyLost() const {
  return {base::ErrorId::kStoreUnavailable, "the record store",
          connection_->met_full_disk() ? "the disk is full" : "the transaction was lost"};
}

void Writer::Lose(Batch& batch, base::Error why) {
  batch.lost = std::move(why);
  RollBack();
}

base::Result<void> Writer::InSavepoint(const Store::Work& work) {
  session_.StartWork();
  if (auto begun = Run(*connection_, "SAVEPOINT work", {}); !begun) return begun;
  auto outcome = work(transaction_);
  if (outcome) outcome = tables_.Finish();
  if (BatchIsLost()) return outcome;
  if (!outcome) {
    session_.AfterRollback();
    auto undone = Run(*connection_, "ROLLBACK TO work", {});
    if (!undone) return undone;
  }
  auto released = Run(*connection_, "RELEASE work", {});
  return released ? outcome : released;
}

bool Writer::BatchIsLost() const {
  return connection_->met_io_error() || connection_->met_full_disk() ||
         !connection_->InTransaction();
}

void Writer::RollBack() {
  session_.AfterRollback();
  // Where even this fails, the connection has rolled back by itself or the store is fatal.
  if (connection_->InTransaction()) static_cast<void>(Run(*connection_, "ROLLBACK", {}));
}

void Writer::Checkpoint() {
  const bool too_long = log_pages_ / kPatience >= options_.wal_autocheckpoint;
  const int code = sqlite3_wal_checkpoint_v2(
      connection_->raw(), nullptr, too_long ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE,
      nullptr, nullptr);
  if ((code & 0xFF) == SQLITE_IOERR) BecomeFatal(connection_->Failed(code));
}

void Writer::BecomeFatal(const base::Error& why) {
  if (fatal_.exchange(true)) return;
  base::Log(base::LogId::kStoreFatal, {{"place", base::SafeText::Path(why.place)},
                                       {"advice", base::SafeText::Catalogued(why.advice)}});
  if (options_.on_fatal) options_.on_fatal(Finished());
}

}  // namespace milecastle::store::sqlite

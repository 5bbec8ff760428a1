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

constexpr std::string_view kBegin = "BEGIN IMMEDIATE";

int NoteLogPages(void* pages, sqlite3* /*connection*/, const char* /*name*/, int in_log) {
  *static_cast<int*>(pages) = in_log;
  return SQLITE_OK;
}

base::Error Finished() {
  return {base::ErrorId::kStoreUnavailable, "the record store",
          "a write to the disk failed and the store has stopped: restart the gateway"};
}

}  // namespace

Writer::Writer(const Options& options, std::unique_ptr<Connection> connection)
    : options_(options),
      connection_(std::move(connection)),
      session_(*connection_),
      tables_(session_),
      transaction_(tables_),
      last_{options.clock->Now(), std::nullopt} {
  sqlite3_wal_hook(connection_->raw(), &NoteLogPages, &log_pages_);
  thread_ = std::thread([this] { Loop(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  thread_.join();
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

void Writer::Loop() {
  while (true) {
    std::vector<Job> batch = NextBatch();
    if (batch.empty()) return;
    Serve(std::move(batch));
  }
}

std::vector<Writer::Job> Writer::NextBatch() {
  std::vector<Job> batch;
  std::vector<std::function<void()>> again;
  {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    while (!queue_.empty() && batch.size() < options_.batch_limit) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    again.swap(waiting_for_room_);
  }
  for (const auto& call : again) call();
  return batch;
}

void Writer::Serve(std::vector<Job> batch) {
  Outcomes outcomes;
  const int log_pages = std::exchange(log_pages_, 0);
  std::optional<base::Error> lost = fatal_ ? Finished() : Commit(batch, outcomes);
  const bool wrote = log_pages_ > 0;
  if (!wrote) log_pages_ = log_pages;
  if (lost && !fatal_ && connection_->met_io_error()) BecomeFatal(*lost);
  if (lost || wrote) Remember(lost);  // a commit of nothing proves nothing
  for (std::size_t i = 0; i < batch.size(); ++i) {
    batch[i].done(lost ? base::Result<void>(*lost) : outcomes[i]);
  }
  if (!lost) Checkpoint();
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

std::optional<base::Error> Writer::Commit(std::vector<Job>& batch, Outcomes& outcomes) {
  connection_->ForgetFullDisk();
  if (const auto begun = Run(*connection_, kBegin, {}); !begun) return begun.error();
  const bool repeatable =
      std::all_of(batch.begin(), batch.end(), [](const Job& job) { return job.repeatable; });
  if (!repeatable) {
    RunApart(batch, outcomes);
  } else if (!RunTogether(batch, outcomes) && !BatchIsLost()) {
    RollBack();
    if (const auto begun = Run(*connection_, kBegin, {}); !begun) return begun.error();
    RunApart(batch, outcomes);
  }
  if (BatchIsLost()) {
    RollBack();
    return base::Error{
        base::ErrorId::kStoreUnavailable, "the record store",
        connection_->met_full_disk() ? "the disk is full" : "the transaction was lost"};
  }
  const auto committed = Run(*connection_, "COMMIT", {});
  if (committed) return std::nullopt;
  RollBack();
  return base::Error{base::ErrorId::kStoreUnavailable, committed.error().place,
                     committed.error().advice};
}

bool Writer::RunTogether(const std::vector<Job>& batch, Outcomes& outcomes) {
  for (const Job& job : batch) {
    session_.StartWork();
    if (!job.work(transaction_) || BatchIsLost()) return false;
  }
  if (!tables_.Finish()) return false;
  outcomes.assign(batch.size(), {});
  return true;
}

void Writer::RunApart(const std::vector<Job>& batch, Outcomes& outcomes) {
  for (const Job& job : batch) {
    outcomes.push_back(InSavepoint(job.work));
    if (BatchIsLost()) return;
  }
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
  if (log_pages_ < options_.wal_autocheckpoint) return;
  const bool too_long = log_pages_ / kPatience >= options_.wal_autocheckpoint;
  const int code = sqlite3_wal_checkpoint_v2(
      connection_->raw(), nullptr, too_long ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE,
      nullptr, nullptr);
  if ((code & 0xFF) == SQLITE_IOERR) BecomeFatal(connection_->Failed(code));
}

void Writer::BecomeFatal(const base::Error& why) {
  fatal_ = true;
  connection_->CloseWithoutCheckpoint();
  base::Log(base::LogId::kStoreFatal, {{"place", base::SafeText::Path(why.place)},
                                       {"advice", base::SafeText::Catalogued(why.advice)}});
  if (options_.on_fatal) options_.on_fatal(Finished());
}

}  // namespace milecastle::store::sqlite

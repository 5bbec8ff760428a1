#include "govern/outbox.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "audit/entry.h"
#include "base/log.h"

namespace milecastle::govern {
namespace {

// What became of one batch of entries; the log's threads fill it, the loop waits for it.
class Batch {
 public:
  explicit Batch(std::size_t size) : waiting_(size) {}

  void Settle(const std::optional<record::EventId>& durable,
              const std::optional<base::Error>& refused) {
    const std::lock_guard lock(mutex_);
    if (durable) durable_.push_back(*durable);
    if (refused && !refused_) refused_ = refused;
    if (--waiting_ == 0) settled_.notify_all();
  }

  void Await() {
    std::unique_lock lock(mutex_);
    settled_.wait(lock, [this] { return waiting_ == 0; });
  }

  const std::vector<record::EventId>& durable() const { return durable_; }
  const std::optional<base::Error>& refused() const { return refused_; }

 private:
  std::mutex mutex_;
  std::condition_variable settled_;
  std::size_t waiting_;
  std::vector<record::EventId> durable_;
  std::optional<base::Error> refused_;
};

}  // namespace

class OutboxLoop::Inside {
 public:
  Inside(store::Store& store, audit::Appender& log, OutboxOptions options)
      : store_(store), log_(log), options_(options), thread_([this] { Run(); }) {}

  ~Inside() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  // Called for every message: while the loop is woken already nobody is stirred.
  void Wake() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(woken_, true)) return;
    changed_.notify_all();
  }

  void Expect(const record::EventId& event, OnLeaf then) {
    const std::lock_guard lock(mutex_);
    expecting_.insert_or_assign(event, std::move(then));
    changed_.notify_all();
  }

  void Forget(const record::EventId& event) {
    const std::lock_guard lock(mutex_);
    expecting_.erase(event);
  }

  void Drain() {
    std::unique_lock lock(mutex_);
    // A round that runs already may have read before the last commit: wait for one after it.
    const std::uint64_t since = rounds_begun_;
    woken_ = true;
    ++draining_;
    changed_.notify_all();
    changed_.wait(lock,
                  [&] { return stopping_ || (idle_round_ > since && last_ != Round::kProgress); });
    --draining_;
  }

  std::uint64_t Backlog() const {
    const std::lock_guard lock(mutex_);
    return backlog_;
  }

 private:
  enum class Round : std::uint8_t { kEmpty, kProgress, kFailed };

  void Run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      woken_ = false;
      const std::uint64_t number = ++rounds_begun_;
      lock.unlock();
      const Round round = DoRound();
      lock.lock();
      Report(last_, round);
      last_ = round;
      if (round == Round::kProgress) {
        Gather(lock);
        continue;
      }
      idle_round_ = number;
      changed_.notify_all();
      if (round == Round::kFailed) {
        changed_.wait_for(lock, options_.retry, [this] { return stopping_; });
      } else {
        changed_.wait(lock, [this] { return stopping_ || woken_; });
      }
    }
  }

  void Gather(std::unique_lock<std::mutex>& lock) {
    if (more_) return;
    changed_.wait_for(lock, options_.gather,
                      [this] { return stopping_ || draining_ > 0 || !expecting_.empty(); });
  }

  Round DoRound() {
    auto rows = Pending();
    if (!rows) return Round::kFailed;
    more_ = rows->size() == options_.batch;
    if (rows->empty()) return Round::kEmpty;
    const auto batch = std::make_shared<Batch>(rows->size());
    for (const store::OutboxRow& row : *rows) Append(row, batch);
    batch->Await();
    if (batch->refused()) refused_ = *batch->refused();
    if (batch->durable().empty() || !Remove(batch->durable())) return Round::kFailed;
    return Round::kProgress;
  }

  base::Result<std::vector<store::OutboxRow>> Pending() {
    auto snapshot = store_.Read();
    if (!snapshot) return Refused(snapshot.error());
    auto backlog = (*snapshot)->outbox().Backlog();
    if (!backlog) return Refused(backlog.error());
    {
      const std::lock_guard lock(mutex_);
      backlog_ = *backlog;
    }
    auto rows = (*snapshot)->outbox().Pending(options_.batch);
    if (!rows) return Refused(rows.error());
    return rows;
  }

  void Append(const store::OutboxRow& row, const std::shared_ptr<Batch>& batch) {
    auto entry = audit::Decode(row.bytes);
    if (!entry) {
      Tell(row.event, entry.error());
      return batch->Settle(std::nullopt, entry.error());
    }
    log_.Append(std::move(*entry),
                [this, batch, event = row.event](base::Result<audit::Receipt> receipt) {
                  if (!receipt) {
                    Tell(event, receipt.error());
                    return batch->Settle(std::nullopt, receipt.error());
                  }
                  Tell(event, LeafPlace{receipt->origin(), receipt->index(), receipt->leaf_hash()});
                  batch->Settle(event, std::nullopt);
                });
  }

  // Waits: this thread has nothing else to do, and the next round must not append these again.
  bool Remove(const std::vector<record::EventId>& events) {
    auto removed = store::WriteRepeatableAndWait(
        store_,
        [&events](store::Transaction& transaction) { return transaction.outbox().Remove(events); });
    if (!removed) refused_ = removed.error();
    return removed.has_value();
  }

  void Tell(const record::EventId& event, base::Result<LeafPlace> leaf) {
    OnLeaf then;
    {
      const std::lock_guard lock(mutex_);
      const auto expecting = expecting_.find(event);
      if (expecting == expecting_.end()) return;
      then = std::move(expecting->second);
      expecting_.erase(expecting);
    }
    then(std::move(leaf));
  }

  base::Error Refused(const base::Error& error) {
    refused_ = error;
    return error;
  }

  // Once when it begins to fail: it tries again twice a second.
  void Report(Round before, Round now) const {
    if (now != Round::kFailed || before == Round::kFailed) return;
    Log(base::LogId::kOutboxBacklog, {{"waiting", backlog_}, {"error", refused_.id}});
  }

  store::Store& store_;
  audit::Appender& log_;
  const OutboxOptions options_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool woken_ = false;
  int draining_ = 0;
  std::uint64_t rounds_begun_ = 0;
  std::uint64_t idle_round_ = 0;  // the last that found nothing, or failed
  Round last_ = Round::kEmpty;
  std::uint64_t backlog_ = 0;
  std::unordered_map<record::EventId, OnLeaf> expecting_;

  // The loop's thread alone.
  base::Error refused_;
  bool more_ = false;  // the last round was full
  std::thread thread_;
};

OutboxLoop::OutboxLoop(store::Store& store, audit::Appender& log, OutboxOptions options)
    : inside_(std::make_unique<Inside>(store, log, options)) {}
OutboxLoop::~OutboxLoop() = default;

void OutboxLoop::Wake() { inside_->Wake(); }
void OutboxLoop::Expect(const record::EventId& event, OnLeaf then) {
  inside_->Expect(event, std::move(then));
}
void OutboxLoop::Forget(const record::EventId& event) { inside_->Forget(event); }
void OutboxLoop::Drain() { inside_->Drain(); }
std::uint64_t OutboxLoop::Backlog() const { return inside_->Backlog(); }

}  // namespace milecastle::govern

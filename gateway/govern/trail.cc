#include "govern/trail.h"

#include <algorithm>

#include "audit/payload.h"
#include "base/log.h"
#include "inside/duties.h"

namespace milecastle::govern {
namespace {

constexpr std::size_t kBatch = 256;
constexpr std::chrono::milliseconds kPeriod{500};

// One leaf's rows.
struct Derived {
  store::TrailRow row;
  Entailed entailed;
};

Derived DeriveFrom(const audit::Log& log, const audit::Record& record) {
  Derived derived;
  derived.row = {.origin = log.origin(),
                 .leaf = record.index,
                 .event = {record.leaf.event_id},
                 .kind = std::string(NameOf(record.leaf.kind)),
                 .at = record.leaf.wall_clock};
  if (!record.body) return derived;
  const std::string& payload = record.body->payload;
  const auto headline = audit::ReadHeadline(payload);
  if (!headline) return derived;
  derived.row.organisation = headline->organisation;
  derived.row.user = headline->user;
  derived.row.nhs_number = headline->nhs_number;
  derived.row.purpose = headline->purpose;
  derived.row.outcome = headline->outcome;
  derived.row.sources = headline->sources;
  if (!headline->entails_nothing) derived.entailed = EntailedBy(derived.row, *headline, payload);
  return derived;
}

base::Result<void> Keep(store::Transaction& transaction, const Derived& derived) {
  for (const store::QueueItem& item : derived.entailed.work) {
    auto there = transaction.queues().HasSameCause(item);
    if (!there) return there.error();
    if (*there) continue;
    if (auto added = transaction.queues().Add(item); !added) return added;
  }
  if (derived.entailed.declared) {
    const auto& [person, evidence] = *derived.entailed.declared;
    if (auto put = transaction.facts().PutEvidence(person, evidence); !put) return put;
  }
  return transaction.trail().Put(derived.row);
}

base::Result<void> KeepAll(store::Transaction& transaction, const std::vector<Derived>& batch) {
  for (const Derived& derived : batch) {
    if (auto kept = Keep(transaction, derived); !kept) return kept;
  }
  return {};
}

// What of a log is not in the store yet: its leaves from `next` on, its head, or both.
struct Remaining {
  std::uint64_t next = 0;
  audit::Head head;
  bool head_is_noted = false;
  bool any() const { return next < head.size || (head.size > 0 && !head_is_noted); }
};

base::Result<Remaining> RemainingOf(store::Store& store, const audit::Log& log) {
  auto snapshot = store.Read();
  if (!snapshot) return snapshot.error();
  const auto next = (*snapshot)->trail().NextLeaf(log.origin());
  const auto noted = (*snapshot)->trail().HeadOf(log.origin());
  snapshot->reset();
  if (!next) return next.error();
  if (!noted) return noted.error();
  const audit::Head head = log.DurableHead();
  return Remaining{*next, head, *noted && (*noted)->size == head.size};
}

struct Batch {
  std::vector<Derived> derived;
  bool at_end = false;
};

// What comes before a leaf that cannot be read is given; the next batch then fails.
base::Result<Batch> ReadBatch(const audit::Log& log, const Remaining& remaining) {
  Batch batch;
  const auto scanned = log.Scan(remaining.next, [&](const audit::Record& record) {
    batch.derived.push_back(DeriveFrom(log, record));
    return batch.derived.size() < kBatch;
  });
  const std::size_t read = batch.derived.size();
  if (!scanned && read == 0) return scanned.error();
  batch.at_end = scanned && (read < kBatch || remaining.next + read >= remaining.head.size);
  return batch;
}

}  // namespace

TrailLoop::TrailLoop(store::Store& store, std::vector<const audit::Log*> logs,
                     const base::Clock& clock)
    : store_(store), logs_(std::move(logs)), clock_(clock), thread_([this] { Run(); }) {}

TrailLoop::~TrailLoop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ending_.notify_all();
  thread_.join();
}

void TrailLoop::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    ending_.wait_for(lock, kPeriod, [this] { return stopping_; });
    if (stopping_) return;
    lock.unlock();
    CatchUp();
    lock.lock();
  }
}

std::vector<LogBehind> TrailLoop::CatchUp() {
  const std::lock_guard lock(following_);
  // A log that cannot be read holds up none of the work that the other leaves to be done.
  std::vector<LogBehind> behind;
  for (const audit::Log* log : logs_) {
    if (auto followed = Follow(*log); !followed)
      behind.push_back({log->origin(), followed.error()});
  }
  Report(behind);
  return behind;
}

std::vector<LogBehind> TrailLoop::Behind() const {
  const std::lock_guard lock(mutex_);
  return behind_;
}

// A line where a log falls behind, not at each of two rounds a second: the place is for the
// operator alone.
void TrailLoop::Report(const std::vector<LogBehind>& now) {
  const std::lock_guard lock(mutex_);
  for (const LogBehind& one : now) {
    const bool known = std::any_of(behind_.begin(), behind_.end(),
                                   [&](const auto& before) { return before.origin == one.origin; });
    if (known) continue;
    base::Log(base::LogId::kAuditBehind, {{"origin", base::SafeText::Configured(one.origin)},
                                          {"error", one.error.id},
                                          {"place", base::SafeText::Path(one.error.place)}});
  }
  behind_ = now;
}

base::Result<void> TrailLoop::Follow(const audit::Log& log) {
  auto remaining = RemainingOf(store_, log);
  if (!remaining) return remaining.error();
  while (remaining->any()) {
    const auto batch = ReadBatch(log, *remaining);
    if (!batch) return batch.error();
    auto written = WriteAndWait(store_, [&](store::Transaction& transaction) -> base::Result<void> {
      if (auto kept = KeepAll(transaction, batch->derived); !kept || !batch->at_end) return kept;
      const audit::Head& head = remaining->head;
      return transaction.trail().NoteHead({log.origin(), head.size, head.root, clock_.Now()});
    });
    if (!written || batch->at_end) return written;
    remaining->next += batch->derived.size();
  }
  return {};
}

}  // namespace milecastle::govern

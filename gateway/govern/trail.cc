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

}  // namespace

TrailLoop::TrailLoop(store::Store& store, std::vector<const audit::Log*> logs,
                     const base::Clock& clock)
    : store_(store), logs_(std::move(logs)), clock_(clock), thread_([this] { Run(); }) {}

TrailLoop::~TrailLoop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void TrailLoop::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void TrailLoop::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, kPeriod, [this] { return woken_ || stopping_; });
    woken_ = false;
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
  auto snapshot = store_.Read();
  if (!snapshot) return snapshot.error();
  const auto next = (*snapshot)->trail().NextLeaf(log.origin());
  const auto noted = (*snapshot)->trail().HeadOf(log.origin());
  snapshot->reset();
  if (!next) return next.error();
  if (!noted) return noted.error();
  const audit::Head head = log.DurableHead();
  std::uint64_t from = *next;
  const bool to_note = head.size > 0 && (!*noted || (*noted)->size != head.size);
  while (from < head.size || to_note) {
    std::vector<Derived> batch;
    auto scanned = log.Scan(from, [&](const audit::Record& record) {
      batch.push_back(DeriveFrom(log, record));
      return batch.size() < kBatch;
    });
    if (!scanned && batch.empty()) return scanned;
    from += batch.size();
    const bool at_end = scanned && (batch.size() < kBatch || from >= head.size);
    auto written = WriteAndWait(store_, [&](store::Transaction& transaction) -> base::Result<void> {
      for (const Derived& derived : batch) {
        if (auto kept = Keep(transaction, derived); !kept) return kept;
      }
      if (!at_end) return {};
      return transaction.trail().NoteHead({log.origin(), head.size, head.root, clock_.Now()});
    });
    if (!written) return written;
    if (at_end) return {};
  }
  return {};
}

}  // namespace milecastle::govern

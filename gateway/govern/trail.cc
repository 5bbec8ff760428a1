#include "govern/trail.h"

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
  derived.entailed = EntailedBy(derived.row, *headline, payload);
  return derived;
}

base::Result<void> Keep(store::Transaction& transaction, const Derived& derived) {
  for (const store::QueueItem& item : derived.entailed.work) {
    auto there = transaction.queues().HasLeaf(derived.row.leaf, item.kind);
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

TrailLoop::TrailLoop(store::Store& store, std::vector<const audit::Log*> logs)
    : store_(store), logs_(std::move(logs)), thread_([this] { Run(); }) {}

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
    if (const auto followed = CatchUp(); !followed) {
      base::Log(base::LogId::kStoreFault, {{"error", followed.error().id}});
    }
    lock.lock();
  }
}

base::Result<void> TrailLoop::CatchUp() {
  const std::lock_guard lock(following_);
  // A log that cannot be read holds up none of the work that the other leaves to be done.
  base::Result<void> outcome;
  for (const audit::Log* log : logs_) {
    if (auto followed = Follow(*log); !followed && outcome) outcome = std::move(followed);
  }
  return outcome;
}

base::Result<void> TrailLoop::Follow(const audit::Log& log) {
  auto snapshot = store_.Read();
  if (!snapshot) return snapshot.error();
  auto next = (*snapshot)->trail().NextLeaf(log.origin());
  snapshot->reset();
  if (!next) return next.error();
  const std::uint64_t end = log.DurableHead().size;
  for (std::uint64_t from = *next; from < end;) {
    std::vector<Derived> batch;
    auto scanned = log.Scan(from, [&](const audit::Record& record) {
      batch.push_back(DeriveFrom(log, record));
      return batch.size() < kBatch;
    });
    if (!scanned) return scanned;
    if (batch.empty()) return {};
    from += batch.size();
    auto written =
        WriteAndWait(store_, [&batch](store::Transaction& transaction) -> base::Result<void> {
          for (const Derived& derived : batch) {
            if (auto kept = Keep(transaction, derived); !kept) return kept;
          }
          return {};
        });
    if (!written) return written;
  }
  return {};
}

}  // namespace milecastle::govern

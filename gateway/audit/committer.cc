#include "audit/committer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/log.h"

namespace milecastle::audit {
namespace {

using base::Error;
using base::ErrorId;

// More than this in one group would only make the first of it wait.
constexpr std::size_t kMaxGroupEntries = 4096;
constexpr std::size_t kMaxGroupBytes = std::size_t{8} << 20;

Error EventTaken() {
  return {ErrorId::kConflict, "audit event id", "make a new event id for another event"};
}

bool SameEvent(const Entry& left, const Entry& right) {
  return left.kind == right.kind && left.payload == right.payload;
}

std::uint64_t NewNonce() {
  std::uint64_t nonce = 0;
  base::RandomBytes({reinterpret_cast<std::uint8_t*>(&nonce), sizeof(nonce)});
  return nonce;
}

}  // namespace

Committer::Committer(Surroundings surroundings, WritePosition position)
    : around_(std::move(surroundings)),
      position_(std::move(position)),
      thread_([this] { Run(); }) {}

Committer::~Committer() { Stop(); }

void Committer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Error Committer::Unavailable() const {
  return {ErrorId::kAuditUnavailable, "audit log " + around_.origin,
          "it is sealed until the gateway starts again: check its disk"};
}

void Committer::Seal(const Error& cause) {
  if (sealed_.exchange(true)) return;
  base::Log(base::LogId::kAuditFault, {{"origin", base::SafeText::Configured(around_.origin)},
                                       {"error", cause.id},
                                       {"place", base::SafeText::Path(cause.place)},
                                       {"cause", base::SafeText::Path(cause.advice)}});
}

// Salt and digest are made on the caller's thread before anything is locked: hashing long payloads
// is no work for the one that everybody waits for.
std::unique_lock<std::mutex> Committer::Queue(Entry entry, Appender::OnDurable on_durable) {
  if (entry.payload.size() > kMaxPayloadBytes || !IsKnown(entry.kind)) {
    on_durable(Error{ErrorId::kArgumentInvalid, "audit entry", "payload too long or kind unknown"});
    return {};
  }
  Waiting waiting{std::move(entry), base::RandomSalt(), {}, std::move(on_durable)};
  waiting.payload_digest = PayloadDigest(waiting.salt, waiting.entry.payload);
  const std::size_t bytes = waiting.entry.payload.size();
  std::unique_lock lock(mutex_);
  if (auto refused = Refuse(bytes)) {
    lock.unlock();
    waiting.on_durable(*std::move(refused));
    return lock;
  }
  waiting_bytes_ += bytes;
  waiting_.push_back(std::move(waiting));
  return lock;
}

// Whoever writes now looks for others when done. Others are woken under the lock: whoever destroys
// the log waits for it.
void Committer::Append(Entry entry, Appender::OnDurable on_durable) {
  const auto lock = Queue(std::move(entry), std::move(on_durable));
  if (lock && !writing_) wake_.notify_one();
}

void Committer::AppendAtOnce(Entry entry, Appender::OnDurable on_durable) {
  auto lock = Queue(std::move(entry), std::move(on_durable));
  if (!lock || writing_) return;
  WriteSome(lock);
  if (stopping_ || !waiting_.empty()) wake_.notify_one();
}

std::optional<Error> Committer::Refuse(std::size_t payload_bytes) const {
  if (sealed_) return Unavailable();
  if (stopping_) {
    return Error{ErrorId::kShuttingDown, "audit log", "send it again after the next start"};
  }
  if (waiting_.size() >= around_.options.max_waiting_entries ||
      waiting_bytes_ + payload_bytes > around_.options.max_waiting_bytes) {
    return Error{ErrorId::kOverloaded, "audit queue", "try again later"};
  }
  return std::nullopt;
}

void Committer::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const bool woken = wake_.wait_for(lock, around_.options.look_period, [this] {
      return !writing_ && (stopping_ || !waiting_.empty());
    });
    if (!woken && writing_) continue;
    if (!woken) {
      LookAfter(lock);
    } else if (waiting_.empty()) {
      return;
    } else {
      WriteSome(lock);
    }
  }
}

// Nobody writes as it is called, and it holds the lock but while it writes.
void Committer::WriteSome(std::unique_lock<std::mutex>& lock) {
  std::vector<Waiting> some = TakeSome();
  writing_ = true;
  lock.unlock();
  Commit(std::move(some));
  lock.lock();
  writing_ = false;
}

void Committer::LookAfter(std::unique_lock<std::mutex>& lock) {
  writing_ = true;
  lock.unlock();
  if (const auto whole = CheckWhole(); !whole) Seal(whole.error());
  lock.lock();
  writing_ = false;
}

// A file of full length with the last group in its place: nothing that was acknowledged after the
// segment began was cut off or blanked. Two system calls, on pages that are in memory.
base::Result<void> Committer::CheckWhole() const {
  if (!position_.file) return {};
  const auto size = position_.file->Size();
  if (!size) return size.error();
  const auto header = last_header_.empty()
                          ? base::Result<std::string>(std::string())
                          : position_.file->ReadAt(last_header_at_, last_header_.size());
  if (!header) return header.error();
  if (*size == position_.segment.length && *header == last_header_) return {};
  return Error{ErrorId::kAuditCorrupt,
               around_.history.PathOf(position_.segment.first_index()).string(),
               "another hand cut or overwrote it: keep the disk, run audit fsck"};
}

std::vector<Committer::Waiting> Committer::TakeSome() {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < std::min(waiting_.size(), kMaxGroupEntries) && bytes < kMaxGroupBytes) {
    bytes += waiting_[count++].entry.payload.size();
  }
  waiting_bytes_ -= bytes;
  if (count == waiting_.size()) return std::exchange(waiting_, {});
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<Waiting> some(std::make_move_iterator(waiting_.begin()),
                            std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  return some;
}

void Committer::Commit(std::vector<Waiting> some) {
  GroupInMaking group;
  group.bytes.resize(kGroupHeaderBytes);
  group.frontier = position_.frontier;
  group.placed.reserve(some.size());
  group.by_event.reserve(some.size());
  const base::Instant now = around_.clock.Now();
  const std::chrono::nanoseconds monotonic = around_.clock.Monotonic();
  for (Waiting& waiting : some) Place(std::move(waiting), group, now, monotonic);
  if (group.placed.empty()) return;
  const auto written = sealed_ ? base::Result<void>(Unavailable()) : Write(group);
  if (!written) {
    Seal(written.error());
    const Error unavailable = Unavailable();
    for (Placed& placed : group.placed) {
      placed.waiting.on_durable(unavailable);
      for (Waiting& same : placed.same_event) same.on_durable(unavailable);
    }
    return;
  }
  Publish(group);
  Answer(group);
  around_.on_group();  // wakes others: not before those who wait
}

void Committer::Place(Waiting waiting, GroupInMaking& group, base::Instant now,
                      std::chrono::nanoseconds monotonic) {
  const EventId id = waiting.entry.event_id;
  if (const auto same = group.by_event.find(id); same != group.by_event.end()) {
    Placed& first = group.placed[same->second];
    if (SameEvent(first.waiting.entry, waiting.entry)) {
      first.same_event.push_back(std::move(waiting));
    } else {
      waiting.on_durable(EventTaken());
    }
    return;
  }
  const auto before = around_.history.FindEvent(id);
  if (!before) return waiting.on_durable(before.error());
  if (*before) return AnswerAgain(std::move(waiting), **before);

  const std::string leaf = EncodeLeaf(
      {id, waiting.entry.kind, waiting.entry.key_id, now, monotonic, waiting.payload_digest});
  const base::Digest leaf_hash = HashLeaf(leaf);
  group.offsets.push_back(group.bytes.size());
  AddRecord(group.bytes, {leaf, base::AsBytes(waiting.salt), waiting.entry.payload});
  group.frontier.Push(leaf_hash, [&](const Node& node) { group.nodes.push_back(node); });
  group.by_event.emplace(id, group.placed.size());
  group.placed.push_back({std::move(waiting), leaf_hash, {}});
}

// The event is in the log: the same entry gets a receipt for it, another one does not.
void Committer::AnswerAgain(Waiting waiting, std::uint64_t index) const {
  const auto record = around_.history.Read(index);
  if (!record) return waiting.on_durable(record.error());
  const bool same_payload =
      !record->body ||
      PayloadDigest(record->body->salt, waiting.entry.payload) == record->leaf.payload_digest;
  if (record->leaf.kind != waiting.entry.kind || !same_payload) {
    return waiting.on_durable(EventTaken());
  }
  std::optional<std::string> covered;
  if (record->body) covered = std::move(waiting.entry.payload);
  waiting.on_durable(Receipt(around_.origin, index, record->leaf_hash, record->leaf.payload_digest,
                             std::move(covered)));
}

base::Result<void> Committer::Write(GroupInMaking& group) {
  if (auto whole = CheckWhole(); !whole) return whole;
  const std::uint64_t record_bytes = group.bytes.size() - kGroupHeaderBytes;
  const std::uint64_t total = GroupBytes(record_bytes);
  if (!position_.file || position_.offset + total > position_.segment.length) {
    auto begun = BeginSegment(total);
    if (!begun) return begun;
  }
  group.bytes.resize(total);
  group.root = group.frontier.Root();
  const std::string header =
      EncodeGroupHeader({static_cast<std::uint32_t>(group.placed.size()), position_.frontier.size(),
                         record_bytes, position_.segment.nonce, group.root});
  group.bytes.replace(0, header.size(), header);
  auto written = position_.file->WriteAt(position_.offset, group.bytes);
  if (!written) return written;
  last_header_ = header;
  last_header_at_ = position_.offset;
  return position_.file->Sync();
}

base::Result<void> Committer::BeginSegment(std::uint64_t group_bytes) {
  auto prepared = around_.maker.Take(kBlockBytes + group_bytes);
  if (!prepared) return prepared.error();
  WritePosition next{prepared->file,
                     {prepared->length, NewNonce(), around_.log, position_.frontier},
                     kBlockBytes,
                     position_.frontier};
  auto done = next.file->WriteAt(0, EncodeSegmentHeader(next.segment));
  if (done) done = next.file->Sync();
  const std::uint64_t first_index = next.segment.first_index();
  if (done) done = around_.disk.Rename(prepared->path, around_.history.PathOf(first_index));
  if (!done) return done;
  position_ = std::move(next);
  last_header_.clear();
  around_.history.BeginSegment(first_index);
  around_.maker.PrepareNext();
  return {};
}

void Committer::Publish(GroupInMaking& group) {
  std::vector<IndexedRecord> records;
  records.reserve(group.placed.size());
  for (std::size_t i = 0; i < group.placed.size(); ++i) {
    const Placed& placed = group.placed[i];
    records.push_back(
        {placed.waiting.entry.event_id, placed.leaf_hash, position_.offset + group.offsets[i]});
  }
  position_.offset += group.bytes.size();
  position_.frontier = std::move(group.frontier);
  // Hashes first: whoever sees the new head may ask for a proof at once.
  around_.tree.Add(group.nodes);
  around_.history.Extend(records, {position_.frontier.size(), group.root});
}

void Committer::AnswerWith(Waiting& waiting, std::uint64_t index,
                           const base::Digest& leaf_hash) const {
  waiting.on_durable(Receipt(around_.origin, index, leaf_hash, waiting.payload_digest,
                             std::move(waiting.entry.payload)));
}

void Committer::Answer(GroupInMaking& group) const {
  std::uint64_t index = position_.frontier.size() - group.placed.size();
  for (Placed& placed : group.placed) {
    for (Waiting& same : placed.same_event) {
      same.payload_digest = placed.waiting.payload_digest;
      AnswerWith(same, index, placed.leaf_hash);
    }
    AnswerWith(placed.waiting, index, placed.leaf_hash);
    ++index;
  }
}

}  // namespace milecastle::audit

#include "receive/relabelling.h"

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"

namespace milecastle::receive {
namespace {

using store::Labelled;
using store::Labelling;

bool HasMore(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return !std::includes(right.begin(), right.end(), left.begin(), left.end());
}

// What became of a piece: where it ends, and whose labels change.
struct Piece {
  Labelling before;
  Labelling after;
  std::vector<std::pair<std::uint64_t, Labelled>> changes;
};

void LookAt(const store::StoredEntry& entry, const store::Rulebook& rules, Piece& piece) {
  Labelled now = rules.Label({entry.bytes, entry.entry_class, entry.stored, entry.origin});
  const auto& labels = entry.entry_class.labels;
  ++piece.after.looked_at;
  if (HasMore(now.labels, labels)) ++piece.after.gained;
  if (HasMore(labels, now.labels)) ++piece.after.lost;
  if (now == Labelled{labels, entry.entry_class.headline, entry.likeness}) return;
  piece.changes.emplace_back(entry.number, std::move(now));
}

}  // namespace

class Relabelling::Inside {
 public:
  explicit Inside(RelabellingParts parts) : parts_(std::move(parts)), thread_([this] { Run(); }) {}

  ~Inside() { Stop(); }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void Follow(std::shared_ptr<const store::Rulebook> rules) {
    const std::lock_guard lock(mutex_);
    parts_.store.Follow(rules);
    if (!rules_ || rules_->digest() != rules->digest()) progress_.reset();
    rules_ = std::move(rules);
    changed_.notify_all();
  }

  std::optional<Labelling> Progress() const {
    const std::lock_guard lock(mutex_);
    return progress_;
  }

  void AwaitEnd() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || IsDone(); });
  }

 private:
  bool IsDone() const {
    return !rules_ || (progress_ && progress_->ended && progress_->rules == rules_->digest());
  }

  void Run() {
    if (parts_.go_last) parts_.go_last();
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !IsDone(); });
      if (stopping_) return;
      const auto rules = rules_;
      const auto before = progress_;
      lock.unlock();
      auto after = before ? LookAtMore(*before, *rules) : Begin(*rules);
      lock.lock();
      if (rules->digest() != rules_->digest()) continue;  // others by now: from the beginning
      if (after) {
        failing_ = false;
        Take(*after, before.has_value(), lock);
        continue;
      }
      progress_.reset();
      if (after.error().id == base::ErrorId::kConflict) continue;
      Report(after.error());
      changed_.wait_for(lock, parts_.retry, [&] { return stopping_ || rules != rules_; });
    }
  }

  // Once, however often it is tried.
  void Report(const base::Error& why) {
    if (std::exchange(failing_, true)) return;
    base::Log(base::LogId::kRelabelFault,
              {{"error", why.id}, {"place", base::SafeText::Path(why.place)}});
  }

  void Take(const Labelling& after, bool had_begun, std::unique_lock<std::mutex>& lock) {
    progress_ = after;
    changed_.notify_all();
    if (!had_begun && !after.ended) {
      base::Log(base::LogId::kRelabelling, {{"entries", after.upto}, {"done", after.looked_to}});
    }
    if (!had_begun || !after.ended) return;
    base::Log(base::LogId::kRelabelled,
              {{"entries", after.looked_at}, {"gained", after.gained}, {"lost", after.lost}});
    if (!parts_.ended) return;
    lock.unlock();
    parts_.ended(after);
    lock.lock();
  }

  base::Result<Labelling> Begin(const store::Rulebook& rules) {
    Labelling begun;
    const auto written = store::WriteRepeatableAndWait(
        parts_.store, [&](store::Transaction& in) -> base::Result<void> {
          auto labelling = in.labels().Begin(rules.digest(), parts_.clock.Now());
          if (!labelling) return labelling.error();
          begun = *std::move(labelling);
          return {};
        });
    if (!written) return written.error();
    return begun;
  }

  base::Result<Labelling> LookAtMore(const Labelling& before, const store::Rulebook& rules) {
    auto piece = Look(before, rules);
    if (!piece) return piece.error();
    const auto written = store::WriteRepeatableAndWait(
        parts_.store, [&](store::Transaction& in) { return Write(*piece, in); });
    if (!written) return written.error();
    return piece->after;
  }

  // Over a snapshot: nothing of it happens in the writer.
  base::Result<Piece> Look(const Labelling& before, const store::Rulebook& rules) {
    auto snapshot = parts_.store.Read();
    if (!snapshot) return snapshot.error();
    const auto due = (*snapshot)->labels().Due(before, parts_.piece);
    if (!due) return due.error();
    Piece piece{.before = before, .after = before, .changes = {}};
    for (const store::StoredEntry& entry : due->entries) LookAt(entry, rules, piece);
    piece.after.looked_to = due->looked_to;
    if (piece.after.looked_to == piece.after.upto) piece.after.ended = parts_.clock.Now();
    return piece;
  }

  static base::Result<void> Write(const Piece& piece, store::Transaction& in) {
    const auto newest = in.labels().Newest();
    if (!newest) return newest.error();
    if (*newest != piece.before) {
      return base::Error{base::ErrorId::kConflict, "labels", "other rules are followed by now"};
    }
    for (const auto& [number, labelled] : piece.changes) {
      if (auto written = in.labels().Relabel(number, labelled); !written) return written;
    }
    return in.labels().Note(piece.after);
  }

  const RelabellingParts parts_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool failing_ = false;
  std::shared_ptr<const store::Rulebook> rules_;
  std::optional<Labelling> progress_;  // of these rules; nothing: it is to be begun
  std::thread thread_;                 // last: it uses all of the above
};

Relabelling::Relabelling(RelabellingParts parts)
    : inside_(std::make_unique<Inside>(std::move(parts))) {}
Relabelling::~Relabelling() = default;

void Relabelling::Stop() { inside_->Stop(); }

void Relabelling::Follow(std::shared_ptr<const store::Rulebook> rules) {
  inside_->Follow(std::move(rules));
}
std::optional<Labelling> Relabelling::Progress() const { return inside_->Progress(); }
void Relabelling::AwaitEnd() { inside_->AwaitEnd(); }

}  // namespace milecastle::receive

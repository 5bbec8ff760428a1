#include "govern/overdue.h"

#include <algorithm>
#include <array>

#include "govern/identity.h"

namespace milecastle::govern {
namespace {

using store::QueueKind;

constexpr std::array kTimed = {QueueKind::kMergeReview,      QueueKind::kProtectedIdentity,
                               QueueKind::kBreakGlassReview, QueueKind::kSelfDeclaredReview,
                               QueueKind::kPatientNotice,    QueueKind::kChoiceReview,
                               QueueKind::kSeverReview};

// A page of open items after `last`, each in a snapshot of its own: a long queue holds up no
// checkpoint of the store.
base::Result<std::vector<store::QueueItem>> PageAfter(store::Store& store,
                                                      std::optional<record::QueueItemId> last) {
  constexpr std::size_t kPage = 500;
  auto snapshot = store.Read();
  if (!snapshot) return snapshot.error();
  return (*snapshot)->queues().Open({kTimed.begin(), kTimed.end()}, kPage, last);
}

}  // namespace

// Merge reviews are opened where no policy is known, by a feed's merge as by an officer.
std::optional<base::Instant> DueOf(const store::QueueItem& item, const Parts& parts) {
  if (item.due || !IsMergeReview(item)) return item.due;
  return item.opened + parts.policy.Get()->policy().system().merge_review_within;
}

bool IsOverdue(const store::QueueItem& item, const Parts& parts) {
  const auto due = DueOf(item, parts);
  return !item.closed && due && *due <= parts.clock.Now();
}

base::Result<std::vector<Overdue>> CountOverdue(const Parts& parts) {
  std::vector<Overdue> counts;
  counts.reserve(kTimed.size());
  for (const QueueKind kind : kTimed) counts.push_back({.kind = kind, .since = parts.clock.Now()});
  auto page = PageAfter(parts.store, std::nullopt);
  while (page && !page->empty()) {
    for (const store::QueueItem& item : *page) {
      if (!IsOverdue(item, parts)) continue;
      auto& count = counts[static_cast<std::size_t>(
          std::find(kTimed.begin(), kTimed.end(), item.kind) - kTimed.begin())];
      ++count.items;
      count.since = std::min(count.since, *DueOf(item, parts));
    }
    page = PageAfter(parts.store, page->back().id);
  }
  if (!page) return page.error();
  return counts;
}

}  // namespace milecastle::govern

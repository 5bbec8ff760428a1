// Closing what asks for a look: reviews of accesses and notices of them, merge reviews, messages.
#include <set>

#include "inside/deed.h"
#include "inside/severing.h"

namespace milecastle::govern {
namespace {

using store::QueueItem;
using store::QueueKind;

// Everybody for whom a merge review is still open.
base::Result<std::set<record::PersonId>> UnderReview(store::Transaction& transaction) {
  constexpr std::size_t kPage = 256;
  std::set<record::PersonId> persons;
  std::optional<record::QueueItemId> after;
  while (true) {
    const auto page = transaction.queues().Open(
        {QueueKind::kMergeReview, QueueKind::kProtectedIdentity}, kPage, after);
    if (!page) return page.error();
    for (const QueueItem& item : *page) {
      if (item.person) persons.insert(*item.person);
      persons.insert(item.candidates.begin(), item.candidates.end());
    }
    if (page->size() < kPage) return persons;
    after = page->back().id;
  }
}

base::Result<void> EndReview(store::Transaction& transaction, const QueueItem& item) {
  const auto open = UnderReview(transaction);
  if (!open) return open.error();
  std::set<record::PersonId> ended(item.candidates.begin(), item.candidates.end());
  if (item.person) ended.insert(*item.person);
  for (const record::PersonId& id : ended) {
    if (open->contains(id)) continue;
    auto person = transaction.patients().FindPerson(id);
    if (!person) return person.error();
    if (!*person || !(*person)->under_merge_review) continue;
    (*person)->under_merge_review = false;
    if (auto saved = transaction.patients().SavePerson(**person); !saved) return saved;
    if (auto advanced = transaction.patients().AdvanceVersion(id); !advanced) return advanced;
  }
  return {};
}

// An officer's word that they are two people, for every trace that comes.
base::Result<void> KeepApart(store::Transaction& transaction, const QueueItem& item,
                             const std::string& by, base::Instant at) {
  if (!item.identity) return {};
  for (const record::PersonId& candidate : item.candidates) {
    const auto identities = transaction.patients().IdentitiesOf(candidate);
    if (!identities) return identities.error();
    for (const store::Identity& other : *identities) {
      auto kept = transaction.patients().KeepApart({*item.identity, other.id, by, at});
      if (!kept) return kept;
    }
  }
  return {};
}

// What withholds until somebody has asked the person has the review's own id (receive/
// preferences.cc). What an officer recorded of their word stands.
base::Result<void> LiftHold(store::Transaction& transaction, const QueueItem& item,
                            const std::string& by, base::Instant at) {
  const auto held = transaction.facts().FindConsent(record::FactId{item.id.uuid});
  if (!held) return held.error();
  const bool binds = *held && !(*held)->withdrawn && (*held)->by == record::ConsentBy::kFeed;
  if (!binds) return {};
  return transaction.facts().WithdrawConsent((*held)->id, at, by);
}

// What the end of an item of this kind brings with it.
base::Result<void> Follow(store::Transaction& transaction, const QueueItem& item, Ending ending,
                          const std::string& by, base::Instant at) {
  if (IsMergeReview(item)) return EndReview(transaction, item);
  if (item.kind == QueueKind::kMatchReview) return KeepApart(transaction, item, by, at);
  if (item.kind == QueueKind::kChoiceReview) return LiftHold(transaction, item, by, at);
  if (item.kind == QueueKind::kSeverReview && ending == Ending::kUndone) {
    return Restore(transaction, *item.person, by, at);
  }
  if (item.kind == QueueKind::kAwaitingIdentity && item.message) {
    return transaction.journal().SetOutcome(*item.message, {item.patient, "quarantined", 0, at});
  }
  return {};
}

// What the log keeps of the item: which it was, and of which access.
void Describe(const QueueItem& item, boost::json::object& what) {
  what["kind"] = KeyOf(item.kind);
  if (!item.leaf) return;
  what["origin"] = item.leaf->origin;
  what["leaf_index"] = item.leaf->index;
}

base::Result<IdentityChange> DoClose(store::Transaction& transaction, const record::QueueItemId& id,
                                     Ending ending, Deed& deed, base::Instant at) {
  const auto item = transaction.queues().Find(id);
  if (!item) return item.error();
  if (!*item) return Gone("item");
  if ((*item)->closed) return Moved();
  auto closed = transaction.queues().Close(id, deed.officer.why, deed.officer.by, at);
  if (!closed) return closed.error();
  auto followed = Follow(transaction, **item, ending, deed.officer.by, at);
  if (!followed) return followed.error();
  Describe(**item, deed.what);
  return IdentityChange{(*item)->person.value_or(record::PersonId{})};
}

}  // namespace

Change<IdentityChange> IdentityWork::Close(const Officer& officer, record::QueueItemId item,
                                           Ending ending) const {
  Deed deed{"close", officer, {}};
  deed.what["item"] = item.ToString();
  if (ending == Ending::kUndone) deed.what["undone"] = true;
  return ChangeOf(std::move(deed), [item, ending, at = parts_.clock.Now()](
                                       store::Transaction& transaction, Deed& doing) {
    return DoClose(transaction, item, ending, doing, at);
  });
}

}  // namespace milecastle::govern

// Severing: a person who is never linked, suggested or queued together with another (safety.md 14),
// and whose tighter consent after a merge holds all the same (safety.md 15).
#include "inside/severing.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "identify/holder.h"
#include "inside/deed.h"

namespace milecastle::govern {
namespace {

using store::QueueItem;
using store::QueueKind;

// Takes apart what the severed person shares with others in the open queues.
class Apart {
 public:
  Apart(store::Transaction& transaction, record::PersonId severed, std::string by, base::Instant at)
      : transaction_(transaction), severed_(severed), by_(std::move(by)), at_(at) {}

  base::Result<void> Take() {
    constexpr std::size_t kAll = 1U << 20;
    const auto open = transaction_.queues().Open(
        {QueueKind::kAwaitingIdentity, QueueKind::kMergeReview, QueueKind::kMatchReview}, kAll,
        std::nullopt);
    if (!open) return open.error();
    for (const QueueItem& item : *open) {
      auto taken = TakeItem(item);
      if (!taken) return taken;
    }
    for (const auto& [person, item] : own_) {
      if (auto added = transaction_.queues().Add(item); !added) return added;
    }
    return {};
  }

 private:
  base::Result<bool> IsTheirs(const std::optional<record::IdentityId>& id) {
    if (!id) return false;
    const auto identity = transaction_.patients().FindIdentity(*id);
    if (!identity) return identity.error();
    return *identity && (*identity)->person == severed_;
  }

  base::Result<void> TakeItem(const QueueItem& item) {
    if (item.kind == QueueKind::kMergeReview) return Review(item);
    return item.kind == QueueKind::kMatchReview ? Match(item) : Waiting(item);
  }

  // Nobody is offered for this person any more, nor this person for anybody.
  base::Result<void> Match(const QueueItem& item) {
    const auto theirs = IsTheirs(item.identity);
    if (!theirs) return theirs.error();
    QueueItem other = item;
    const bool named = std::erase(other.candidates, severed_) != 0;
    if (!*theirs && !named) return {};
    if (!*theirs && !other.candidates.empty()) return Replace(item, std::move(other));
    return transaction_.queues().Close(item.id, std::string(kReplaced), by_, at_);
  }

  base::Result<void> Replace(const QueueItem& old, QueueItem item) {
    auto closed = transaction_.queues().Close(old.id, std::string(kReplaced), by_, at_);
    if (!closed) return closed;
    item.id = record::QueueItemId::New(at_);
    return transaction_.queues().Add(item);
  }

  // A message of another that this person was offered for is offered without; one of this person's
  // own is kept from everybody but the named role, as one that came later would be.
  base::Result<void> Waiting(const QueueItem& item) {
    const auto theirs = IsTheirs(item.identity);
    if (!theirs) return theirs.error();
    QueueItem other = item;
    if (!*theirs) {
      if (std::erase(other.candidates, severed_) == 0) return {};
      return Replace(item, std::move(other));
    }
    other = {};
    other.kind = QueueKind::kProtectedIdentity;
    other.message = item.message;
    other.patient = item.patient;
    other.organisation = item.organisation;
    other.reason = KeyOf(QueueKind::kProtectedIdentity);
    other.opened = item.opened;
    if (auto replaced = Replace(item, std::move(other)); !replaced || !item.message) {
      return replaced;
    }
    return transaction_.journal().SetOutcome(*item.message, {item.patient, "quarantined", 0, at_});
  }

  // Whoever it names gets an item of their own, in which the tighter consent holds for them.
  base::Result<void> Review(const QueueItem& item) {
    std::set<record::PersonId> named(item.candidates.begin(), item.candidates.end());
    if (item.person) named.insert(*item.person);
    const auto theirs = IsTheirs(item.identity);
    if (!theirs) return theirs.error();
    if (*theirs) named.insert(severed_);
    if (!named.contains(severed_)) return {};
    for (QueueItem& own : TakenApart(item, named, severed_, at_)) {
      own_.try_emplace(*own.person, std::move(own));
    }
    return transaction_.queues().Close(item.id, std::string(kReplaced), by_, at_);
  }

  store::Transaction& transaction_;
  const record::PersonId severed_;
  const std::string by_;
  const base::Instant at_;
  std::map<record::PersonId, QueueItem> own_;
};

// Of one whose identities were all merged away, severing would protect nothing: the record stands
// with the other, and goes on being shown there.
base::Result<void> CheckHasIdentity(store::Transaction& transaction, const record::PersonId& id) {
  const auto identities = transaction.patients().IdentitiesOf(id);
  if (!identities) return identities.error();
  if (!identities->empty()) return {};
  return base::Error{base::ErrorId::kConflict, "person",
                     "its identities are with another person: unlink them, then sever"};
}

base::Result<void> DoSever(store::Transaction& transaction, const record::PersonId& id,
                           const Deed& deed, base::Instant at) {
  auto person = transaction.patients().FindPerson(id);
  if (!person) return person.error();
  if (!*person) return Gone("person");
  if ((*person)->state == store::PersonState::kSevered) {
    return base::Error{base::ErrorId::kConflict, "person", "it is severed already"};
  }
  if (auto whole = CheckHasIdentity(transaction, id); !whole) return whole;
  (*person)->state = store::PersonState::kSevered;
  if (auto saved = transaction.patients().SavePerson(**person); !saved) return saved;
  auto apart = Apart(transaction, id, deed.officer.by, at).Take();
  if (!apart) return apart;
  return transaction.patients().AdvanceVersion(id);
}

base::Result<IdentityChange> AskToConfirm(store::Transaction& transaction,
                                          const record::PersonId& person, const Deed& deed,
                                          base::Instant at, base::Instant by) {
  QueueItem item;
  item.id = record::QueueItemId::New(at);
  item.kind = QueueKind::kSeverReview;
  item.person = person;
  item.candidates = {person};
  item.organisation = deed.officer.organisation;
  item.reason = "severed";
  item.caused_by = deed.officer.by;
  item.opened = at;
  item.due = by;
  if (auto added = transaction.queues().Add(item); !added) return added.error();
  return IdentityChange{.person = person, .to_confirm = item.id, .confirm_by = by};
}

// The item by which the message of a protected one had waited for this person's identity.
base::Result<std::optional<QueueItem>> WaitedFor(store::Transaction& transaction,
                                                 const QueueItem& kept_apart,
                                                 const record::PersonId& id) {
  const auto items = transaction.queues().OfMessage(*kept_apart.message);
  if (!items) return items.error();
  for (auto item = items->rbegin(); item != items->rend(); ++item) {
    if (item->kind != QueueKind::kAwaitingIdentity || item->resolution != kReplaced ||
        item->patient != kept_apart.patient || !item->identity) {
      continue;
    }
    const auto identity = transaction.patients().FindIdentity(*item->identity);
    if (!identity) return identity.error();
    if (*identity && (*identity)->person == id) return std::optional(*item);
  }
  return std::optional<QueueItem>();
}

base::Result<void> PutBack(store::Transaction& transaction, const QueueItem& kept_apart,
                           QueueItem waited, const std::string& by, base::Instant at) {
  auto closed = transaction.queues().Close(kept_apart.id, std::string(kReplaced), by, at);
  if (!closed) return closed;
  std::vector<record::PersonId> candidates;
  for (const record::PersonId& candidate : waited.candidates) {
    const auto severed = identify::IsSevered(transaction.patients(), candidate);
    if (!severed) return severed.error();
    if (!*severed) candidates.push_back(candidate);
  }
  waited.id = record::QueueItemId::New(at);
  waited.candidates = std::move(candidates);
  waited.closed.reset();
  waited.resolution.clear();
  waited.closed_by.clear();
  if (auto added = transaction.queues().Add(waited); !added) return added;
  return transaction.journal().SetOutcome(*waited.message,
                                          {waited.patient, "awaiting_identity", 0});
}

// What had waited for the person when they were severed.
base::Result<void> WaitAgain(store::Transaction& transaction, const record::PersonId& id,
                             const std::string& by, base::Instant at) {
  constexpr std::size_t kAll = 1U << 20;
  const auto open = transaction.queues().Open({QueueKind::kProtectedIdentity}, kAll, std::nullopt);
  if (!open) return open.error();
  for (const QueueItem& item : *open) {
    if (!item.message) continue;
    auto waited = WaitedFor(transaction, item, id);
    if (!waited) return waited.error();
    if (!*waited) continue;
    auto back = PutBack(transaction, item, std::move(**waited), by, at);
    if (!back) return back;
  }
  return {};
}

// An emptied person's number may have been taken by a message before it was protected too.
base::Result<void> CheckNumberIsFreeFor(store::Transaction& transaction,
                                        const store::Person& person) {
  if (!person.nhs_number) return {};
  const auto holder = transaction.patients().FindPersonByNhsNumber(*person.nhs_number);
  if (!holder) return holder.error();
  if (*holder) {
    return base::Error{base::ErrorId::kConflict, "person",
                       "another person has its NHS number by now: it stays severed until that one "
                       "is settled"};
  }
  const auto severed = identify::SeveredOf(transaction.patients(), *person.nhs_number);
  if (!severed) return severed.error();
  const bool alone = std::all_of(severed->begin(), severed->end(),
                                 [&](const store::Person& one) { return one.id == person.id; });
  if (alone) return {};
  return base::Error{base::ErrorId::kConflict, "person",
                     "another severed person has its NHS number too: undo that severing first, or "
                     "let both stand"};
}

}  // namespace

std::vector<QueueItem> TakenApart(const QueueItem& review, const std::set<record::PersonId>& named,
                                  const record::PersonId& severed, base::Instant at) {
  std::vector<QueueItem> apart;
  for (const record::PersonId& person : named) {
    QueueItem own;
    own.id = record::QueueItemId::New(at);
    own.kind = person == severed ? QueueKind::kProtectedIdentity : QueueKind::kMergeReview;
    own.person = person;
    own.candidates = {person};
    own.organisation = review.organisation;
    own.reason = review.reason;
    own.opened = review.opened;
    apart.push_back(std::move(own));
  }
  return apart;
}

base::Result<void> Restore(store::Transaction& transaction, const record::PersonId& id,
                           const std::string& by, base::Instant at) {
  auto person = transaction.patients().FindPerson(id);
  if (!person) return person.error();
  if (!*person) return Gone("person");
  if ((*person)->state != store::PersonState::kSevered) return Moved();
  if (auto free = CheckNumberIsFreeFor(transaction, **person); !free) return free;
  (*person)->state =
      (*person)->nhs_number ? store::PersonState::kActive : store::PersonState::kUnidentified;
  if (auto saved = transaction.patients().SavePerson(**person); !saved) return saved;
  if (auto again = WaitAgain(transaction, id, by, at); !again) return again;
  return transaction.patients().AdvanceVersion(id);
}

Change<IdentityChange> IdentityWork::Sever(const Officer& officer, record::PersonId person,
                                           std::chrono::seconds within) const {
  return ChangeOf(
      Deed{"sever", officer, {}},
      [person, within, at = parts_.clock.Now()](store::Transaction& transaction,
                                                Deed& doing) -> base::Result<IdentityChange> {
        auto severed = DoSever(transaction, person, doing, at);
        if (!severed) return severed.error();
        return AskToConfirm(transaction, person, doing, at, at + within);
      });
}

}  // namespace milecastle::govern

// Severing: a person who is never linked, suggested or queued together with another (safety.md 14),
// and whose tighter consent after a merge holds all the same (safety.md 15).
#include "inside/severing.h"

#include <map>
#include <set>

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
        {QueueKind::kAwaitingIdentity, QueueKind::kMergeReview}, kAll, std::nullopt);
    if (!open) return open.error();
    for (const QueueItem& item : *open) {
      auto taken = item.kind == QueueKind::kMergeReview ? Review(item) : Waiting(item);
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

  base::Result<void> Replace(const QueueItem& old, QueueItem item) {
    auto closed = transaction_.queues().Close(old.id, "replaced", by_, at_);
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
    return transaction_.journal().SetOutcome(*item.message, {item.patient, "quarantined", 0});
  }

  // Whoever it names gets an item of their own, in which the tighter consent holds for them.
  base::Result<void> Review(const QueueItem& item) {
    std::set<record::PersonId> named(item.candidates.begin(), item.candidates.end());
    if (item.person) named.insert(*item.person);
    const auto theirs = IsTheirs(item.identity);
    if (!theirs) return theirs.error();
    if (*theirs) named.insert(severed_);
    if (!named.contains(severed_)) return {};
    for (const record::PersonId& person : named) own_.try_emplace(person, Own(item, person));
    return transaction_.queues().Close(item.id, "replaced", by_, at_);
  }

  // Neither message nor identity: both would lead from the one to the other.
  QueueItem Own(const QueueItem& item, const record::PersonId& person) const {
    QueueItem own;
    own.id = record::QueueItemId::New(at_);
    own.kind = person == severed_ ? QueueKind::kProtectedIdentity : QueueKind::kMergeReview;
    own.person = person;
    own.candidates = {person};
    own.organisation = item.organisation;
    own.reason = item.reason;
    own.opened = item.opened;
    return own;
  }

  store::Transaction& transaction_;
  const record::PersonId severed_;
  const std::string by_;
  const base::Instant at_;
  std::map<record::PersonId, QueueItem> own_;
};

base::Result<void> DoSever(store::Transaction& transaction, const record::PersonId& id,
                           const Deed& deed, base::Instant at) {
  auto person = transaction.patients().FindPerson(id);
  if (!person) return person.error();
  if (!*person) return Gone("person");
  if ((*person)->state == store::PersonState::kSevered) {
    return base::Error{base::ErrorId::kConflict, "person", "it is severed already"};
  }
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

}  // namespace

base::Result<void> Restore(store::Transaction& transaction, const record::PersonId& id) {
  auto person = transaction.patients().FindPerson(id);
  if (!person) return person.error();
  if (!*person) return Gone("person");
  if ((*person)->state != store::PersonState::kSevered) return Moved();
  (*person)->state =
      (*person)->nhs_number ? store::PersonState::kActive : store::PersonState::kUnidentified;
  if (auto saved = transaction.patients().SavePerson(**person); !saved) return saved;
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

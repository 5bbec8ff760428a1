// Severing: a person who is never linked, suggested or queued together with another (safety.md 14).
#include "inside/deed.h"

namespace milecastle::govern {
namespace {

using store::QueueItem;
using store::QueueKind;

// An open item that offers the person to somebody: offered again without it.
base::Result<void> StopSuggesting(store::Transaction& transaction, const record::PersonId& person,
                                  const Deed& deed, base::Instant at) {
  constexpr std::size_t kAll = 1U << 20;
  const auto open = transaction.queues().Open({QueueKind::kAwaitingIdentity}, kAll, std::nullopt);
  if (!open) return open.error();
  for (QueueItem item : *open) {
    if (std::erase(item.candidates, person) == 0) continue;
    auto closed = transaction.queues().Close(item.id, "replaced", deed.officer.by, at);
    if (!closed) return closed;
    item.id = record::QueueItemId::New(at);
    if (auto added = transaction.queues().Add(item); !added) return added;
  }
  return {};
}

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
  if (auto stopped = StopSuggesting(transaction, id, deed, at); !stopped) return stopped;
  return transaction.patients().AdvanceVersion(id);
}

}  // namespace

Change<IdentityChange> IdentityWork::Sever(const Officer& officer, record::PersonId person) const {
  return ChangeOf(Deed{"sever", officer, {}},
                  [person, at = parts_.clock.Now()](store::Transaction& transaction,
                                                    Deed& doing) -> base::Result<IdentityChange> {
                    auto severed = DoSever(transaction, person, doing, at);
                    if (!severed) return severed.error();
                    return IdentityChange{person};
                  });
}

}  // namespace milecastle::govern

#include "inside/commit.h"

#include <algorithm>
#include <utility>

#include "inside/effect.h"
#include "inside/event.h"

namespace milecastle::receive {
namespace {

using port::Disposition;

// Only what was taken makes a later one a duplicate: what was rejected may be mended and sent
// again.
bool WasTaken(const store::JournalRow& row) {
  return row.disposition != NameOf(Disposition::kRejected);
}

class Committer {
 public:
  Committer(store::Transaction& transaction, const Message& message)
      : transaction_(transaction), message_(message) {
    outcome_.message = message.id;
  }

  base::Result<port::Outcome> Commit() {
    const auto before = TakenBefore();
    if (!before) return before.error();
    if (message_.refused) {
      // A rejected message must not hide that its control id was taken.
      hide_control_id_ = before->has_value();
      return Refuse(Disposition::kRejected, *message_.refused);
    }
    if (*before && (*before)->digest == message_.digest) return Finish(Disposition::kDuplicate);
    if (*before) return Conflict();
    return Identify();
  }

 private:
  base::Result<std::optional<store::JournalRow>> TakenBefore() {
    const std::string& control_id = message_.envelope.control_id;
    if (control_id.empty()) return std::optional<store::JournalRow>();
    auto row = transaction_.journal().FindByControlId(
        message_.feed->name, control_id, message_.received - message_.feed->duplicate_window);
    if (row && *row && !WasTaken(**row)) return std::optional<store::JournalRow>();
    return row;
  }

  base::Result<port::Outcome> Conflict() {
    if (auto queued = Queue(store::QueueKind::kConflictingDuplicate, "same_control_id", nullptr);
        !queued) {
      return queued.error();
    }
    return Refuse(Disposition::kQuarantined,
                  {base::ErrorId::kConflict, "control id",
                   "an earlier message had it with other content: give each message its own"});
  }

  base::Result<port::Outcome> Identify() {
    const identify::Sighting sighting{
        message_.contribution.patient, message_.contribution.merge,   *message_.source,
        message_.feed->name,           message_.feed->share_untraced, message_.received};
    auto verdict = identify::Identify(transaction_, sighting);
    if (!verdict) return verdict.error();
    outcome_.entries = message_.entries.size();
    outcome_.not_carried = message_.contribution.not_carried;
    if (const auto* settled = std::get_if<identify::Settled>(&*verdict)) return Settle(*settled);
    if (const auto* waits = std::get_if<identify::Waits>(&*verdict)) return Wait(*waits);
    return Protect();
  }

  base::Result<port::Outcome> Settle(const identify::Settled& settled) {
    whose_.identity = settled.identity;
    whose_.person = settled.person;
    if (auto applied = Apply({transaction_, message_, settled}); !applied) return applied.error();
    const auto person = transaction_.patients().FindPerson(settled.person);
    if (!person) return person.error();
    if (*person) whose_.nhs_number = (*person)->nhs_number;
    return Finish(Disposition::kAccepted);
  }

  base::Result<port::Outcome> Wait(const identify::Waits& waits) {
    whose_.identity = waits.identity;
    if (auto queued = Queue(store::QueueKind::kAwaitingIdentity, KeyOf(waits.reason), &waits);
        !queued) {
      return queued.error();
    }
    return Finish(Disposition::kAwaitingIdentity);
  }

  // The item names nobody: whoever works it reads the message itself (safety.md 14).
  base::Result<port::Outcome> Protect() {
    if (auto queued = Queue(store::QueueKind::kProtectedIdentity, "protected_identity", nullptr);
        !queued) {
      return queued.error();
    }
    return Refuse(Disposition::kQuarantined, {base::ErrorId::kConflict, "patient identifiers",
                                              "kept apart: the identity team was told"});
  }

  base::Result<void> Queue(store::QueueKind kind, std::string_view reason,
                           const identify::Waits* waits) {
    store::QueueItem item;
    item.id = record::QueueItemId::New(message_.received);
    item.kind = kind;
    item.message = message_.id;
    if (waits != nullptr) {
      item.identity = waits->identity;
      item.candidates = waits->candidates;
    }
    item.organisation = message_.source->text();
    item.reason = std::string(reason);
    item.opened = message_.received;
    return transaction_.queues().Add(item);
  }

  base::Result<port::Outcome> Refuse(Disposition disposition, base::Error why) {
    outcome_.entries = 0;
    outcome_.not_carried.clear();
    outcome_.error = std::move(why);
    return Finish(disposition);
  }

  base::Result<port::Outcome> Finish(Disposition disposition) {
    outcome_.disposition = disposition;
    if (auto kept = transaction_.journal().Append(Row()); !kept) return kept.error();
    if (auto added = transaction_.outbox().Add(EventOf(message_, outcome_, whose_)); !added) {
      return added.error();
    }
    return std::move(outcome_);
  }

  store::JournalRow Row() const {
    store::JournalRow row;
    row.id = message_.id;
    row.feed = message_.feed->name;
    if (!hide_control_id_) row.control_id = message_.envelope.control_id;
    row.event = message_.envelope.event;
    row.sender = message_.envelope.sender;
    row.disposition = std::string(NameOf(outcome_.disposition));
    if (outcome_.error) {
      row.error_name = std::string(base::LineOf(outcome_.error->id).name);
      row.error_place = outcome_.error->place;
      row.error_advice = outcome_.error->advice;
    }
    row.received = message_.received;
    row.digest = message_.digest;
    row.entries = static_cast<std::uint32_t>(outcome_.entries);
    row.not_carried = outcome_.not_carried;
    row.bytes = message_.bytes;
    return row;
  }

  store::Transaction& transaction_;
  const Message& message_;
  port::Outcome outcome_;
  Whose whose_;
  bool hide_control_id_ = false;
};

// A snapshot that is older than what its identity has is history: the newer one said it all.
base::Result<bool> IsOvertaken(store::Transaction& transaction, const Message& message,
                               const record::IdentityId& id) {
  if (message.contribution.snapshot_of.empty()) return false;
  const auto identity = transaction.patients().FindIdentity(id);
  if (!identity) return identity.error();
  return *identity && (*identity)->updated > message.received;
}

}  // namespace

base::Result<port::Outcome> Commit(store::Transaction& transaction, const Message& message) {
  return Committer(transaction, message).Commit();
}

base::Result<void> CommitAs(store::Transaction& transaction, const Message& message,
                            const std::optional<record::IdentityId>& identity,
                            const record::PersonId& person) {
  const auto row = transaction.journal().Find(message.id);
  if (!row) return row.error();
  if (!*row || (*row)->disposition != NameOf(Disposition::kAwaitingIdentity)) return {};
  const identify::Sighting sighting{
      message.contribution.patient, message.contribution.merge,   *message.source,
      message.feed->name,           message.feed->share_untraced, message.received};
  const auto verdict = identify::IdentifyAs(transaction, sighting, identity, person);
  if (!verdict) return verdict.error();
  const auto* settled = std::get_if<identify::Settled>(&*verdict);
  if (settled == nullptr) {
    return base::Error{base::ErrorId::kNotPermitted, "message",
                       "it names a protected identity and is not linked"};
  }
  const auto overtaken = IsOvertaken(transaction, message, settled->identity);
  if (!overtaken) return overtaken.error();
  if (!*overtaken) {
    if (auto applied = Apply({transaction, message, *settled}); !applied) return applied;
  }
  return transaction.journal().SetOutcome(
      message.id, std::string(NameOf(Disposition::kAccepted)),
      *overtaken ? 0 : static_cast<std::uint32_t>(message.entries.size()));
}

}  // namespace milecastle::receive

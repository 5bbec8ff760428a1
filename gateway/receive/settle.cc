#include "inside/settle.h"

#include <utility>

#include "inside/effect.h"
#include "port/told.h"

namespace milecastle::receive {
namespace {

using port::Disposition;

identify::Sighting SightingOf(const Message& message, const Patient& patient) {
  const auto& protection = patient.contribution.location_protection;
  return {.claim = patient.contribution.patient,
          .merge = patient.contribution.merge,
          .source = *message.source,
          .by = message.feed->name,
          .share_untraced = message.feed->share_untraced,
          .at = message.received,
          .traces_numbers = message.feed->traces_numbers,
          .late = message.late,
          .tracer = message.tracer.get(),
          .location_protected = protection && *protection != record::LocationProtection::kNone};
}

// Whether its source has spoken of the identity since the message came.
base::Result<bool> IsOvertaken(store::Transaction& transaction, const Message& message,
                               const record::IdentityId& id) {
  const auto identity = transaction.patients().FindIdentity(id);
  if (!identity) return identity.error();
  return *identity && (*identity)->updated > message.received;
}

// How many entries were given. Of what is read late, what was not said since; a list that was
// overtaken, by whichever of its source's systems, ends nothing besides.
base::Result<Given> ApplyInOrder(store::Transaction& transaction, const Message& message,
                                 const Patient& patient, const identify::Settled& settled) {
  const auto overtaken = IsOvertaken(transaction, message, settled.identity);
  if (!overtaken) return overtaken.error();
  const bool is_list = !patient.contribution.snapshot_of.empty();
  return Apply({transaction, message, patient, settled, *overtaken && (message.late || is_list)});
}

// Of an organisation, a service, a definition: it claims nobody, and nothing of it is carried but
// the lines that say so.
bool IsNobodys(const Patient& patient) {
  if (!patient.entries.empty() || patient.contribution.not_carried.empty()) return false;
  record::Contribution rest = patient.contribution;
  rest.not_carried.clear();
  rest.version = {};
  return rest == record::Contribution{};
}

class Settler {
 public:
  Settler(store::Transaction& transaction, const Message& message, const Patient& patient)
      : transaction_(transaction), message_(message), patient_(patient) {
    happened_.patient = patient.number;
    happened_.outcome.read = patient.entries.size();
  }

  base::Result<Happened> Settle() {
    if (patient_.refused) return Unread();
    if (IsNobodys(patient_)) return Taken(Disposition::kAccepted, 0);
    auto verdict = identify::Identify(transaction_, SightingOf(message_, patient_));
    if (!verdict) return verdict.error();
    if (const auto* settled = std::get_if<identify::Settled>(&*verdict)) return Accept(*settled);
    if (const auto* waits = std::get_if<identify::Waits>(&*verdict)) return Wait(*waits);
    return Protect();
  }

 private:
  base::Result<Happened> Accept(const identify::Settled& settled) {
    happened_.whose.identity = settled.identity;
    happened_.whose.person = settled.person;
    for (const auto& merged : settled.merged) {
      if (merged.reason == identify::kTracedCertain) happened_.linked = merged.reason;
    }
    const auto given = message_.late ? ApplyInOrder(transaction_, message_, patient_, settled)
                                     : Apply({transaction_, message_, patient_, settled});
    if (!given) return given.error();
    const auto person = transaction_.patients().FindPerson(settled.person);
    if (!person) return person.error();
    if (*person) happened_.whose.nhs_number = (*person)->nhs_number;
    happened_.older = given->older.size();
    return Taken(Disposition::kAccepted, given->entries);
  }

  base::Result<Happened> Wait(const identify::Waits& waits) {
    happened_.whose.identity = waits.identity;
    auto asked =
        AskFor({store::QueueKind::kAwaitingIdentity, KeyOf(waits.reason), patient_.number, &waits});
    if (!asked) return asked.error();
    return Taken(Disposition::kAwaitingIdentity, patient_.entries.size());
  }

  // The item names nobody: whoever works it reads the message itself (safety.md 14).
  base::Result<Happened> Protect() {
    auto asked =
        AskFor({store::QueueKind::kProtectedIdentity, "protected_identity", patient_.number});
    if (!asked) return asked.error();
    return Quarantine(
        {base::ErrorId::kConflict, port::kKeptApart, "kept apart: the identity team was told"});
  }

  // The sender is told AA, for the others were taken: it will not come again by itself.
  base::Result<Happened> Unread() {
    const base::Error& why = *patient_.refused;
    auto asked =
        AskFor({store::QueueKind::kUnreadPatient, base::LineOf(why.id).name, patient_.number});
    if (!asked) return asked.error();
    return Quarantine(why);
  }

  base::Result<void> AskFor(const Asking& asking) { return Ask(transaction_, message_, asking); }

  base::Result<Happened> Taken(Disposition disposition, std::size_t entries) {
    happened_.outcome.disposition = disposition;
    happened_.outcome.entries = entries;
    happened_.not_carried = patient_.contribution.not_carried.size();
    return std::move(happened_);
  }

  base::Result<Happened> Quarantine(base::Error why) {
    happened_.outcome.disposition = Disposition::kQuarantined;
    happened_.outcome.error = std::move(why);
    return std::move(happened_);
  }

  store::Transaction& transaction_;
  const Message& message_;
  const Patient& patient_;
  Happened happened_;
};

}  // namespace

base::Result<Happened> Settle(store::Transaction& transaction, const Message& message,
                              const Patient& patient) {
  return Settler(transaction, message, patient).Settle();
}

base::Result<void> SettleAs(store::Transaction& transaction, const Message& message,
                            const Patient& patient,
                            const std::optional<record::IdentityId>& identity,
                            const record::PersonId& person) {
  const auto row = transaction.journal().Find(message.id);
  if (!row) return row.error();
  if (!*row || DispositionOf(**row, patient.number) != NameOf(Disposition::kAwaitingIdentity)) {
    return {};
  }
  const auto verdict =
      identify::IdentifyAs(transaction, SightingOf(message, patient), identity, person);
  if (!verdict) return verdict.error();
  const auto* settled = std::get_if<identify::Settled>(&*verdict);
  if (settled == nullptr) {
    return base::Error{base::ErrorId::kNotPermitted, "message",
                       "it names a protected identity and is not linked"};
  }
  const auto given = ApplyInOrder(transaction, message, patient, *settled);
  if (!given) return given.error();
  return transaction.journal().SetOutcome(
      message.id, {patient.number, std::string(NameOf(Disposition::kAccepted)),
                   static_cast<std::uint32_t>(given->entries)});
}

base::Result<void> Ask(store::Transaction& transaction, const Message& message,
                       const Asking& asking) {
  store::QueueItem item;
  item.id = record::QueueItemId::New(message.received);
  item.kind = asking.kind;
  item.message = message.id;
  item.patient = asking.patient;
  if (asking.waits != nullptr) {
    item.identity = asking.waits->identity;
    item.candidates = asking.waits->candidates;
  }
  item.organisation = message.source->text();
  item.reason = std::string(asking.reason);
  item.opened = message.received;
  return transaction.queues().Add(item);
}

}  // namespace milecastle::receive

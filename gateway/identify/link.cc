#include "identify/link.h"

#include <algorithm>
#include <utility>

#include "identify/holder.h"

namespace milecastle::identify {
namespace {

base::Error NoSuch(std::string_view what) {
  return {base::ErrorId::kNotFound, std::string(what), "it may have been moved; look again"};
}

constexpr std::string_view kUnlinkReason = "officer_unlink";

base::Result<store::Person> FoundPerson(store::Transaction& transaction,
                                        const record::PersonId& id) {
  auto person = transaction.patients().FindPerson(id);
  if (!person) return person.error();
  if (!*person) return NoSuch("person");
  return std::move(**person);
}

base::Result<store::Person> FreePerson(store::Transaction& transaction,
                                       const record::PersonId& id) {
  auto person = FoundPerson(transaction, id);
  if (person && person->state == store::PersonState::kSevered) {
    return base::Error{base::ErrorId::kNotPermitted, "person",
                       "it is protected and is never linked"};
  }
  return person;
}

base::Result<void> PutUnderReview(store::Transaction& transaction, store::Person person) {
  if (person.under_merge_review) return {};
  person.under_merge_review = true;
  return transaction.patients().SavePerson(person);
}

// How the identity last came to its person from another.
base::Result<std::optional<store::LinkEvent>> Arrival(store::Transaction& transaction,
                                                      const store::Identity& identity) {
  const auto links = transaction.patients().LinksOf(identity.person);
  if (!links) return links.error();
  for (auto event = links->rbegin(); event != links->rend(); ++event) {
    if (event->identity == identity.id && event->to == identity.person) {
      return event->from == event->to ? std::nullopt : std::optional(*event);
    }
  }
  return std::optional<store::LinkEvent>();
}

// Where the identity came from. To a severed person goes back what was theirs, and nothing that an
// unlink had taken out of them.
base::Result<std::optional<record::PersonId>> Origin(store::Transaction& transaction,
                                                     const store::Identity& identity) {
  const auto arrival = Arrival(transaction, identity);
  if (!arrival) return arrival.error();
  if (!*arrival) return std::optional<record::PersonId>();
  const auto person = transaction.patients().FindPerson((*arrival)->from);
  if (!person) return person.error();
  if (!*person) return std::optional<record::PersonId>();
  const bool severed = (*person)->state == store::PersonState::kSevered;
  if (severed && (*arrival)->reason == kUnlinkReason) return std::optional<record::PersonId>();
  return std::optional((*person)->id);
}

base::Result<record::PersonId> PersonToReturnTo(store::Transaction& transaction,
                                                const store::Identity& identity, base::Instant at) {
  const auto origin = Origin(transaction, identity);
  if (!origin) return origin.error();
  if (*origin) return **origin;
  const auto all = transaction.patients().IdentitiesOf(identity.person);
  if (!all) return all.error();
  if (all->size() < 2) {
    return base::Error{base::ErrorId::kConflict, "identity",
                       "it is its person's only identity: there is nothing to unlink"};
  }
  std::optional<record::NhsNumber> number = identity.nhs_number;
  if (number) {
    const auto free = IsFree(transaction.patients(), *number);
    if (!free) return free.error();
    if (!*free) number.reset();
  }
  return NewPerson(transaction, number, at);
}

}  // namespace

base::Result<record::PersonId> NewPerson(store::Transaction& transaction,
                                         const std::optional<record::NhsNumber>& number,
                                         base::Instant at) {
  store::Person person;
  person.id = record::PersonId::New(at);
  person.nhs_number = number;
  person.state = number ? store::PersonState::kActive : store::PersonState::kUnidentified;
  if (auto saved = transaction.patients().SavePerson(person); !saved) return saved.error();
  return person.id;
}

base::Result<record::PersonId> MoveIdentity(store::Transaction& transaction, const Move& move) {
  const auto identity = transaction.patients().FindIdentity(move.identity);
  if (!identity) return identity.error();
  if (!*identity) return NoSuch("identity");
  const record::PersonId left = (*identity)->person;
  if (left == move.to) return left;
  const auto from = FreePerson(transaction, left);
  if (!from) return from.error();
  const auto to = move.back ? FoundPerson(transaction, move.to) : FreePerson(transaction, move.to);
  if (!to) return to.error();
  for (const store::Person& person : {*from, *to}) {
    if (!move.review) break;
    if (auto put = PutUnderReview(transaction, person); !put) return put.error();
  }
  const store::LinkEvent event{move.identity, left,    move.to, move.reason,
                               move.by,       move.at, move.why};
  if (auto linked = transaction.patients().Link(event); !linked) return linked.error();
  return left;
}

base::Result<record::PersonId> UnlinkIdentity(store::Transaction& transaction,
                                              const Unlinking& unlinking) {
  const auto identity = transaction.patients().FindIdentity(unlinking.identity);
  if (!identity) return identity.error();
  if (!*identity) return NoSuch("identity");
  if (auto person = FreePerson(transaction, (*identity)->person); !person) return person.error();
  const auto to = PersonToReturnTo(transaction, **identity, unlinking.at);
  if (!to) return to.error();
  const Move move{.identity = unlinking.identity,
                  .to = *to,
                  .reason = std::string(kUnlinkReason),
                  .by = unlinking.by,
                  .at = unlinking.at,
                  .back = true};
  if (auto moved = MoveIdentity(transaction, move); !moved) return moved.error();
  // Whom an officer took apart no trace brings together again.
  const auto beside = transaction.patients().IdentitiesOf((*identity)->person);
  if (!beside) return beside.error();
  auto unmerged = transaction.patients().FindIdentity(unlinking.identity);
  if (!unmerged) return unmerged.error();
  for (const store::Identity& left : *beside) {
    auto kept =
        transaction.patients().KeepApart({unlinking.identity, left.id, unlinking.by, unlinking.at});
    if (!kept) return kept.error();
  }
  (*unmerged)->merged_into.reset();  // the source's word of it no longer counts
  if (auto saved = transaction.patients().SaveIdentity(**unmerged); !saved) return saved.error();
  return *to;
}

}  // namespace milecastle::identify

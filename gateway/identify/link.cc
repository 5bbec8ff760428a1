#include "identify/link.h"

#include <algorithm>
#include <utility>

namespace milecastle::identify {
namespace {

base::Error NoSuch(std::string_view what) {
  return {base::ErrorId::kNotFound, std::string(what), "it may have been moved; look again"};
}

base::Result<store::Person> FreePerson(store::Transaction& transaction,
                                       const record::PersonId& id) {
  auto person = transaction.patients().FindPerson(id);
  if (!person) return person.error();
  if (!*person) return NoSuch("person");
  if ((*person)->state == store::PersonState::kSevered) {
    return base::Error{base::ErrorId::kNotPermitted, "person",
                       "it is protected and is never linked"};
  }
  return std::move(**person);
}

base::Result<void> PutUnderReview(store::Transaction& transaction, store::Person person) {
  if (person.under_merge_review) return {};
  person.under_merge_review = true;
  return transaction.patients().SavePerson(person);
}

// Where the identity came from when it last came to its person.
base::Result<std::optional<record::PersonId>> CameFrom(store::Transaction& transaction,
                                                       const store::Identity& identity) {
  const auto links = transaction.patients().LinksOf(identity.person);
  if (!links) return links.error();
  for (auto event = links->rbegin(); event != links->rend(); ++event) {
    if (event->identity == identity.id && event->to == identity.person) {
      return event->from == event->to ? std::nullopt : std::optional(event->from);
    }
  }
  return std::optional<record::PersonId>();
}

base::Result<record::PersonId> PersonToReturnTo(store::Transaction& transaction,
                                                const store::Identity& identity, base::Instant at) {
  const auto from = CameFrom(transaction, identity);
  if (!from) return from.error();
  if (*from) {
    const auto person = transaction.patients().FindPerson(**from);
    if (!person) return person.error();
    if (*person && (*person)->state != store::PersonState::kSevered) return **from;
  }
  const auto all = transaction.patients().IdentitiesOf(identity.person);
  if (!all) return all.error();
  if (all->size() < 2) {
    return base::Error{base::ErrorId::kConflict, "identity",
                       "it is its person's only identity: there is nothing to unlink"};
  }
  std::optional<record::NhsNumber> number = identity.nhs_number;
  if (number) {
    const auto holder = transaction.patients().FindPersonByNhsNumber(*number);
    if (!holder) return holder.error();
    if (*holder) number.reset();
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
  const auto to = FreePerson(transaction, move.to);
  if (!to) return to.error();
  for (const store::Person& person : {*from, *to}) {
    if (!move.review) break;
    if (auto put = PutUnderReview(transaction, person); !put) return put.error();
  }
  const store::LinkEvent event{move.identity, left, move.to, move.reason, move.by, move.at};
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
  const Move move{unlinking.identity, *to, "officer_unlink", unlinking.by, unlinking.at};
  if (auto moved = MoveIdentity(transaction, move); !moved) return moved.error();
  auto unmerged = transaction.patients().FindIdentity(unlinking.identity);
  if (!unmerged) return unmerged.error();
  (*unmerged)->merged_into.reset();  // the source's word of it no longer counts
  if (auto saved = transaction.patients().SaveIdentity(**unmerged); !saved) return saved.error();
  return *to;
}

}  // namespace milecastle::identify

#include "govern/identity.h"

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include "identify/holder.h"
#include "identify/link.h"
#include "inside/deed.h"
#include "inside/severing.h"

namespace milecastle::govern {
namespace {

using store::QueueItem;
using store::QueueKind;

// Messages that wait for one identity, oldest first.
base::Result<std::vector<QueueItem>> WaitingFor(store::ReadQueues& queues,
                                                const record::IdentityId& identity) {
  auto items = queues.OpenFor(identity);
  if (!items) return items.error();
  std::erase_if(*items, [](const QueueItem& item) {
    return item.kind != QueueKind::kAwaitingIdentity || !item.message;
  });
  std::stable_sort(items->begin(), items->end(), [](const QueueItem& left, const QueueItem& right) {
    return left.opened < right.opened;
  });
  return std::move(*items);
}

struct Prepared {
  record::QueueItemId item;
  Replay replay;
};

// A link with everything that waits for it.
struct Linking {
  std::optional<record::IdentityId> identity;
  std::optional<record::PersonId> person;
  std::vector<Prepared> waiting;
  base::Instant at;
  std::optional<record::QueueItemId> match;  // the match review that it settles
  const identify::Tracer* tracer = nullptr;
};

base::Result<std::vector<Prepared>> Prepare(const IdentityParts& parts, store::Snapshot& snapshot,
                                            const std::vector<QueueItem>& items) {
  std::vector<Prepared> prepared;
  for (const QueueItem& item : items) {
    const auto row = snapshot.journal().Find(*item.message);
    if (!row) return row.error();
    if (!*row) return Gone("message");
    auto replay = parts.prepare(**row, item.patient);
    if (!replay) return replay.error();
    prepared.push_back({item.id, std::move(*replay)});
  }
  return prepared;
}

base::Result<void> CheckStillWaiting(store::Transaction& transaction, const Linking& linking) {
  std::set<record::QueueItemId> expected;
  for (const Prepared& one : linking.waiting) expected.insert(one.item);
  if (!linking.identity) {
    const auto item = transaction.queues().Find(linking.waiting.front().item);
    if (!item) return item.error();
    return *item && !(*item)->closed ? base::Result<void>() : Moved();
  }
  const auto now = WaitingFor(transaction.queues(), *linking.identity);
  if (!now) return now.error();
  std::set<record::QueueItemId> found;
  for (const QueueItem& item : *now) found.insert(item.id);
  return found == expected ? base::Result<void>() : Moved();
}

// The person that the officer named; or the identity's own, where it is nobody else's; or a new
// one.
base::Result<record::PersonId> TargetOf(store::Transaction& transaction, const Linking& linking) {
  if (linking.person) return *linking.person;
  if (linking.identity) {
    const auto identity = transaction.patients().FindIdentity(*linking.identity);
    if (!identity) return identity.error();
    if (!*identity) return Gone("identity");
    const auto person = transaction.patients().FindPerson((*identity)->person);
    if (!person) return person.error();
    if (*person && (*person)->state == store::PersonState::kUnidentified) return (*person)->id;
  }
  return identify::NewPerson(transaction, std::nullopt, linking.at);
}

base::Result<void> CheckNotSevered(store::Transaction& transaction, const record::PersonId& id) {
  const auto person = transaction.patients().FindPerson(id);
  if (!person) return person.error();
  if (!*person) return Gone("person");
  if ((*person)->state != store::PersonState::kSevered) return {};
  return base::Error{base::ErrorId::kNotPermitted, "person", "it is protected and is never linked"};
}

base::Result<bool> IsItsOwnPerson(store::Transaction& transaction,
                                  const store::Identity& identity) {
  const auto person = transaction.patients().FindPerson(identity.person);
  if (!person) return person.error();
  const auto all = transaction.patients().IdentitiesOf(identity.person);
  if (!all) return all.error();
  return *person && (*person)->state == store::PersonState::kUnidentified && all->size() == 1;
}

struct Mixed {
  record::IdentityId identity;
  record::PersonId person;  // severed where the identity went back to one who is
  record::PersonId other;
};
base::Result<void> AskForReview(store::Transaction& transaction, const Deed& deed,
                                const Mixed& mixed, base::Instant at) {
  QueueItem item;
  item.id = record::QueueItemId::New(at);
  item.kind = QueueKind::kMergeReview;
  item.identity = mixed.identity;
  item.person = mixed.person;
  item.candidates = {mixed.other};
  item.organisation = deed.officer.organisation;
  item.reason = std::string(deed.act);
  item.opened = at;
  const auto severed = identify::IsSevered(transaction.patients(), mixed.person);
  if (!severed) return severed.error();
  if (!*severed) return transaction.queues().Add(item);
  for (const QueueItem& own : TakenApart(item, {mixed.person, mixed.other}, mixed.person, at)) {
    if (auto added = transaction.queues().Add(own); !added) return added;
  }
  return {};
}

// What speaks for the link and against it, field by field, as the trace weighs it.
base::Result<std::optional<store::MatchNote>> WhyOf(store::Transaction& transaction,
                                                    const Linking& linking,
                                                    const store::Identity& identity,
                                                    const record::PersonId& target) {
  if (linking.tracer == nullptr) return std::optional<store::MatchNote>();
  identify::Without without;
  for (const record::PersonId& person : {identity.person, target}) {
    const auto hidden = identify::IsLocationProtected(transaction.facts(), person);
    if (!hidden) return hidden.error();
    if (*hidden) without = identify::WhereTheyAre();
  }
  const auto theirs = transaction.patients().IdentitiesOf(target);
  if (!theirs) return theirs.error();
  auto comparison =
      linking.tracer->CompareAny(linking.tracer->Describe(identity), *theirs, without);
  if (!comparison) return std::optional<store::MatchNote>();
  return std::optional(std::move(comparison->note));
}

void Tell(const std::optional<store::MatchNote>& why, boost::json::object& what) {
  if (!why) return;
  what["trace"] = why->configuration;
  what["score"] = why->score;
  what["verdict"] = why->verdict;
}

// The unidentified person whom the match review is about, with all that their sources had merged
// into them: to the candidate, where neither has gone elsewhere meanwhile.
base::Result<void> MoveWhole(store::Transaction& transaction, Deed& deed, const Linking& linking,
                             const record::PersonId& target) {
  const auto identity = transaction.patients().FindIdentity(*linking.identity);
  if (!identity) return identity.error();
  if (!*identity) return Gone("identity");
  const record::PersonId from = (*identity)->person;
  const auto person = transaction.patients().FindPerson(from);
  if (!person) return person.error();
  const auto theirs = transaction.patients().IdentitiesOf(target);
  if (!theirs) return theirs.error();
  const bool unidentified = *person && (*person)->state == store::PersonState::kUnidentified;
  if (!unidentified || from == target || theirs->empty()) return Moved();
  const auto why = WhyOf(transaction, linking, **identity, target);
  if (!why) return why.error();
  const auto all = transaction.patients().IdentitiesOf(from);
  if (!all) return all.error();
  for (const store::Identity& one : *all) {
    const auto left = identify::MoveIdentity(transaction, {.identity = one.id,
                                                           .to = target,
                                                           .reason = "officer_link",
                                                           .by = deed.officer.by,
                                                           .at = linking.at,
                                                           .why = *why});
    if (!left) return left.error();
  }
  deed.what["from"] = from.ToString();
  Tell(*why, deed.what);
  return AskForReview(transaction, deed, {*linking.identity, target, from}, linking.at);
}

base::Result<void> MoveTo(store::Transaction& transaction, Deed& deed, const Linking& linking,
                          const record::PersonId& target) {
  const auto identity = transaction.patients().FindIdentity(*linking.identity);
  if (!identity) return identity.error();
  if (!*identity) return Gone("identity");
  const auto own = IsItsOwnPerson(transaction, **identity);
  if (!own) return own.error();
  const auto why = WhyOf(transaction, linking, **identity, target);
  if (!why) return why.error();
  const auto left = identify::MoveIdentity(transaction, {.identity = *linking.identity,
                                                         .to = target,
                                                         .reason = "officer_link",
                                                         .by = deed.officer.by,
                                                         .at = linking.at,
                                                         .review = !*own,
                                                         .why = *why});
  if (!left) return left.error();
  if (*left != target) Tell(*why, deed.what);
  deed.what["from"] = left->ToString();
  if (*own || *left == target) return {};
  return AskForReview(transaction, deed, {*linking.identity, target, *left}, linking.at);
}

base::Result<IdentityChange> DoLink(store::Transaction& transaction, Deed& deed,
                                    const Linking& linking) {
  if (auto same = CheckStillWaiting(transaction, linking); !same) return same.error();
  const auto target = TargetOf(transaction, linking);
  if (!target) return target.error();
  if (auto free = CheckNotSevered(transaction, *target); !free) return free.error();
  if (linking.identity) {
    auto moved = linking.match ? MoveWhole(transaction, deed, linking, *target)
                               : MoveTo(transaction, deed, linking, *target);
    if (!moved) return moved.error();
  }
  if (linking.match) {
    auto closed = transaction.queues().Close(*linking.match, "linked", deed.officer.by, linking.at);
    if (!closed) return closed.error();
  }
  for (const Prepared& waiting : linking.waiting) {
    if (auto applied = waiting.replay(transaction, linking.identity, *target); !applied) {
      return applied.error();
    }
    auto closed = transaction.queues().Close(waiting.item, "linked", deed.officer.by, linking.at);
    if (!closed) return closed.error();
  }
  deed.what["to"] = target->ToString();
  return IdentityChange{*target, linking.waiting.size()};
}

base::Error NeedsCandidate() {
  return {base::ErrorId::kArgumentInvalid, "person_id",
          "name a candidate, or close the item with a code: it has a person of its own already"};
}

}  // namespace

bool IsMergeReview(const QueueItem& item) {
  return item.kind == QueueKind::kMergeReview ||
         (item.kind == QueueKind::kProtectedIdentity && item.person);
}

base::Result<std::vector<QueueItem>> IdentityWork::Queue(const QueueQuery& query) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  std::vector<QueueItem> found;
  std::optional<record::QueueItemId> after = query.after;
  bool more = true;
  while (more && found.size() < query.limit) {
    auto page = (*snapshot)->queues().Open(query.kinds, query.limit, after);
    if (!page) return page.error();
    more = page->size() == query.limit;
    if (more) after = page->back().id;
    std::erase_if(*page, [&](const QueueItem& item) {
      const auto& everywhere = query.everywhere;
      const bool elsewhere =
          !query.organisation.empty() && item.organisation != query.organisation &&
          std::find(everywhere.begin(), everywhere.end(), item.kind) == everywhere.end();
      return elsewhere || (query.wants && !query.wants(item));
    });
    std::move(page->begin(), page->end(), std::back_inserter(found));
  }
  if (found.size() > query.limit)
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(query.limit), found.end());
  return found;
}

base::Result<std::vector<std::string>> IdentityWork::CautionsOf(store::Snapshot& snapshot,
                                                                const QueueItem& item) {
  std::vector<std::string> cautions;
  if (!IsMergeReview(item) || item.closed) return cautions;
  std::vector<record::PersonId> persons = item.candidates;
  if (item.person) persons.push_back(*item.person);
  std::set<bool> protects;
  for (const record::PersonId& person : persons) {
    const auto facts = snapshot.facts().FactsOf(person);
    if (!facts) return facts.error();
    for (const record::LocationFlag& flag : facts->location_flags) {
      protects.insert(flag.level != record::LocationProtection::kNone);
    }
  }
  if (protects.contains(true)) {
    cautions.emplace_back(protects.size() > 1 ? "location_protection_differs"
                                              : "location_protected");
  }
  return cautions;
}

base::Result<PersonShown> IdentityWork::Show(record::PersonId id) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  auto& patients = (*snapshot)->patients();
  auto person = patients.FindPerson(id);
  if (!person) return person.error();
  if (!*person) return Gone("person");
  auto identities = patients.IdentitiesOf(id);
  if (!identities) return identities.error();
  auto history = patients.LinksOf(id);
  if (!history) return history.error();
  return PersonShown{std::move(**person), std::move(*identities), std::move(*history)};
}

base::Result<std::vector<store::LinkEvent>> IdentityWork::WithoutSevered(
    record::PersonId id, std::vector<store::LinkEvent> history) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  std::set<record::PersonId> severed;
  for (const store::LinkEvent& event : history) {
    const record::PersonId& other = event.from == id ? event.to : event.from;
    if (other == id) continue;
    const auto is_severed = identify::IsSevered((*snapshot)->patients(), other);
    if (!is_severed) return is_severed.error();
    if (*is_severed) severed.insert(other);
  }
  std::erase_if(history, [&](const store::LinkEvent& event) {
    return severed.contains(event.from) || severed.contains(event.to);
  });
  return history;
}

base::Result<std::optional<record::PersonId>> IdentityWork::Find(
    const record::NhsNumber& number) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  const auto person = (*snapshot)->patients().FindPersonByNhsNumber(number);
  if (!person) return person.error();
  return *person ? std::optional((*person)->id) : std::nullopt;
}

base::Result<Change<IdentityChange>> IdentityWork::Settle(
    const Officer& officer, record::QueueItemId id, std::optional<record::PersonId> person) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  const auto item = (*snapshot)->queues().Find(id);
  if (!item) return item.error();
  const bool is_match = *item && (*item)->kind == QueueKind::kMatchReview;
  if (!*item || !(*item)->message || (is_match && !(*item)->identity) ||
      (!is_match && (*item)->kind != QueueKind::kAwaitingIdentity)) {
    return Gone("item");
  }
  if ((*item)->closed) return Moved();
  if (is_match && !person) return NeedsCandidate();
  auto waiting = (*item)->identity ? WaitingFor((*snapshot)->queues(), *(*item)->identity)
                                   : base::Result(std::vector<QueueItem>{**item});
  if (!waiting) return waiting.error();
  auto prepared = Prepare(parts_, **snapshot, *waiting);
  if (!prepared) return prepared.error();
  Deed deed{"settle", officer, {}};
  deed.what["item"] = id.ToString();
  const std::optional<record::IdentityId> identity = (*item)->identity;
  if (identity) deed.what["identity"] = identity->ToString();
  auto linking = std::make_shared<const Linking>(
      Linking{identity, person, std::move(*prepared), parts_.clock.Now(),
              is_match ? std::optional(id) : std::nullopt, parts_.tracer.get()});
  return ChangeOf(std::move(deed), [linking](store::Transaction& transaction, Deed& doing) {
    return DoLink(transaction, doing, *linking);
  });
}

Change<IdentityChange> IdentityWork::Unlink(const Officer& officer,
                                            record::IdentityId identity) const {
  Deed deed{"unlink", officer, {}};
  deed.what["identity"] = identity.ToString();
  return ChangeOf(
      std::move(deed),
      [identity, at = parts_.clock.Now()](store::Transaction& transaction,
                                          Deed& doing) -> base::Result<IdentityChange> {
        const auto before = transaction.patients().FindIdentity(identity);
        if (!before) return before.error();
        if (!*before) return Gone("identity");
        const auto to = identify::UnlinkIdentity(transaction, {identity, doing.officer.by, at});
        if (!to) return to.error();
        doing.what["from"] = (*before)->person.ToString();
        doing.what["to"] = to->ToString();
        auto asked = AskForReview(transaction, doing, {identity, *to, (*before)->person}, at);
        if (!asked) return asked.error();
        return IdentityChange{*to};
      });
}

}  // namespace milecastle::govern

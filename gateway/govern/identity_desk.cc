#include "govern/identity_desk.h"

#include <algorithm>
#include <boost/json.hpp>

namespace milecastle::govern {
namespace {

Officer OfficerOf(const record::Requester& requester) {
  return {NameOf(requester), requester.organisation->text()};
}

bool MayWork(const decide::ActionVerdict& verdict, const std::string& organisation) {
  if (verdict.scope == decide::Scope::kAll) return true;
  return verdict.organisation && verdict.organisation->text() == organisation;
}

base::Error NotFound() {
  return {base::ErrorId::kNotFound, "item_id", "no open item of that id that you may work"};
}

base::Error NobodyHere() {
  return {base::ErrorId::kNotFound, "person",
          "nobody of that id or number whom you may see is held"};
}

base::Result<QueuedItem> WithCautions(store::Snapshot& snapshot, store::QueueItem item) {
  auto cautions = IdentityWork::CautionsOf(snapshot, item);
  if (!cautions) return cautions.error();
  return QueuedItem{std::move(item), std::move(*cautions)};
}

std::string IdJson(const char* name, const std::string& id) {
  boost::json::object what;
  what[name] = id;
  return boost::json::serialize(what);
}

}  // namespace

void IdentityDesk::Queue(const record::Requester& officer, IdentityWork::QueueQuery query,
                         const Done<std::vector<QueuedItem>>& done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityQueue});
  if (!act.permitted()) return act.Refuse(done);
  const bool over_all = act.verdict().scope == decide::Scope::kAll;
  if (!over_all) {
    query.organisation = officer.organisation->text();
    const bool all_kinds = query.kinds.empty();
    std::erase(query.kinds, store::QueueKind::kProtectedIdentity);
    if (query.kinds.empty() && !all_kinds) return done(NotFound());
  }
  auto items = work_.Queue(query);
  if (!items) return done(items.error());
  auto snapshot = parts_.store.Read();
  if (!snapshot) return done(snapshot.error());
  std::vector<QueuedItem> queued;
  for (store::QueueItem& item : *items) {
    auto with_cautions = WithCautions(**snapshot, std::move(item));
    if (!with_cautions) return done(with_cautions.error());
    queued.push_back(std::move(*with_cautions));
  }
  snapshot->reset();
  const std::string what = "{\"listed\":" + std::to_string(queued.size()) + "}";
  act.Answer(audit::Kind::kIdentity, what, std::move(queued), done);
}

base::Result<ItemAtDesk> IdentityDesk::Load(record::QueueItemId id) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  auto item = (*snapshot)->queues().Find(id);
  if (!item) return item.error();
  if (!*item) return NotFound();
  auto queued = WithCautions(**snapshot, std::move(**item));
  if (!queued) return queued.error();
  ItemAtDesk shown{.queued = std::move(*queued)};
  const store::QueueItem& of = shown.queued.item;
  if (of.identity) {
    auto claim = (*snapshot)->patients().FindIdentity(*of.identity);
    if (!claim) return claim.error();
    shown.claim = std::move(*claim);
  }
  for (const record::PersonId candidate : of.candidates) {
    auto identities = (*snapshot)->patients().IdentitiesOf(candidate);
    if (!identities) return identities.error();
    for (auto& identity : *identities) shown.candidates.push_back(std::move(identity));
  }
  return shown;
}

void IdentityDesk::ShowItem(const record::Requester& officer, record::QueueItemId item,
                            const Done<ItemAtDesk>& done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityShow});
  if (!act.permitted()) return act.Refuse(done);
  auto shown = Load(item);
  if (!shown) return done(shown.error());
  const bool guarded = shown->queued.item.kind == store::QueueKind::kProtectedIdentity;
  if (!MayWork(act.verdict(), shown->queued.item.organisation) ||
      (guarded && act.verdict().scope != decide::Scope::kAll)) {
    return done(NotFound());
  }
  act.Answer(audit::Kind::kIdentity, IdJson("item", item.ToString()), std::move(*shown), done);
}

// Views of any of the person's numbers, answered while an identity stood with another person than
// today.
base::Result<std::vector<std::uint64_t>> IdentityDesk::DisclosuresUnderOtherLinks(
    const PersonShown& shown) const {
  std::vector<std::uint64_t> leaves;
  std::vector<record::NhsNumber> numbers;
  for (const auto& identity : shown.identities) {
    if (identity.nhs_number) numbers.push_back(*identity.nhs_number);
  }
  if (shown.person.nhs_number) numbers.push_back(*shown.person.nhs_number);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::optional<base::Instant> first;
  std::optional<base::Instant> last;
  for (const auto& event : shown.history) {
    if (event.reason == "first_sighting") continue;
    first = first ? std::min(*first, event.at) : event.at;
    last = last ? std::max(*last, event.at) : event.at;
  }
  if (!first || *first == *last) return leaves;
  auto rows = work_.ShownBetween(numbers, *first, *last);
  if (!rows) return rows.error();
  for (const auto& row : *rows) leaves.push_back(row.leaf);
  return leaves;
}

void IdentityDesk::ShowPerson(const record::Requester& officer, record::PersonId person,
                              const Done<PersonAtDesk>& done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityShow});
  if (!act.permitted()) return act.Refuse(done);
  auto shown = work_.Show(person);
  if (!shown) return done(shown.error());
  // An organisation's own officer sees what its own organisation said of the person, and nothing of
  // anybody else.
  std::erase_if(shown->identities, [&](const store::Identity& identity) {
    return !MayWork(act.verdict(), identity.source.text());
  });
  if (shown->identities.empty()) return done(NobodyHere());
  auto leaves = DisclosuresUnderOtherLinks(*shown);
  if (!leaves) return done(leaves.error());
  act.Answer(audit::Kind::kIdentity, IdJson("person", person.ToString()),
             PersonAtDesk{std::move(*shown), std::move(*leaves)}, done);
}

void IdentityDesk::ShowPerson(const record::Requester& officer, const record::NhsNumber& number,
                              const Done<PersonAtDesk>& done) {
  const Act act(
      parts_,
      {.requester = officer, .action = decide::Action::kIdentityShow, .nhs_number = number});
  if (!act.permitted()) return act.Refuse(done);
  const auto person = work_.Find(number);
  if (!person) return done(person.error());
  if (!*person) return done(NobodyHere());
  ShowPerson(officer, **person, done);
}

void IdentityDesk::Link(const record::Requester& officer, record::QueueItemId item,
                        std::optional<record::PersonId> person, OnIdentityChange done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityLink});
  if (!act.permitted()) return act.Refuse(std::move(done));
  auto shown = Load(item);
  if (!shown) return done(shown.error());
  if (!MayWork(act.verdict(), shown->queued.item.organisation)) return done(NotFound());
  if (shown->queued.item.kind == store::QueueKind::kAwaitingIdentity) {
    return work_.Settle(OfficerOf(officer), item, person, std::move(done));
  }
  work_.Close(OfficerOf(officer), item, "reviewed", std::move(done));
}

void IdentityDesk::Unlink(const record::Requester& officer, record::IdentityId identity,
                          OnIdentityChange done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityUnlink});
  if (!act.permitted()) return act.Refuse(std::move(done));
  auto snapshot = parts_.store.Read();
  if (!snapshot) return done(snapshot.error());
  const auto found = (*snapshot)->patients().FindIdentity(identity);
  if (!found) return done(found.error());
  if (!*found || !MayWork(act.verdict(), (*found)->source.text())) return done(NobodyHere());
  snapshot->reset();
  work_.Unlink(OfficerOf(officer), identity, std::move(done));
}

}  // namespace milecastle::govern

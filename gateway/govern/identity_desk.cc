#include "govern/identity_desk.h"

#include <algorithm>
#include <boost/json.hpp>

namespace milecastle::govern {
namespace {

Officer OfficerOf(const record::Requester& requester, const std::string& why) {
  return {NameOf(requester), requester.organisation->text(), why};
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
  const auto fail = [&](const base::Error& error) {
    act.Fail(audit::Kind::kIdentity, error, {}, done);
  };
  const bool over_all = act.verdict().scope == decide::Scope::kAll;
  if (!over_all) {
    query.organisation = officer.organisation->text();
    const bool all_kinds = query.kinds.empty();
    std::erase(query.kinds, store::QueueKind::kProtectedIdentity);
    if (query.kinds.empty() && !all_kinds) return fail(NotFound());
  }
  auto items = work_.Queue(query);
  if (!items) return fail(items.error());
  auto snapshot = parts_.store.Read();
  if (!snapshot) return fail(snapshot.error());
  std::vector<QueuedItem> queued;
  for (store::QueueItem& item : *items) {
    auto with_cautions = WithCautions(**snapshot, std::move(item));
    if (!with_cautions) return fail(with_cautions.error());
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

// As loaded, where the act reaches so far.
base::Result<ItemAtDesk> IdentityDesk::LoadFor(const Act& act, record::QueueItemId id) const {
  auto shown = Load(id);
  if (!shown) return shown;
  const store::QueueItem& item = shown->queued.item;
  const bool guarded = item.kind == store::QueueKind::kProtectedIdentity;
  const bool over_all = act.verdict().scope == decide::Scope::kAll;
  if (!MayWork(act.verdict(), item.organisation) || (guarded && !over_all)) return NotFound();
  return shown;
}

void IdentityDesk::ShowItem(const record::Requester& officer, record::QueueItemId item,
                            const Done<ItemAtDesk>& done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityShow});
  if (!act.permitted()) return act.Refuse(done);
  const std::string asked = IdJson("item", item.ToString());
  auto shown = LoadFor(act, item);
  if (!shown) return act.Fail(audit::Kind::kIdentity, shown.error(), asked, done);
  act.Answer(audit::Kind::kIdentity, asked, std::move(*shown), done);
}

// Views of any of the person's numbers, answered while an identity stood with another person than
// today.
base::Result<std::vector<store::TrailPlace>> IdentityDesk::DisclosuresUnderOtherLinks(
    const PersonShown& shown) const {
  std::vector<store::TrailPlace> places;
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
  if (!first || *first == *last) return places;
  auto rows = work_.ShownBetween(numbers, *first, *last);
  if (!rows) return rows.error();
  for (const auto& row : *rows) places.push_back({row.origin, row.leaf});
  return places;
}

// What the act reaches of a person. An organisation's own officer sees what its own organisation
// said of the person, and nothing of anybody else.
base::Result<PersonAtDesk> IdentityDesk::LoadFor(const Act& act, record::PersonId person) const {
  auto shown = work_.Show(person);
  if (!shown && shown.error().id == base::ErrorId::kNotFound) return NobodyHere();
  if (!shown) return shown.error();
  std::erase_if(shown->identities, [&](const store::Identity& identity) {
    return !MayWork(act.verdict(), identity.source.text());
  });
  if (shown->identities.empty()) return NobodyHere();
  const auto is_shown = [&](record::IdentityId id) {
    return std::any_of(shown->identities.begin(), shown->identities.end(),
                       [id](const store::Identity& identity) { return identity.id == id; });
  };
  std::erase_if(shown->history,
                [&](const store::LinkEvent& event) { return !is_shown(event.identity); });
  auto places = DisclosuresUnderOtherLinks(*shown);
  if (!places) return places.error();
  return PersonAtDesk{std::move(*shown), std::move(*places)};
}

void IdentityDesk::ShowPerson(const record::Requester& officer, record::PersonId person,
                              const Done<PersonAtDesk>& done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityShow});
  if (!act.permitted()) return act.Refuse(done);
  const std::string asked = IdJson("person", person.ToString());
  auto shown = LoadFor(act, person);
  if (!shown) return act.Fail(audit::Kind::kIdentity, shown.error(), asked, done);
  act.Answer(audit::Kind::kIdentity, asked, std::move(*shown), done);
}

void IdentityDesk::ShowPerson(const record::Requester& officer, const record::NhsNumber& number,
                              const Done<PersonAtDesk>& done) {
  const Act act(
      parts_,
      {.requester = officer, .action = decide::Action::kIdentityShow, .nhs_number = number});
  if (!act.permitted()) return act.Refuse(done);
  const auto person = work_.Find(number);
  auto shown = !person   ? base::Result<PersonAtDesk>(person.error())
               : *person ? LoadFor(act, **person)
                         : base::Result<PersonAtDesk>(NobodyHere());
  if (!shown) return act.Fail(audit::Kind::kIdentity, shown.error(), {}, done);
  const std::string what = IdJson("person", (*person)->ToString());
  act.Answer(audit::Kind::kIdentity, what, std::move(*shown), done);
}

void IdentityDesk::Link(const record::Requester& officer, record::QueueItemId item,
                        std::optional<record::PersonId> person, const std::string& why,
                        const Done<IdentityChange>& done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityLink});
  if (!act.permitted()) return act.Refuse(done);
  const std::string asked = IdJson("item", item.ToString());
  const auto change = ChangeBy(act, item, person, why);
  if (!change) return act.Fail(audit::Kind::kIdentity, change.error(), asked, done);
  act.Commit(audit::Kind::kIdentity, {asked, {}}, *change, done);
}

base::Result<Change<IdentityChange>> IdentityDesk::ChangeBy(const Act& act,
                                                            record::QueueItemId item,
                                                            std::optional<record::PersonId> person,
                                                            const std::string& why) const {
  const auto shown = LoadFor(act, item);
  if (!shown) return shown.error();
  if (shown->queued.item.kind != store::QueueKind::kAwaitingIdentity) {
    return work_.Close(OfficerOf(act.requester(), why), item, "reviewed");
  }
  // Whom nothing speaks for is not joined by one organisation's officer (safety.md 13).
  const auto& candidates = shown->queued.item.candidates;
  const bool is_candidate =
      !person || std::find(candidates.begin(), candidates.end(), *person) != candidates.end();
  if (!is_candidate && act.verdict().scope != decide::Scope::kAll) return NobodyHere();
  return work_.Settle(OfficerOf(act.requester(), why), item, person);
}

void IdentityDesk::Unlink(const record::Requester& officer, record::IdentityId identity,
                          const std::string& why, const Done<IdentityChange>& done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityUnlink});
  if (!act.permitted()) return act.Refuse(done);
  const std::string asked = IdJson("identity", identity.ToString());
  const auto fail = [&](const base::Error& error) {
    act.Fail(audit::Kind::kIdentity, error, asked, done);
  };
  auto snapshot = parts_.store.Read();
  if (!snapshot) return fail(snapshot.error());
  const auto found = (*snapshot)->patients().FindIdentity(identity);
  if (!found) return fail(found.error());
  if (!*found || !MayWork(act.verdict(), (*found)->source.text())) return fail(NobodyHere());
  snapshot->reset();
  act.Commit(audit::Kind::kIdentity, {asked, {}}, work_.Unlink(OfficerOf(officer, why), identity),
             done);
}

void IdentityDesk::Sever(const record::Requester& officer, record::PersonId person,
                         const std::string& why, const Done<IdentityChange>& done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentitySever});
  if (!act.permitted() || act.verdict().scope != decide::Scope::kAll) return act.Refuse(done);
  act.Commit(audit::Kind::kIdentity, {IdJson("person", person.ToString()), person},
             work_.Sever(OfficerOf(officer, why), person), done);
}

}  // namespace milecastle::govern

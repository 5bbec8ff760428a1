#include "govern/identity_desk.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "govern/overdue.h"
#include "identify/holder.h"
#include "inside/at_desk.h"

namespace milecastle::govern {
namespace {

using store::QueueKind;

constexpr std::array kKinds = {
    QueueKind::kAwaitingIdentity,   QueueKind::kMergeReview,          QueueKind::kProtectedIdentity,
    QueueKind::kNullReview,         QueueKind::kConflictingDuplicate, QueueKind::kBreakGlassReview,
    QueueKind::kSelfDeclaredReview, QueueKind::kPatientNotice,        QueueKind::kChoiceReview,
    QueueKind::kUnreadPatient,      QueueKind::kSeverReview,          QueueKind::kMatchReview};

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

// Whose doing the item looks at.
decide::DoneBy DoneBy(const record::Requester& officer, const store::QueueItem& item) {
  if (item.caused_by.empty()) return decide::DoneBy::kUnknown;
  return item.caused_by == NameOf(officer) ? decide::DoneBy::kRequester : decide::DoneBy::kAnother;
}

base::Error NobodyHere() {
  return {base::ErrorId::kNotFound, "person",
          "nobody of that id or number whom you may see is held"};
}

// Not in a list unless it is asked for by name.
bool IsProtected(QueueKind kind) { return kind == QueueKind::kProtectedIdentity; }

// For who works the whole system alone.
bool IsGuarded(QueueKind kind) {
  return IsProtected(kind) || kind == QueueKind::kPatientNotice || kind == QueueKind::kSeverReview;
}

bool Reaches(const Act& act, const store::QueueItem& item) {
  const bool over_all = act.verdict().scope == decide::Scope::kAll;
  return MayWork(act.verdict(), item.organisation) && (over_all || !IsGuarded(item.kind));
}

// What the end of such an item is: a word on an access or on a severing, a look at what the person
// chose, or work on whose record it is.
struct Ends {
  decide::Action action;
  decide::ReasonUse outcomes;
};
Ends EndsOf(QueueKind kind) {
  using decide::Action;
  using decide::ReasonUse;
  switch (kind) {
    case QueueKind::kBreakGlassReview:
    case QueueKind::kSelfDeclaredReview:
      return {Action::kReviewClose, ReasonUse::kCloseReview};
    case QueueKind::kPatientNotice:
      return {Action::kReviewClose, ReasonUse::kCloseNotice};
    case QueueKind::kChoiceReview:
      return {Action::kReviewClose, ReasonUse::kCloseIdentity};
    case QueueKind::kSeverReview:
      return {Action::kIdentityConfirm, ReasonUse::kCloseSevering};
    // A code of its own: what ends a look would here throw a message away.
    case QueueKind::kAwaitingIdentity:
      return {Action::kIdentityLink, ReasonUse::kCloseWaiting};
    case QueueKind::kMatchReview:
      return {Action::kIdentityLink, ReasonUse::kCloseMatch};
    default:
      return {Action::kIdentityLink, ReasonUse::kCloseIdentity};
  }
}

// Of an item that is not for the named role alone: whoever was severed since, and what leads to
// them, so that they are shown beside nobody, in a closed one neither (safety.md 14).
base::Result<void> TakeOutSevered(store::ReadPatients& patients, store::QueueItem& item) {
  if (IsGuarded(item.kind)) return {};
  const std::vector<record::PersonId> named = item.candidates;
  for (const record::PersonId& person : named) {
    const auto severed = identify::IsSevered(patients, person);
    if (!severed) return severed.error();
    if (*severed) std::erase(item.candidates, person);
  }
  const auto person =
      item.person ? identify::IsSevered(patients, *item.person) : base::Result<bool>(false);
  if (!person) return person.error();
  if (*person) item.person.reset();
  if (!item.identity) return {};
  const auto identity = patients.FindIdentity(*item.identity);
  if (!identity) return identity.error();
  const auto theirs =
      *identity ? identify::IsSevered(patients, (*identity)->person) : base::Result<bool>(false);
  if (!theirs) return theirs.error();
  if (!*theirs) return {};
  item.identity.reset();
  item.message.reset();
  return {};
}

base::Error AsksForNoLink() {
  return {base::ErrorId::kArgumentInvalid, "item_id",
          "it asks for a look and for no link: close it"};
}

base::Error NotListed(const std::vector<std::string>& codes) {
  std::string advice = codes.empty() ? "the policy lists none" : "write one of:";
  for (const std::string& code : codes) advice += " " + code;
  return {base::ErrorId::kArgumentInvalid, "outcome_code", advice};
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
  if (query.kinds.empty()) query.wants = [this](const auto& item) { return ListsByDefault(item); };
  if (auto narrowed = NarrowTo(act, query); !narrowed) return fail(narrowed.error());
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

// How far the officer may close items of a kind; nothing: not at all.
std::optional<decide::Scope> IdentityDesk::ClosingScope(const record::Requester& officer,
                                                        QueueKind kind) const {
  const Act closing(
      parts_,
      {.requester = officer, .action = EndsOf(kind).action, .done_by = decide::DoneBy::kAnother});
  if (!closing.permitted()) return std::nullopt;
  const decide::Scope scope = closing.verdict().scope;
  if (IsGuarded(kind) && scope != decide::Scope::kAll) return std::nullopt;
  return scope;
}

// Of the kinds asked for, or of all, those that the officer may close, and each as far as they may
// both list and close it.
base::Result<void> IdentityDesk::NarrowTo(const Act& act, IdentityWork::QueueQuery& query) const {
  const bool over_all = act.verdict().scope == decide::Scope::kAll;
  std::vector<QueueKind> kinds = query.kinds;
  if (kinds.empty()) kinds.assign(kKinds.begin(), kKinds.end());
  query.organisation = act.requester().organisation->text();
  query.kinds.clear();
  for (const QueueKind kind : kinds) {
    const auto scope = ClosingScope(act.requester(), kind);
    if (!scope || (IsGuarded(kind) && !over_all)) continue;
    query.kinds.push_back(kind);
    if (over_all && *scope == decide::Scope::kAll) query.everywhere.push_back(kind);
  }
  if (query.kinds.empty()) return NotFound();
  return {};
}

base::Result<QueuedItem> IdentityDesk::WithCautions(store::Snapshot& snapshot,
                                                    store::QueueItem item) const {
  auto cautions = IdentityWork::CautionsOf(snapshot, item);
  if (!cautions) return cautions.error();
  item.due = DueOf(item, parts_);
  if (auto named = NameCause(snapshot, item); !named) return named.error();
  const bool overdue = IsOverdue(item, parts_);
  QueuedItem queued{.item = std::move(item), .cautions = std::move(*cautions), .overdue = overdue};
  if (auto explained = AddWhatItLooksAt(snapshot, queued); !explained) return explained.error();
  return queued;
}

bool IdentityDesk::ListsByDefault(const store::QueueItem& item) const {
  return !IsProtected(item.kind) || IsOverdue(item, parts_);
}

base::Result<std::optional<store::QueueItem>> IdentityDesk::Find(record::QueueItemId id) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  auto item = (*snapshot)->queues().Find(id);
  if (!item || !*item) return item;
  if (auto named = NameCause(**snapshot, **item); !named) return named.error();
  return item;
}

base::Result<ItemAtDesk> IdentityDesk::Load(record::QueueItemId id) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  auto item = (*snapshot)->queues().Find(id);
  if (!item) return item.error();
  if (!*item) return NotFound();
  if (auto apart = TakeOutSevered((*snapshot)->patients(), **item); !apart) return apart.error();
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
  if (!Reaches(act, item)) return NotFound();
  // It says who was severed from whom: for who works the whole system alone.
  const bool replaced = item.closed && item.resolution == kReplaced;
  if (replaced && act.verdict().scope != decide::Scope::kAll) return NotFound();
  return shown;
}

// As loaded, where they may close it too, and with no name that they may not know.
base::Result<ItemAtDesk> IdentityDesk::ShownFor(const Act& act, record::QueueItemId id) const {
  auto shown = LoadFor(act, id);
  if (!shown) return shown;
  const store::QueueItem& item = shown->queued.item;
  const auto scope = ClosingScope(act.requester(), item.kind);
  const bool over_all = act.verdict().scope == decide::Scope::kAll;
  const bool own = item.organisation == act.requester().organisation->text();
  if (!scope || (*scope != decide::Scope::kAll && !own)) return NotFound();
  if (item.kind == QueueKind::kChoiceReview && item.person) {
    auto snapshot = parts_.store.Read();
    if (!snapshot) return snapshot.error();
    auto identities = (*snapshot)->patients().IdentitiesOf(*item.person);
    if (!identities) return identities.error();
    shown->candidates = std::move(*identities);
  }
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  const auto hidden = LocationProtected(**snapshot, *shown);
  if (!hidden) return hidden.error();
  if (!over_all) LeaveOutNames(act, *hidden, *shown);
  if (work_.tracer() != nullptr) WeighCandidates(*work_.tracer(), *hidden, *shown);
  return shown;
}

void IdentityDesk::ShowItem(const record::Requester& officer, record::QueueItemId item,
                            const Done<ItemAtDesk>& done) {
  const Act act(parts_, {.requester = officer, .action = decide::Action::kIdentityShow});
  if (!act.permitted()) return act.Refuse(done);
  const std::string asked = IdJson("item", item.ToString());
  auto shown = ShownFor(act, item);
  if (!shown) return act.Fail(audit::Kind::kIdentity, shown.error(), asked, done);
  act.Answer(audit::Kind::kIdentity, asked, std::move(*shown), done);
}

// Whoever has no number was shown under that of whom they were linked to.
base::Result<std::vector<record::NhsNumber>> IdentityDesk::NumbersOfOthers(
    const PersonShown& shown) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  std::vector<record::NhsNumber> numbers;
  for (const store::LinkEvent& event : shown.history) {
    for (const record::PersonId& id : {event.from, event.to}) {
      const auto person = (*snapshot)->patients().FindPerson(id);
      if (!person) return person.error();
      if (*person && (*person)->nhs_number) numbers.push_back(*(*person)->nhs_number);
    }
  }
  return numbers;
}

// Views of any of these numbers, answered while an identity stood with another person than
// today.
base::Result<std::vector<store::TrailPlace>> IdentityDesk::DisclosuresUnderOtherLinks(
    const PersonShown& shown) const {
  std::vector<store::TrailPlace> places;
  std::vector<record::NhsNumber> numbers;
  for (const auto& identity : shown.identities) {
    if (identity.nhs_number) numbers.push_back(*identity.nhs_number);
  }
  if (shown.person.nhs_number) numbers.push_back(*shown.person.nhs_number);
  auto of_others = NumbersOfOthers(shown);
  if (!of_others) return of_others.error();
  numbers.insert(numbers.end(), of_others->begin(), of_others->end());
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

// What a link was made by is told without where a protected person is, and to one organisation's
// officer without what another one's numbers say.
base::Result<void> IdentityDesk::LeaveOutOfHistory(const Act& act,
                                                   std::vector<store::LinkEvent>& history) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  for (store::LinkEvent& event : history) {
    if (!event.why) continue;
    for (const record::PersonId& person : {event.from, event.to}) {
      const auto hidden = identify::IsLocationProtected((*snapshot)->facts(), person);
      if (!hidden) return hidden.error();
      if (*hidden) identify::LeaveOut(identify::WhereTheyAre(), *event.why);
    }
    if (act.verdict().scope == decide::Scope::kAll) continue;
    identify::LeaveOut({identify::Field::kLocalIdentifier}, *event.why);
  }
  return {};
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
  if (act.verdict().scope != decide::Scope::kAll) {
    auto history = work_.WithoutSevered(person, std::move(shown->history));
    if (!history) return history.error();
    shown->history = std::move(*history);
  }
  // Of every link, also of an identity that is with another by now.
  auto places = DisclosuresUnderOtherLinks(*shown);
  if (!places) return places.error();
  const auto is_shown = [&](record::IdentityId id) {
    return std::any_of(shown->identities.begin(), shown->identities.end(),
                       [id](const store::Identity& identity) { return identity.id == id; });
  };
  std::erase_if(shown->history,
                [&](const store::LinkEvent& event) { return !is_shown(event.identity); });
  if (auto left = LeaveOutOfHistory(act, shown->history); !left) return left.error();
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

// The act by which the item is closed. Where there is none of that id, the one that the officer may
// do, so that whoever mistypes an id is told that there is no such item.
Act IdentityDesk::ActOn(const record::Requester& officer,
                        const std::optional<store::QueueItem>& item) const {
  if (item) {
    return {parts_,
            {.requester = officer,
             .action = EndsOf(item->kind).action,
             .done_by = DoneBy(officer, *item)}};
  }
  for (const auto action : {decide::Action::kReviewClose, decide::Action::kIdentityConfirm}) {
    Act closing(parts_,
                {.requester = officer, .action = action, .done_by = decide::DoneBy::kAnother});
    if (closing.permitted()) return closing;
  }
  return {parts_, {.requester = officer, .action = decide::Action::kIdentityLink}};
}

void IdentityDesk::Close(const record::Requester& officer, record::QueueItemId id,
                         const std::string& outcome, const Done<IdentityChange>& done) {
  const auto item = Find(id);
  const Act act = ActOn(officer, item ? *item : std::nullopt);
  if (!act.permitted()) return act.Refuse(done);
  const std::string asked = IdJson("item", id.ToString());
  const auto change = item ? ClosingBy(act, *item, outcome) : item.error();
  if (!change) return act.Fail(audit::Kind::kIdentity, change.error(), asked, done);
  act.Commit(audit::Kind::kIdentity, {asked, {}}, *change, done);
}

base::Result<Change<IdentityChange>> IdentityDesk::ClosingBy(
    const Act& act, const std::optional<store::QueueItem>& item, const std::string& outcome) const {
  if (!item || !Reaches(act, *item)) return NotFound();
  const decide::ReasonUse use = EndsOf(item->kind).outcomes;
  const decide::CodedReason* coded = act.policy().FindReason(use, outcome);
  if (coded == nullptr) return NotListed(act.policy().CodesOf(use));
  return work_.Close(OfficerOf(act.requester(), outcome), item->id,
                     coded->undoes_severing ? Ending::kUndone : Ending::kStands);
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
  const QueueKind kind = shown->queued.item.kind;
  if (kind != QueueKind::kAwaitingIdentity && kind != QueueKind::kMatchReview) {
    return AsksForNoLink();
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
             work_.Sever(OfficerOf(officer, why), person, act.policy().system().confirm_within),
             done);
}

}  // namespace milecastle::govern

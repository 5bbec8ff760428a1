#include "govern/consents.h"

#include <algorithm>
#include <boost/json.hpp>

#include "decide/consents.h"
#include "inside/at_desk.h"

namespace milecastle::govern {

struct Consents::About {
  identify::Details details;
  identify::Found found;
  record::PatientFacts facts;
};

namespace {

base::Error NotFound() {
  return {base::ErrorId::kNotFound, "person",
          "check the NHS number, the birth date and the family name"};
}

template <class T>
boost::json::array KeysOf(const std::vector<T>& values) {
  boost::json::array keys;
  for (const T& value : values) keys.emplace_back(std::string(KeyOf(value)));
  return keys;
}

boost::json::array CodesOf(const std::vector<record::OdsCode>& codes) {
  boost::json::array texts;
  for (const auto& code : codes) texts.emplace_back(code.text());
  return texts;
}

std::string Describe(const record::Consent& consent) {
  boost::json::object what;
  what["consent"] = consent.id.ToString();
  what["kind"] = KeyOf(consent.kind);
  what["by"] = KeyOf(consent.by);
  what["informed"] = consent.informed;
  what["team"] = consent.team;
  what["reason_code"] = consent.reason_code;
  what["sections"] = KeysOf(consent.scope.sections);
  what["purposes"] = KeysOf(consent.scope.purposes);
  what["sources"] = CodesOf(consent.scope.sources);
  what["consumers"] = CodesOf(consent.scope.consumers);
  what["labels"] = boost::json::array(consent.scope.labels.begin(), consent.scope.labels.end());
  what["from"] = base::ToRfc3339(consent.period.from);
  if (consent.period.until) what["until"] = base::ToRfc3339(*consent.period.until);
  return boost::json::serialize(what);
}

std::optional<store::QueueItem> ReviewOf(const record::Consent& consent, record::PersonId person,
                                         std::chrono::seconds within) {
  if (consent.by != record::ConsentBy::kSomeoneElse) return std::nullopt;
  const bool objects = consent.kind == record::ConsentKind::kObjection;
  if (!objects && consent.kind != record::ConsentKind::kRestriction) return std::nullopt;
  return store::QueueItem{
      .id = record::QueueItemId::New(consent.recorded),
      .kind = store::QueueKind::kChoiceReview,
      .person = person,
      .organisation = consent.recorded_at->text(),
      .reason = objects ? "objection_by_someone_else" : "restriction_by_someone_else",
      .caused_by = consent.recorded_by,
      .opened = consent.recorded,
      .due = consent.recorded + within};
}

base::Result<record::FactId> Kept(const base::Result<void>& done, record::FactId id) {
  if (!done) return done.error();
  return id;
}

// What leaves no line in a view is not told by the list of choices either (safety.md 2, 6): a lock
// to its team, both to those who see the whole system.
bool IsKeptFrom(const Act& act, const record::Consent& consent) {
  if (act.verdict().scope == decide::Scope::kAll) return false;
  if (consent.kind == record::ConsentKind::kHide) return true;
  return consent.kind == record::ConsentKind::kSealAndLock &&
         !decide::IsInTeam(act.requester(), consent.team);
}

// The person's hide rule goes with its id, which they were given when it was recorded: it tells who
// brings it nothing new, and a practice that has a part in their care need not send them away. That
// the part is not the user's own word is decided before (decide/action.h).
bool IsKeptFromWithdrawing(const Act& act, const record::Consent& consent) {
  const bool with_its_id =
      consent.kind == record::ConsentKind::kHide && act.verdict().by_relationship;
  return !with_its_id && IsKeptFrom(act, consent);
}

// As it is told to whoever acts.
Consents::Listed ListedFor(const Act& act, record::Consent consent) {
  bool left_out = false;
  const auto is_kept = [&](const record::OdsCode& code) { return IsNameKept(act, code); };
  for (auto* const codes : {&consent.scope.sources, &consent.scope.consumers}) {
    left_out = std::erase_if(*codes, is_kept) > 0 || left_out;
  }
  const auto team = record::OdsCode::Parse(consent.team.substr(0, consent.team.find('/')));
  if (team && is_kept(*team)) {
    consent.team.clear();
    left_out = true;
  }
  if (consent.recorded_at && is_kept(*consent.recorded_at)) {
    consent.recorded_at.reset();
    consent.recorded_by.clear();
    left_out = true;
  }
  return {std::move(consent), left_out};
}

// A duty over one's own organisation reaches those of whom it holds something, or has a
// relationship with; that there is anybody else is not told.
bool Reaches(const Act& act, const identify::Found& found) {
  if (!found.matched()) return false;
  const decide::ActionVerdict& verdict = act.verdict();
  if (verdict.scope == decide::Scope::kAll || verdict.by_relationship) return true;
  return std::any_of(
      found.identities.begin(), found.identities.end(),
      [&](const store::Identity& identity) { return identity.source == verdict.organisation; });
}

}  // namespace

base::Result<Consents::About> Consents::Find(const identify::PersonKey& person) const {
  auto details = identify::ReadDetails(person);
  if (!details) return details.error();
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  auto found = FindPerson((*snapshot)->patients(), *details);
  if (!found) return found.error();
  auto facts =
      (*snapshot)->facts().FactsOf(found->matched() ? found->person->id : record::PersonId{});
  // Nobody has no facts: whoever may not ask is refused as for anyone, and it is audited as such.
  if (!facts && !found->matched() && facts.error().id == base::ErrorId::kNotFound)
    return About{std::move(*details), std::move(*found), {}};
  if (!facts) return facts.error();
  return About{std::move(*details), std::move(*found), std::move(*facts)};
}

void Consents::Record(const record::Requester& requester, const identify::PersonKey& person,
                      record::Consent consent, OnRecorded done) {
  auto about = Find(person);
  if (!about) return done(about.error());
  const Act act(parts_, {.requester = requester,
                         .action = decide::Action::kConsentRecord,
                         .nhs_number = about->details.nhs_number,
                         .facts = &about->facts,
                         .consent = &consent});
  if (!act.permitted()) return act.Refuse(std::move(done));
  if (!Reaches(act, about->found))
    return act.Fail(audit::Kind::kConsent, NotFound(), {}, std::move(done));
  const base::Instant now = parts_.clock.Now();
  consent.id = record::FactId::New(now);
  consent.recorded = now;
  consent.recorded_by = NameOf(requester);
  consent.recorded_at = requester.organisation;
  consent.withdrawn.reset();
  if (consent.period.from == base::Instant{}) consent.period.from = now;
  const auto decider = parts_.policy.Get();
  const auto problems = ValidateConsent(decider->policy(), consent);
  if (!problems.empty())
    return act.Fail(audit::Kind::kConsent, problems.front(), {}, std::move(done));
  const record::PersonId owner = about->found.person->id;
  const auto review = ReviewOf(consent, owner, decider->policy().system().review_within);
  act.Commit<record::FactId>(
      audit::Kind::kConsent, {Describe(consent), {}},
      [owner, consent, review](store::Transaction& transaction, Account& /*account*/) {
        auto added = transaction.facts().AddConsent(owner, consent);
        if (added && review) added = transaction.queues().Add(*review);
        return Kept(added, consent.id);
      },
      std::move(done));
}

void Consents::Withdraw(const record::Requester& requester, const identify::PersonKey& person,
                        record::FactId consent, OnRecorded done) {
  auto about = Find(person);
  if (!about) return done(about.error());
  const auto& held = about->facts.consents;
  const auto at =
      std::find_if(held.begin(), held.end(), [&](const auto& each) { return each.id == consent; });
  const record::Consent* kept = at == held.end() ? nullptr : &*at;
  const Act act(parts_, {.requester = requester,
                         .action = decide::Action::kConsentWithdraw,
                         .nhs_number = about->details.nhs_number,
                         .facts = &about->facts,
                         .consent = kept});
  if (!act.permitted()) return act.Refuse(std::move(done));
  if (!Reaches(act, about->found) || kept == nullptr || kept->withdrawn ||
      IsKeptFromWithdrawing(act, *kept)) {
    const std::string asked = "{\"consent\":\"" + consent.ToString() + "\"}";
    return act.Fail(audit::Kind::kConsent, NotFound(), asked, std::move(done));
  }
  const base::Instant now = parts_.clock.Now();
  const std::string by = NameOf(requester);
  act.Commit<record::FactId>(
      audit::Kind::kConsent, {Describe(*kept).insert(1, "\"withdrawn\":true,"), {}},
      [consent, now, by](store::Transaction& transaction, Account& /*account*/) {
        return Kept(transaction.facts().WithdrawConsent(consent, now, by), consent);
      },
      std::move(done));
}

void Consents::List(const record::Requester& requester, const identify::PersonKey& person,
                    const OnListed& done) {
  auto about = Find(person);
  if (!about) return done(about.error());
  const Act act(parts_, {.requester = requester,
                         .action = decide::Action::kConsentList,
                         .nhs_number = about->details.nhs_number,
                         .facts = &about->facts});
  if (!act.permitted()) return act.Refuse(done);
  if (!Reaches(act, about->found)) return act.Fail(audit::Kind::kConsent, NotFound(), {}, done);
  std::vector<record::Consent> consents = std::move(about->facts.consents);
  std::erase_if(consents, [&](const auto& each) { return IsKeptFrom(act, each); });
  std::stable_sort(consents.begin(), consents.end(),
                   [](const auto& a, const auto& b) { return a.recorded < b.recorded; });
  std::vector<Listed> listed;
  listed.reserve(consents.size());
  for (record::Consent& consent : consents) listed.push_back(ListedFor(act, std::move(consent)));
  const std::string what = "{\"listed\":" + std::to_string(listed.size()) + "}";
  act.Answer(audit::Kind::kConsent, what, std::move(listed), done);
}

}  // namespace milecastle::govern

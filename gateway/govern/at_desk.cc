#include "inside/at_desk.h"

#include <algorithm>
#include <chrono>

#include "identify/holder.h"

namespace milecastle::govern {
namespace {

using store::QueueItem;
using store::QueueKind;

// A leaf of before 0003_two_logs says not of which log it is.
bool IsOf(const store::LeafOrigin& leaf, const store::TrailRow& row) {
  return row.leaf == leaf.index && (leaf.origin.empty() || row.origin == leaf.origin);
}

// One that a feed sent has its review's id; one that was recorded here, its moment and who did it.
bool IsLookedAtBy(const QueueItem& item, const record::Consent& consent) {
  if (consent.id.uuid == item.id.uuid) return true;
  const bool objects = consent.kind == record::ConsentKind::kObjection;
  return consent.by == record::ConsentBy::kSomeoneElse && consent.recorded == item.opened &&
         consent.recorded_by == item.caused_by &&
         objects == (item.reason == "objection_by_someone_else");
}

base::Result<void> NameChoice(store::Snapshot& snapshot, QueuedItem& queued) {
  if (!queued.item.person) return {};
  const auto facts = snapshot.facts().FactsOf(*queued.item.person);
  if (!facts) return facts.error();
  const auto found = std::find_if(
      facts->consents.begin(), facts->consents.end(),
      [&](const record::Consent& consent) { return IsLookedAtBy(queued.item, consent); });
  if (found != facts->consents.end()) queued.consent = found->id;
  return {};
}

base::Result<void> SayWhyUnread(store::Snapshot& snapshot, QueuedItem& queued) {
  const QueueItem& item = queued.item;
  if (!item.message) return {};
  const auto row = snapshot.journal().Find(*item.message);
  if (!row) return row.error();
  if (!*row || item.patient == 0 || item.patient > (*row)->patients.size()) return {};
  const store::JournalPatient& patient = (*row)->patients[item.patient - 1];
  queued.unread =
      Unread{(*row)->control_id, patient.error_name, patient.error_place, patient.error_advice};
  return {};
}

}  // namespace

base::Result<void> NameCause(store::Snapshot& snapshot, QueueItem& item) {
  if (!item.caused_by.empty() || !item.leaf) return {};
  store::TrailQuery query;
  query.from = item.opened;  // the moment of its entry
  query.until = item.opened + std::chrono::microseconds(1);
  const auto rows = snapshot.trail().Search(query);
  if (!rows) return rows.error();
  std::string user;
  for (const store::TrailRow& row : *rows) {
    if (!IsOf(*item.leaf, row) || (row.kind != "view" && row.kind != "emergency")) continue;
    if (!user.empty() && user != row.user) return {};  // which of two is not to be told
    user = row.user;
  }
  item.caused_by = std::move(user);
  return {};
}

base::Result<void> AddWhatItLooksAt(store::Snapshot& snapshot, QueuedItem& queued) {
  if (queued.item.kind == QueueKind::kChoiceReview) return NameChoice(snapshot, queued);
  if (queued.item.kind == QueueKind::kUnreadPatient) return SayWhyUnread(snapshot, queued);
  return {};
}

bool IsNameKept(const Act& act, const record::OdsCode& source) {
  const decide::ActionVerdict& verdict = act.verdict();
  if (verdict.scope == decide::Scope::kAll || verdict.organisation == source) return false;
  const decide::Organisation* organisation = act.policy().Find(source);
  return organisation != nullptr && !organisation->labels.empty();
}

base::Result<std::set<record::PersonId>> LocationProtected(store::Snapshot& snapshot,
                                                           const ItemAtDesk& shown) {
  std::set<record::PersonId> persons;
  if (shown.claim) persons.insert(shown.claim->person);
  for (const store::Identity& candidate : shown.candidates) persons.insert(candidate.person);
  std::set<record::PersonId> hidden;
  for (const record::PersonId& person : persons) {
    const auto is_protected = identify::IsLocationProtected(snapshot.facts(), person);
    if (!is_protected) return is_protected.error();
    if (*is_protected) hidden.insert(person);
  }
  return hidden;
}

void WeighCandidates(const identify::Tracer& tracer,
                     const std::set<record::PersonId>& location_protected, ItemAtDesk& shown) {
  const QueueItem& item = shown.queued.item;
  const bool asks_whose =
      item.kind == QueueKind::kMatchReview || item.kind == QueueKind::kAwaitingIdentity;
  if (!asks_whose || !shown.claim) return;
  const identify::Described claim = tracer.Describe(*shown.claim);
  const bool claim_hidden = location_protected.contains(shown.claim->person);
  for (const record::PersonId& person : item.candidates) {
    identify::Without without;
    if (claim_hidden || location_protected.contains(person)) without = identify::WhereTheyAre();
    std::vector<store::Identity> identities;
    for (const store::Identity& each : shown.candidates) {
      if (each.person != person) continue;
      identities.push_back(each);
      const bool unnamed =
          std::find(shown.unnamed.begin(), shown.unnamed.end(), each.id) != shown.unnamed.end();
      if (unnamed) without.insert(identify::Field::kLocalIdentifier);
    }
    auto comparison = tracer.CompareAny(claim, identities, without);
    if (comparison) shown.matches.push_back({person, std::move(comparison->note)});
  }
}

void LeaveOutNames(const Act& act, const std::set<record::PersonId>& location_protected,
                   ItemAtDesk& shown) {
  // Whose choice it is says who they are, and not who else knows them.
  const bool of_choice = shown.queued.item.kind == QueueKind::kChoiceReview;
  const auto leave_out = [&](store::Identity& identity) {
    const bool anothers = act.verdict().organisation != identity.source;
    const bool hidden = anothers && location_protected.contains(identity.person);
    if (!IsNameKept(act, identity.source) && !(of_choice && anothers) && !hidden) return;
    identity.local_identifiers.clear();
    shown.unnamed.push_back(identity.id);
  };
  if (shown.claim) leave_out(*shown.claim);
  for (store::Identity& candidate : shown.candidates) leave_out(candidate);
}

}  // namespace milecastle::govern

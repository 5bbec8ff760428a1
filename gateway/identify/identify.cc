#include "identify/identify.h"

#include <algorithm>
#include <array>
#include <utility>

#include "identify/claim.h"
#include "identify/description.h"
#include "identify/holder.h"
#include "identify/link.h"
#include "inside/judge.h"
#include "inside/search.h"
#include "record/logical_id.h"

namespace milecastle::identify {
namespace {

// The writes that follow from a judgement.
class Settler {
 public:
  // `forced`: an officer has said whose it is.
  Settler(store::Transaction& transaction, const Sighting& sighting, bool forced)
      : transaction_(transaction),
        patients_(transaction.patients()),
        sighting_(sighting),
        forced_(forced) {}

  base::Result<Verdict> Settle(Place place, const Judge::Discarded& discarded);
  base::Result<Verdict> Wait(Held held);

 private:
  base::Result<store::Identity> Create(const record::PersonId& person,
                                       std::string_view reason = kFirstSighting);
  base::Result<void> NoteMerge(const Judge::Discarded& discarded, const Settled& settled);
  base::Result<void> SetMergedInto(const record::IdentityId& id,
                                   std::optional<record::IdentityId> into);
  base::Result<void> JoinPerson(const store::Identity& identity, const record::PersonId& to);
  base::Result<void> SetBeside(const record::PersonId& id, Settled& settled);
  base::Result<void> GiveNumber(const record::PersonId& person, const record::NhsNumber& number);
  base::Result<void> SaveClaim(const Place& place, store::Identity& identity);
  base::Result<void> Merge(const Judge::Discarded& discarded, Settled& settled);
  base::Result<bool> IsToBeTraced(const Place& place, const Settled& settled);
  base::Result<void> Trace(Settled& settled);
  base::Result<void> LinkTraced(const Candidate& candidate, Settled& settled);
  base::Result<void> CloseMatches(const record::IdentityId& identity);
  base::Result<record::PersonId> SurvivingPerson(const Judge::Discarded& discarded,
                                                 const Settled& settled);
  base::Result<std::vector<record::LocalIdentifier>> LocalsOf(const store::Identity& identity);
  base::Result<bool> IsOwn(const record::LocalIdentifier& local, const store::Identity& identity);
  base::Result<void> Dispute();
  base::Result<void> EndDisputes(store::Identity& identity);
  base::Result<void> Link(const record::IdentityId& identity, const record::PersonId& from,
                          const record::PersonId& to, std::string_view reason);

  store::Transaction& transaction_;
  store::Patients& patients_;
  const Sighting& sighting_;
  bool forced_;
};

base::Result<void> Settler::Link(const record::IdentityId& identity, const record::PersonId& from,
                                 const record::PersonId& to, std::string_view reason) {
  return patients_.Link({identity, from, to, std::string(reason), sighting_.by, sighting_.at});
}

base::Result<store::Identity> Settler::Create(const record::PersonId& person,
                                              std::string_view reason) {
  store::Identity identity{record::IdentityId::New(sighting_.at), person, sighting_.source};
  identity.pseudo_person = sighting_.claim.pseudo_person;
  identity.updated = sighting_.at;
  if (auto saved = patients_.SaveIdentity(identity); !saved) return saved.error();
  if (auto linked = Link(identity.id, person, person, reason); !linked) {
    return linked.error();
  }
  return identity;
}

// A person without a number that turns out to be another: everything the sources had merged into
// it goes along.
base::Result<void> Settler::JoinPerson(const store::Identity& identity,
                                       const record::PersonId& to) {
  const auto all = patients_.IdentitiesOf(identity.person);
  if (!all) return all.error();
  for (const store::Identity& one : *all) {
    auto linked = Link(one.id, one.person, to, kNumberAgrees);
    if (!linked) return linked;
  }
  return {};
}

// Without their number they are nobody whom one can ask for; each of their claims is judged anew.
base::Result<void> Settler::SetBeside(const record::PersonId& id, Settled& settled) {
  auto person = patients_.FindPerson(id);
  if (!person) return person.error();
  (*person)->nhs_number.reset();
  (*person)->state = store::PersonState::kUnidentified;
  if (auto saved = patients_.SavePerson(**person); !saved) return saved;
  auto all = patients_.IdentitiesOf(id);
  if (!all) return all.error();
  for (store::Identity& one : *all) {
    one.nhs_number.reset();
    if (auto saved = patients_.SaveIdentity(one); !saved) return saved;
    if (auto noted = Link(one.id, id, id, kSetBeside); !noted) return noted;
  }
  settled.set_beside = std::move(*all);
  return patients_.AdvanceVersion(id);
}

base::Result<void> Settler::GiveNumber(const record::PersonId& id,
                                       const record::NhsNumber& number) {
  auto person = patients_.FindPerson(id);
  if (!person) return person.error();
  (*person)->nhs_number = number;
  (*person)->state = store::PersonState::kActive;
  if (auto saved = patients_.SavePerson(**person); !saved) return saved;
  return patients_.AdvanceVersion(id);
}

// The claim's local identifiers but those that name another identity of the source: each names one.
base::Result<std::vector<record::LocalIdentifier>> Settler::LocalsOf(
    const store::Identity& identity) {
  std::vector<record::LocalIdentifier> own;
  for (const record::LocalIdentifier& local : sighting_.claim.local_identifiers) {
    const auto is_own = IsOwn(local, identity);
    if (!is_own) return is_own.error();
    if (*is_own) own.push_back(local);
  }
  return own;
}

// A disputed id is nobody's until an officer gives it.
base::Result<bool> Settler::IsOwn(const record::LocalIdentifier& local,
                                  const store::Identity& identity) {
  const auto named = patients_.FindByLocal(sighting_.source, local);
  if (!named) return named.error();
  if (*named) return (*named)->id == identity.id;
  if (forced_ || !record::IsLogicalId(local)) return true;
  const auto disputed = patients_.FindByLocal(sighting_.source, record::Disputed(local));
  if (!disputed) return disputed.error();
  return !*disputed;
}

// Of ids that the claim gives to another patient than the source did before.
base::Result<void> Settler::Dispute() {
  for (const record::LocalIdentifier& local : sighting_.claim.local_identifiers) {
    if (!record::IsLogicalId(local)) continue;
    auto named = patients_.FindByLocal(sighting_.source, local);
    if (!named) return named.error();
    if (!*named) continue;
    auto& locals = (*named)->local_identifiers;
    std::replace(locals.begin(), locals.end(), local, record::Disputed(local));
    if (auto saved = patients_.SaveIdentity(**named); !saved) return saved;
  }
  return {};
}

// An officer has said whose the ids of this claim are.
base::Result<void> Settler::EndDisputes(store::Identity& identity) {
  for (const record::LocalIdentifier& local : sighting_.claim.local_identifiers) {
    if (!record::IsLogicalId(local)) continue;
    const record::LocalIdentifier disputed = record::Disputed(local);
    auto named = patients_.FindByLocal(sighting_.source, disputed);
    if (!named) return named.error();
    if (!*named) continue;
    if ((*named)->id == identity.id) {
      std::erase(identity.local_identifiers, disputed);
      continue;
    }
    std::erase((*named)->local_identifiers, disputed);
    if (auto saved = patients_.SaveIdentity(**named); !saved) return saved;
  }
  return {};
}

base::Result<void> Settler::SaveClaim(const Place& place, store::Identity& identity) {
  if (forced_) {
    if (auto ended = EndDisputes(identity); !ended) return ended;
  }
  const auto locals = LocalsOf(identity);
  if (!locals) return locals.error();
  Absorb(sighting_.claim, *locals, place.number, sighting_.share_untraced, identity);
  identity.updated = std::max(identity.updated, sighting_.at);
  return patients_.SaveIdentity(identity);
}

base::Result<Verdict> Settler::Settle(Place place, const Judge::Discarded& discarded) {
  Settled settled;
  settled.created_person = !place.person.has_value();
  const bool gets_number = place.number && place.identity && !place.identity->nhs_number;
  if (place.instead_of) {
    if (auto set = SetBeside(*place.instead_of, settled); !set) return set.error();
  }
  if (!place.person) {
    const auto person = NewPerson(transaction_, place.number, sighting_.at);
    if (!person) return person.error();
    place.person = *person;
  } else if (place.number_is_new) {
    if (auto given = GiveNumber(*place.person, *place.number); !given) return given.error();
  }
  if (!place.identity) {
    auto created = Create(*place.person);
    if (!created) return created.error();
    place.identity = std::move(*created);
  } else if (place.identity->person != *place.person) {
    if (auto joined = JoinPerson(*place.identity, *place.person); !joined) return joined.error();
    place.identity->person = *place.person;
  }
  if (gets_number) {
    if (auto closed = CloseMatches(place.identity->id); !closed) return closed.error();
  }
  if (auto saved = SaveClaim(place, *place.identity); !saved) return saved.error();
  settled.identity = place.identity->id;
  settled.person = *place.person;
  if (auto merged = Merge(discarded, settled); !merged) return merged.error();
  const auto to_be_traced = IsToBeTraced(place, settled);
  if (!to_be_traced) return to_be_traced.error();
  if (!*to_be_traced) return Verdict(std::move(settled));
  if (auto traced = Trace(settled); !traced) return traced.error();
  return Verdict(std::move(settled));
}

// Whom a number names is not traced; of whom an officer is asked already, nobody is asked again.
base::Result<bool> Settler::IsToBeTraced(const Place& place, const Settled& settled) {
  if (place.number || sighting_.tracer == nullptr || !sighting_.tracer->options().enabled) {
    return false;
  }
  const auto person = patients_.FindPerson(settled.person);
  if (!person) return person.error();
  if (!*person || (*person)->state != store::PersonState::kUnidentified) return false;
  const auto asked = transaction_.queues().MatchesOf(settled.identity);
  if (!asked) return asked.error();
  return std::none_of(asked->begin(), asked->end(), [](const store::QueueItem& item) {
    return !item.closed || item.reason == kTooManyAlike;
  });
}

base::Result<void> Settler::Trace(Settled& settled) {
  constexpr std::size_t kMostToChooseFrom = 10;
  const auto identity = patients_.FindIdentity(settled.identity);
  if (!identity) return identity.error();
  const bool hidden = sighting_.location_protected;
  const auto known = IsLocationProtected(transaction_.facts(), settled.person);
  if (!known) return known.error();
  const auto traced = Search(transaction_, *sighting_.tracer, **identity,
                             hidden || *known ? Whereabouts::kProtected : Whereabouts::kCompared);
  if (!traced) return traced.error();
  if (traced->unique && sighting_.tracer->options().auto_link) {
    return LinkTraced(traced->ranked.front(), settled);
  }
  if (traced->ranked.empty() && !traced->too_many) return {};
  Settled::Match match;
  match.reason = traced->too_many ? kTooManyAlike
                 : traced->ranked.front().comparison.likelihood == Likelihood::kCertain
                     ? kTracedCertain
                     : kTracedPossible;
  for (const Candidate& candidate : traced->ranked) {
    if (match.candidates.size() < kMostToChooseFrom) match.candidates.push_back(candidate.person);
  }
  settled.match = std::move(match);
  return {};
}

// The whole person goes; its number and tracing state stay what its source gave.
base::Result<void> Settler::LinkTraced(const Candidate& candidate, Settled& settled) {
  const auto all = patients_.IdentitiesOf(settled.person);
  if (!all) return all.error();
  for (const store::Identity& one : *all) {
    const auto left = MoveIdentity(transaction_, {.identity = one.id,
                                                  .to = candidate.person,
                                                  .reason = std::string(kTracedCertain),
                                                  .by = sighting_.by,
                                                  .at = sighting_.at,
                                                  .why = candidate.comparison.note});
    if (!left) return left.error();
    settled.merged.push_back({one.id, *left, kTracedCertain});
  }
  settled.person = candidate.person;
  settled.created_person = false;
  return {};
}

// A number has settled what an officer was asked.
base::Result<void> Settler::CloseMatches(const record::IdentityId& identity) {
  const auto asked = transaction_.queues().MatchesOf(identity);
  if (!asked) return asked.error();
  for (const store::QueueItem& item : *asked) {
    if (item.closed) continue;
    auto closed =
        transaction_.queues().Close(item.id, "nhs_number_given", sighting_.by, sighting_.at);
    if (!closed) return closed;
  }
  return {};
}

// The person with an NHS number stays, so that a merge never takes a record away from the number
// by which people ask for it; between two with or two without, the survivor's.
base::Result<record::PersonId> Settler::SurvivingPerson(const Judge::Discarded& discarded,
                                                        const Settled& settled) {
  const auto own = patients_.FindPerson(settled.person);
  if (!own) return own.error();
  if ((*own)->nhs_number) return settled.person;
  for (const store::Identity& one : discarded.identities) {
    const auto other = patients_.FindPerson(one.person);
    if (!other) return other.error();
    if (*other && (*other)->nhs_number) return one.person;
  }
  return settled.person;
}

base::Result<void> Settler::Merge(const Judge::Discarded& discarded, Settled& settled) {
  if (discarded.named.empty() && discarded.unseen.empty()) return {};
  const auto target = SurvivingPerson(discarded, settled);
  if (!target) return target.error();
  std::vector<record::IdentityId> moving = {settled.identity};
  for (const store::Identity& one : discarded.survivors) moving.push_back(one.id);
  for (const store::Identity& one : discarded.identities) moving.push_back(one.id);
  for (const record::IdentityId& identity : moving) {
    const auto left = MoveIdentity(
        transaction_, {identity, *target, std::string(kMergeReason), sighting_.by, sighting_.at});
    if (!left) return left.error();
    if (*left != *target) settled.merged.push_back({identity, *left, kMergeReason});
  }
  settled.person = *target;
  return NoteMerge(discarded, settled);
}

// What the source said of its own identities, for merges that come later.
base::Result<void> Settler::NoteMerge(const Judge::Discarded& discarded, const Settled& settled) {
  if (auto noted = SetMergedInto(settled.identity, std::nullopt); !noted) return noted;
  for (const record::IdentityId& one : discarded.named) {
    if (auto noted = SetMergedInto(one, settled.identity); !noted) return noted;
  }
  for (const record::LocalIdentifier& local : discarded.unseen) {
    auto created = Create(settled.person, kMergeReason);
    if (!created) return created.error();
    created->local_identifiers = {local};
    created->pseudo_person = false;
    created->merged_into = settled.identity;
    if (auto saved = patients_.SaveIdentity(*created); !saved) return saved;
  }
  return {};
}

base::Result<void> Settler::SetMergedInto(const record::IdentityId& id,
                                          std::optional<record::IdentityId> into) {
  auto identity = patients_.FindIdentity(id);
  if (!identity) return identity.error();
  if (!*identity || (*identity)->merged_into == into) return {};
  (*identity)->merged_into = into;
  return patients_.SaveIdentity(**identity);
}

base::Result<Verdict> Settler::Wait(Held held) {
  if (held.disputes_ids) {
    if (auto disputed = Dispute(); !disputed) return disputed.error();
  }
  if (!held.needs_identity) return Verdict(std::move(held.waits));
  const auto person = NewPerson(transaction_, std::nullopt, sighting_.at);
  if (!person) return person.error();
  auto identity = Create(*person);
  if (!identity) return identity.error();
  if (auto saved = SaveClaim(Place{}, *identity); !saved) return saved.error();
  held.waits.identity = identity->id;
  return Verdict(std::move(held.waits));
}

base::Result<Verdict> Carry(store::Transaction& transaction, const Sighting& sighting, Place place,
                            bool forced) {
  Settler settler(transaction, sighting, forced);
  if (!sighting.merge) return settler.Settle(std::move(place), {});
  auto merge = Judge(transaction, sighting).Merge(place, forced);
  if (!merge) return merge.error();
  if (std::holds_alternative<Protected>(*merge)) return Verdict(Protected{});
  if (auto* held = std::get_if<Held>(&*merge)) return settler.Wait(std::move(*held));
  return settler.Settle(std::move(place), std::get<Judge::Discarded>(*merge));
}

// The identity that an officer's word is about: the named one, or the source's own in that person.
base::Result<std::optional<store::Identity>> IdentityIn(
    store::Transaction& transaction, const Sighting& sighting,
    const std::optional<record::IdentityId>& named, const store::Person& person) {
  if (named) {
    auto identity = transaction.patients().FindIdentity(*named);
    if (identity && !*identity) {
      return base::Error{base::ErrorId::kNotFound, "identity", "it may have been moved"};
    }
    return identity;
  }
  auto locals = Finder(transaction, sighting.source).ByLocal(sighting.claim.local_identifiers);
  if (!locals) return locals.error();
  for (store::Identity& one : *locals) {
    if (one.person == person.id) return std::optional(std::move(one));
  }
  return std::optional<store::Identity>();
}

base::Result<Place> PlaceIn(store::Transaction& transaction, const Sighting& sighting,
                            const std::optional<record::IdentityId>& named,
                            const store::Person& person) {
  auto identity = IdentityIn(transaction, sighting, named, person);
  if (!identity) return identity.error();
  Place place;
  place.person = *identity ? (*identity)->person : person.id;
  place.identity = std::move(*identity);
  const auto number = UsableNumber(sighting.claim);
  if (!number || (person.nhs_number && *person.nhs_number != *number)) return place;
  place.number = number;
  if (person.nhs_number) return place;
  const auto free = IsFree(transaction.patients(), *number);
  if (!free) return free.error();
  place.number_is_new = *free;
  return place;
}

// Whether its source has described the patient since, or by a newer version.
base::Result<bool> IsDescribedSince(store::Transaction& transaction, const Sighting& sighting,
                                    const Place& place) {
  if (!place.identity) return false;
  if (sighting.late && place.identity->updated > sighting.at) return true;
  return IsOlderDescription(transaction, place.identity->id, sighting.claim, sighting.at);
}

base::Result<Verdict> CarryWhole(store::Transaction& transaction, const Sighting& sighting,
                                 Place place, bool forced) {
  auto verdict = Carry(transaction, sighting, std::move(place), forced);
  const auto* const settled = verdict ? std::get_if<Settled>(&*verdict) : nullptr;
  if (settled == nullptr) return verdict;
  auto noted = NoteDescription(transaction, settled->identity, sighting.claim, sighting.at);
  if (!noted) return noted.error();
  return verdict;
}

// All that the claim says that still stands.
base::Result<Verdict> CarryWhatStands(store::Transaction& transaction, const Sighting& sighting,
                                      Place place, bool forced) {
  const auto since = IsDescribedSince(transaction, sighting, place);
  if (!since) return since.error();
  if (!*since) return CarryWhole(transaction, sighting, std::move(place), forced);
  const record::PatientClaim identifiers = IdentifiersOf(sighting.claim);
  const Sighting rest{.claim = identifiers,
                      .merge = sighting.merge,
                      .source = sighting.source,
                      .by = sighting.by,
                      .share_untraced = sighting.share_untraced,
                      .at = sighting.at,
                      .traces_numbers = sighting.traces_numbers,
                      .late = sighting.late,
                      .tracer = sighting.tracer,
                      .location_protected = sighting.location_protected};
  return Carry(transaction, rest, std::move(place), forced);
}

// Read later than it came, however late that is.
Sighting AsLate(const Sighting& sighting) {
  Sighting late = sighting;
  late.late = true;
  return late;
}

}  // namespace

std::string_view KeyOf(WaitReason reason) {
  constexpr std::array<std::string_view, 7> kKeys = {
      "demographics_disagree",      "demographics_missing", "number_differs",
      "local_identifiers_disagree", "no_identifier",        "behind_another",
      "merge_of_two_numbers"};
  return kKeys.at(static_cast<std::size_t>(reason) - 1);
}

base::Result<Verdict> Identify(store::Transaction& transaction, const Sighting& sighting) {
  auto judged = Judge(transaction, sighting).Claim();
  if (!judged) return judged.error();
  if (std::holds_alternative<Protected>(*judged)) return Verdict(Protected{});
  if (auto* held = std::get_if<Held>(&*judged)) {
    return Settler(transaction, sighting, false).Wait(std::move(*held));
  }
  auto place = std::get<Place>(std::move(*judged));
  return CarryWhatStands(transaction, sighting, std::move(place), false);
}

base::Result<Verdict> IdentifyAs(store::Transaction& transaction, const Sighting& sighting,
                                 const std::optional<record::IdentityId>& identity,
                                 const record::PersonId& person) {
  const auto found = transaction.patients().FindPerson(person);
  if (!found) return found.error();
  if (!*found) return base::Error{base::ErrorId::kNotFound, "person", "name a person that exists"};
  auto place = PlaceIn(transaction, sighting, identity, **found);
  if (!place) return place.error();
  return CarryWhatStands(transaction, AsLate(sighting), std::move(*place), true);
}

}  // namespace milecastle::identify

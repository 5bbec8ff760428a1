#include "inside/judge.h"

#include <algorithm>
#include <set>
#include <utility>

#include "identify/claim.h"
#include "record/logical_id.h"

namespace milecastle::identify {
namespace {

bool IsSevered(const store::Person& person) { return person.state == store::PersonState::kSevered; }

using Locals = std::vector<record::LocalIdentifier>;

bool Has(const Locals& locals, const record::LocalIdentifier& one) {
  return std::find(locals.begin(), locals.end(), one) != locals.end();
}

// Identifiers of a patient, not of a server's record.
Locals OwnOf(Locals locals) {
  std::erase_if(locals, record::IsLogicalId);
  return locals;
}

// Of one authority each has identifiers, and none in common.
bool Differ(const Locals& left, const Locals& right) {
  return std::any_of(left.begin(), left.end(), [&](const record::LocalIdentifier& local) {
    bool is_known_to = false;
    bool is_shared = false;
    for (const record::LocalIdentifier& other : right) {
      if (other.authority != local.authority || other.type != local.type) continue;
      is_known_to = true;
      is_shared = is_shared || Has(left, other);
    }
    return is_known_to && !is_shared;
  });
}

bool SamePerson(const std::vector<store::Identity>& identities) {
  return std::all_of(identities.begin(), identities.end(), [&](const store::Identity& one) {
    return one.person == identities.front().person;
  });
}

}  // namespace

store::Demographics Judge::Claimed(const store::Identity* identity) const {
  return Apply(sighting_.claim,
               identity == nullptr ? store::Demographics{} : identity->demographics);
}

base::Result<Judgement> Judge::Claim() {
  const auto& locals = sighting_.claim.local_identifiers;
  auto known = finder_.ByLocal(locals);
  if (!known) return known.error();
  if (!known->empty()) return KnownOf(*std::move(known));
  if (const auto number = UsableNumber(sighting_.claim)) return ByNumber(*number);
  auto disputed = ByDisputed();
  if (!disputed) return disputed.error();
  if (*disputed) return *std::move(*disputed);
  if (locals.empty()) return Hold(WaitReason::kNoIdentifier, nullptr, {});
  return Judgement(Place{});
}

base::Result<Judgement> Judge::KnownOf(std::vector<store::Identity> known) {
  if (SamePerson(known) && !IsAnotherOfOneRecord(known.front())) {
    return Known(std::move(known.front()));
  }
  std::vector<record::PersonId> persons;
  for (const store::Identity& identity : known) {
    const auto person = finder_.PersonOf(identity.person);
    if (!person) return person.error();
    if (IsSevered(*person)) return Judgement(Protected{});
    persons.push_back(person->id);
  }
  auto held = Hold(WaitReason::kLocalIdentifiersDisagree, nullptr, persons);
  if (held) std::get<Held>(*held).disputes_ids = true;
  return held;
}

base::Result<std::optional<Judgement>> Judge::ByDisputed() {
  Locals disputed;
  for (const record::LocalIdentifier& local : sighting_.claim.local_identifiers) {
    if (!record::IsLogicalId(local)) return std::optional<Judgement>();
    disputed.push_back(record::Disputed(local));
  }
  const auto known = finder_.ByLocal(disputed);
  if (!known) return known.error();
  if (known->empty()) return std::optional<Judgement>();
  std::vector<record::PersonId> persons;
  for (const store::Identity& identity : *known) persons.push_back(identity.person);
  auto held = Hold(WaitReason::kLocalIdentifiersDisagree, nullptr, persons);
  if (!held) return held.error();
  return std::optional(*std::move(held));
}

bool Judge::IsAnotherOfOneRecord(const store::Identity& identity) const {
  const Locals own = OwnOf(sighting_.claim.local_identifiers);
  const bool is_known_by_own = std::any_of(own.begin(), own.end(), [&](const auto& local) {
    return Has(identity.local_identifiers, local);
  });
  if (is_known_by_own) return false;
  const auto number = UsableNumber(sighting_.claim);
  if (number && identity.nhs_number == number) return false;
  return Differ(own, OwnOf(identity.local_identifiers)) ||
         CompareKnown(Claimed(nullptr), identity.demographics) == Agreement::kDisagree;
}

// Typed over the wrong registration: nothing else of the person is as the claim has it, with any of
// their sources. Somebody who was not named yet is named.
base::Result<bool> Judge::IsTypedOver(const store::Identity& identity) {
  const store::Demographics said = Claimed(nullptr);
  if (identity.pseudo_person || !IsSomebodyElse(identity.demographics, said)) return false;
  const auto agrees = finder_.Agrees(said, identity.person);
  if (!agrees) return agrees.error();
  return *agrees != Agreement::kAgree;
}

// The message alone: whoever it is of, the identity stays whose it is. Where an officer says that
// it is of its own person after all, it is a correction.
base::Result<Judgement> Judge::HoldTypedOver(const store::Person& person) {
  auto held = Hold(WaitReason::kDemographicsDisagree, nullptr, {person.id});
  if (held) std::get<Held>(*held).needs_identity = false;
  return held;
}

// Rules 1 to 3.
base::Result<Judgement> Judge::Known(store::Identity identity) {
  const auto person = finder_.PersonOf(identity.person);
  if (!person) return person.error();
  if (person->state == store::PersonState::kUnidentified) {
    const auto waiting = finder_.WaitingOf(identity);
    if (!waiting) return waiting.error();
    if (*waiting) return Hold(WaitReason::kBehindAnother, &identity, (*waiting)->candidates);
  }
  const auto typed_over = IsTypedOver(identity);
  if (!typed_over) return typed_over.error();
  if (*typed_over && IsSevered(*person)) return Judgement(Protected{});
  const auto number = UsableNumber(sighting_.claim);
  const bool same_number = !number || identity.nhs_number == number;
  if (same_number && *typed_over) return HoldTypedOver(*person);
  if (same_number) {
    const record::PersonId whose = identity.person;
    return Judgement(Place{std::move(identity), whose, number});
  }
  const auto severed = finder_.SeveredOf(*number);
  if (!severed) return severed.error();
  if (*severed || IsSevered(*person)) return Judgement(Protected{});
  return KnownWithNewNumber(identity, *person, *number);
}

base::Result<Judgement> Judge::KnownWithNewNumber(const store::Identity& identity,
                                                  const store::Person& person,
                                                  const record::NhsNumber& number) {
  const auto holder = finder_.Active(number);
  if (!holder) return holder.error();
  if (identity.nhs_number || (person.nhs_number && person.nhs_number != number)) {
    std::vector<record::PersonId> persons;
    if (*holder) persons.push_back((*holder)->id);
    persons.push_back(person.id);
    return Hold(WaitReason::kNumberDiffers, &identity, persons);
  }
  const auto typed_over = IsTypedOver(identity);
  if (!typed_over) return typed_over.error();
  if (*typed_over) return HoldTypedOver(person);
  if (!*holder) return Judgement(Place{identity, person.id, number, true});
  if ((*holder)->id == person.id) return Judgement(Place{identity, person.id, number});
  const auto agrees = finder_.Agrees(Claimed(&identity), (*holder)->id);
  if (!agrees) return agrees.error();
  if (*agrees == Agreement::kAgree) return Judgement(Place{identity, (*holder)->id, number});
  return NextToHolder(*agrees, **holder, Place{identity, person.id, number, true});
}

base::Result<Judgement> Judge::NextToHolder(Agreement agrees, const store::Person& holder,
                                            Place place) {
  const auto makes_room =
      agrees == Agreement::kDisagree ? MakesRoom(holder) : base::Result<bool>(false);
  if (!makes_room) return makes_room.error();
  if (*makes_room) {
    place.instead_of = holder.id;
    return Judgement(std::move(place));
  }
  return Hold(agrees == Agreement::kDisagree ? WaitReason::kDemographicsDisagree
                                             : WaitReason::kDemographicsMissing,
              place.identity ? &*place.identity : nullptr, {holder.id});
}

// The claim's number may be relied on, its feed traces numbers, and that of none of whoever holds
// it may: they were shared with nobody. Whatever an officer, a merge or a trace has put together
// stays.
base::Result<bool> Judge::MakesRoom(const store::Person& holder) {
  const bool takes =
      sighting_.traces_numbers && IsRelied(sighting_.claim.tracing, sighting_.share_untraced);
  if (!takes || holder.under_merge_review) return false;
  const auto theirs = finder_.IdentitiesOf(holder.id);
  if (!theirs) return theirs.error();
  const bool shared = std::any_of(theirs->begin(), theirs->end(),
                                  [](const store::Identity& one) { return one.shareable; });
  if (shared) return false;
  const auto links = finder_.LinksOf(holder.id);
  if (!links) return links.error();
  return std::all_of(links->begin(), links->end(), [](const store::LinkEvent& event) {
    return event.reason == kFirstSighting || event.reason == kNumberAgrees ||
           event.reason == kSetBeside;
  });
}

// Rules 4 and 5.
base::Result<Judgement> Judge::ByNumber(const record::NhsNumber& number) {
  const auto severed = finder_.SeveredOf(number);
  if (!severed) return severed.error();
  if (*severed) return InSevered(**severed, number);
  const auto holder = finder_.Active(number);
  if (!holder) return holder.error();
  if (!*holder) return Judgement(Place{std::nullopt, std::nullopt, number, true});
  const auto agrees = finder_.Agrees(Claimed(nullptr), (*holder)->id);
  if (!agrees) return agrees.error();
  if (*agrees != Agreement::kAgree) {
    return NextToHolder(*agrees, **holder, Place{std::nullopt, std::nullopt, number, true});
  }
  auto nameless = NamelessOf(number, (*holder)->id);
  if (!nameless) return nameless.error();
  return Judgement(Place{std::move(*nameless), (*holder)->id, number});
}

// Another source still uses a severed person's number: kept with that person alone, or for the
// named role to look at.
base::Result<Judgement> Judge::InSevered(const store::Person& severed,
                                         const record::NhsNumber& number) {
  const auto agrees = finder_.Agrees(Claimed(nullptr), severed.id);
  if (!agrees) return agrees.error();
  if (*agrees != Agreement::kAgree) return Judgement(Protected{});
  auto nameless = NamelessOf(number, severed.id);
  if (!nameless) return nameless.error();
  return Judgement(Place{std::move(*nameless), severed.id, number});
}

// A claim without local identifiers goes on where the source's last one of this number went; one
// with new local identifiers gives them to an identity that has none. Ids of records count for
// none: a source that gives each message another must not begin anew with each.
base::Result<std::optional<store::Identity>> Judge::NamelessOf(const record::NhsNumber& number,
                                                               const record::PersonId& person) {
  auto identities = finder_.OfSource(number);
  if (!identities) return identities.error();
  const bool claim_has_locals = !OwnOf(sighting_.claim.local_identifiers).empty();
  for (store::Identity& identity : *identities) {
    if (identity.person != person) continue;
    if (claim_has_locals && !OwnOf(identity.local_identifiers).empty()) continue;
    return std::optional(std::move(identity));
  }
  return std::optional<store::Identity>();
}

base::Result<std::vector<record::PersonId>> Judge::CandidatesFor(
    const store::Identity* identity, const std::vector<record::PersonId>& first) {
  const store::Demographics claimed = Claimed(identity);
  const Tracer* const tracer = sighting_.tracer;
  if (tracer == nullptr || !tracer->options().enabled) {
    return finder_.Candidates(first, sighting_.claim.pseudo_person ? nullptr : &claimed);
  }
  store::Identity who{.source = sighting_.source};
  if (identity != nullptr) who.id = identity->id, who.person = identity->person;
  who.pseudo_person = sighting_.claim.pseudo_person;
  who.local_identifiers = sighting_.claim.local_identifiers;
  who.demographics = claimed;
  return finder_.Candidates(
      first, *tracer, who,
      sighting_.location_protected ? Whereabouts::kProtected : Whereabouts::kCompared);
}

base::Result<Judgement> Judge::Hold(WaitReason reason, const store::Identity* identity,
                                    const std::vector<record::PersonId>& first) {
  auto candidates = CandidatesFor(identity, first);
  if (!candidates) return candidates.error();
  Held held;
  held.waits.reason = reason;
  held.waits.candidates = std::move(*candidates);
  if (identity != nullptr) {
    held.waits.identity = identity->id;
    std::erase_if(held.waits.candidates, [&](const record::PersonId& id) {
      return id == identity->person && reason != WaitReason::kNumberDiffers;
    });
  }
  held.needs_identity = identity == nullptr && !sighting_.claim.local_identifiers.empty() &&
                        reason != WaitReason::kLocalIdentifiersDisagree;
  return Judgement(std::move(held));
}

// By local identifier; by NHS number only where the merge names no other.
base::Result<Judge::Discarded> Judge::FindDiscarded() {
  const record::MergeClaim& merge = *sighting_.merge;
  Discarded discarded;
  for (const record::LocalIdentifier& local : merge.discarded) {
    auto found = finder_.ByLocal({local});
    if (!found) return found.error();
    if (found->empty()) discarded.unseen.push_back(local);
    for (store::Identity& one : *found) discarded.identities.push_back(std::move(one));
  }
  const auto number = record::NhsNumber::Parse(merge.discarded_nhs_number_as_sent);
  if (merge.discarded.empty() && number) {
    auto found = finder_.OfSource(*number);
    if (!found) return found.error();
    discarded.identities = std::move(*found);
  }
  for (const store::Identity& one : discarded.identities) discarded.named.push_back(one.id);
  return discarded;
}

// The source's identities of these persons that it had merged into another, by that other.
base::Result<Judge::ByTarget> Judge::MergedAmong(const std::vector<store::Identity>& identities) {
  std::set<record::PersonId> persons;
  for (const store::Identity& one : identities) persons.insert(one.person);
  ByTarget merged;
  for (const record::PersonId& person : persons) {
    auto beside = finder_.OfSourceIn(person);
    if (!beside) return beside.error();
    for (store::Identity& each : *beside) {
      if (each.merged_into) merged.emplace(*each.merged_into, std::move(each));
    }
  }
  return merged;
}

// Whoever the source had merged into a patient goes where they go; who else was merged into their
// person does not.
base::Result<void> Judge::AddEarlierMerges(std::vector<store::Identity>& identities) {
  const auto merged = MergedAmong(identities);
  if (!merged) return merged.error();
  std::set<record::IdentityId> known;
  for (const store::Identity& one : identities) known.insert(one.id);
  for (std::size_t at = 0; at < identities.size(); ++at) {
    const auto [first, last] = merged->equal_range(identities[at].id);
    for (auto each = first; each != last; ++each) {
      if (known.insert(each->second.id).second) identities.push_back(each->second);
    }
  }
  return {};
}

// Takes out whom the merge would not move, adds who goes along.
base::Result<void> Judge::Complete(const Place& survivor, Discarded& discarded) {
  std::erase_if(discarded.identities, [&](const store::Identity& one) {
    return (survivor.identity && one.id == survivor.identity->id) ||
           (survivor.person && one.person == *survivor.person);
  });
  if (survivor.identity) {
    std::erase(discarded.named, survivor.identity->id);
    discarded.survivors = {*survivor.identity};
  }
  if (auto added = AddEarlierMerges(discarded.identities); !added) return added;
  return AddEarlierMerges(discarded.survivors);
}

base::Result<Judge::MergeJudgement> Judge::Merge(const Place& survivor, bool forced) {
  auto discarded = FindDiscarded();
  if (!discarded) return discarded.error();
  if (auto completed = Complete(survivor, *discarded); !completed) return completed.error();
  const auto severed = WouldJoinSevered(survivor, *discarded);
  if (!severed) return severed.error();
  if (*severed) return MergeJudgement(Protected{});
  if (!forced) {
    const auto other = WithOtherNumber(survivor, *discarded);
    if (!other) return other.error();
    if (*other) return HoldMerge(survivor, **other);
  }
  return MergeJudgement(std::move(*discarded));
}

base::Result<Judge::MergeJudgement> Judge::HoldMerge(const Place& survivor,
                                                     const record::PersonId& other) {
  auto held = Hold(WaitReason::kMergeOfTwoNumbers,
                   survivor.identity ? &*survivor.identity : nullptr, {other});
  if (!held) return held.error();
  return MergeJudgement(std::get<Held>(std::move(*held)));
}

base::Result<std::optional<record::PersonId>> Judge::WithOtherNumber(const Place& survivor,
                                                                     const Discarded& discarded) {
  for (const store::Identity& one : discarded.identities) {
    const auto agree = NumbersAgree(survivor, one);
    if (!agree) return agree.error();
    if (!*agree) return std::optional(one.person);
  }
  return std::optional<record::PersonId>();
}

base::Result<bool> Judge::WouldJoinSevered(const Place& survivor, const Discarded& discarded) {
  if (discarded.identities.empty() && discarded.unseen.empty()) return false;
  std::vector<record::PersonId> persons;
  if (survivor.person) persons.push_back(*survivor.person);
  for (const store::Identity& one : discarded.identities) persons.push_back(one.person);
  for (const record::PersonId& id : persons) {
    const auto person = finder_.PersonOf(id);
    if (!person) return person.error();
    if (IsSevered(*person)) return true;
  }
  const auto number = record::NhsNumber::Parse(sighting_.merge->discarded_nhs_number_as_sent);
  if (!number) return false;
  const auto severed = finder_.SeveredOf(*number);
  if (!severed) return severed.error();
  return severed->has_value();
}

base::Result<bool> Judge::NumbersAgree(const Place& survivor, const store::Identity& discarded) {
  std::optional<record::NhsNumber> number = survivor.number;
  if (!number && survivor.person) {
    const auto person = finder_.PersonOf(*survivor.person);
    if (!person) return person.error();
    number = person->nhs_number;
  }
  std::optional<record::NhsNumber> other = discarded.nhs_number;
  if (!other) {
    const auto person = finder_.PersonOf(discarded.person);
    if (!person) return person.error();
    other = person->nhs_number;
  }
  if (!number || !other || *number == *other) return true;
  const store::Demographics claimed = Claimed(survivor.identity ? &*survivor.identity : nullptr);
  return Compare(claimed, discarded.demographics) == Agreement::kAgree;
}

}  // namespace milecastle::identify

#include "inside/finder.h"

#include <algorithm>

#include "identify/holder.h"

namespace milecastle::identify {
namespace {

constexpr std::size_t kSimilarLimit = 10;

template <class Things, class Id>
bool Holds(const Things& things, const Id& id) {
  return std::any_of(things.begin(), things.end(),
                     [&](const store::Identity& one) { return one.id == id; });
}

}  // namespace

base::Result<std::vector<store::Identity>> Finder::ByLocal(
    const std::vector<record::LocalIdentifier>& locals) {
  std::vector<store::Identity> found;
  for (const record::LocalIdentifier& local : locals) {
    auto identity = patients_.FindByLocal(source_, local);
    if (!identity) return identity.error();
    if (*identity && !Holds(found, (*identity)->id)) found.push_back(std::move(**identity));
  }
  return found;
}

base::Result<std::vector<store::Identity>> Finder::OfSourceIn(const record::PersonId& person) {
  auto identities = patients_.IdentitiesOf(person);
  if (!identities) return identities;
  std::erase_if(*identities, [this](const store::Identity& one) { return one.source != source_; });
  return identities;
}

base::Result<std::vector<store::Identity>> Finder::OfSource(const record::NhsNumber& number) {
  auto all = patients_.FindByNhsNumber(number);
  if (!all) return all.error();
  std::erase_if(*all, [this](const store::Identity& one) { return one.source != source_; });
  std::stable_sort(all->begin(), all->end(), [](const auto& left, const auto& right) {
    return left.updated > right.updated;
  });
  return std::move(*all);
}

base::Result<std::optional<store::Person>> Finder::SeveredOf(const record::NhsNumber& number) {
  auto all = identify::SeveredOf(patients_, number);
  if (!all) return all.error();
  if (all->empty()) return std::optional<store::Person>();
  return std::optional(std::move(all->front()));
}

base::Result<store::Person> Finder::PersonOf(const record::PersonId& id) {
  auto person = patients_.FindPerson(id);
  if (!person) return person.error();
  if (!*person) {
    return base::Error{base::ErrorId::kStoreCorrupt, "persons", "an identity has no person"};
  }
  return std::move(**person);
}

base::Result<Agreement> Finder::Agrees(const store::Demographics& who,
                                       const record::PersonId& person) {
  const auto identities = patients_.IdentitiesOf(person);
  if (!identities) return identities.error();
  Agreement best = Agreement::kTooLittle;
  for (const store::Identity& identity : *identities) {
    const Agreement one = Compare(who, identity.demographics);
    if (one == Agreement::kAgree) return one;
    if (one == Agreement::kDisagree) best = one;
  }
  return best;
}

base::Result<std::optional<store::QueueItem>> Finder::WaitingOf(const store::Identity& identity) {
  auto open = transaction_.queues().OpenFor(identity.id);
  if (!open) return open.error();
  for (store::QueueItem& item : *open) {
    if (item.kind == store::QueueKind::kAwaitingIdentity) return std::optional(std::move(item));
  }
  return std::optional<store::QueueItem>();
}

base::Result<std::vector<record::PersonId>> Finder::Candidates(
    const std::vector<record::PersonId>& first, const store::Demographics* similar_to) {
  std::vector<record::PersonId> all = first;
  if (similar_to != nullptr && similar_to->birth_date && !similar_to->names.empty()) {
    const auto similar = patients_.FindSimilar(*similar_to->birth_date,
                                               similar_to->names.front().family, kSimilarLimit);
    if (!similar) return similar.error();
    for (const store::Identity& identity : *similar) all.push_back(identity.person);
  }
  return NotSevered(all);
}

base::Result<std::vector<record::PersonId>> Finder::Candidates(
    const std::vector<record::PersonId>& first, const Tracer& tracer, const store::Identity& who,
    Whereabouts whereabouts) {
  const auto traced = Search(transaction_, tracer, who, whereabouts);
  if (!traced) return traced.error();
  std::vector<record::PersonId> all = first;
  for (const Candidate& candidate : traced->ranked) {
    if (all.size() < first.size() + kSimilarLimit) all.push_back(candidate.person);
  }
  return NotSevered(all);
}

// Each once, in their order.
base::Result<std::vector<record::PersonId>> Finder::NotSevered(
    const std::vector<record::PersonId>& all) {
  std::vector<record::PersonId> candidates;
  for (const record::PersonId& id : all) {
    if (std::find(candidates.begin(), candidates.end(), id) != candidates.end()) continue;
    const auto person = PersonOf(id);
    if (!person) return person.error();
    if (person->state != store::PersonState::kSevered) candidates.push_back(id);
  }
  return candidates;
}

}  // namespace milecastle::identify

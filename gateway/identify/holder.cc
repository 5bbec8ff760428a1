#include "identify/holder.h"

#include <algorithm>
#include <utility>

namespace milecastle::identify {
namespace {

using store::Person;

void AddOnce(Person person, std::vector<Person>& to) {
  const bool known =
      std::any_of(to.begin(), to.end(), [&](const Person& one) { return one.id == person.id; });
  if (!known) to.push_back(std::move(person));
}

}  // namespace

base::Result<std::vector<Person>> SeveredOf(store::ReadPatients& patients,
                                            const record::NhsNumber& number) {
  const auto identities = patients.FindByNhsNumber(number);
  if (!identities) return identities.error();
  std::vector<Person> severed;
  for (const store::Identity& identity : *identities) {
    auto person = patients.FindPerson(identity.person);
    if (!person) return person.error();
    if (!*person) {
      return base::Error{base::ErrorId::kStoreCorrupt, "persons", "an identity has no person"};
    }
    if ((*person)->state == store::PersonState::kSevered) AddOnce(std::move(**person), severed);
  }
  auto own = patients.FindSeveredByNhsNumber(number);
  if (!own) return own.error();
  for (Person& person : *own) AddOnce(std::move(person), severed);
  return severed;
}

base::Result<bool> IsSevered(store::ReadPatients& patients, const record::PersonId& id) {
  const auto person = patients.FindPerson(id);
  if (!person) return person.error();
  return *person && (*person)->state == store::PersonState::kSevered;
}

base::Result<bool> IsFree(store::ReadPatients& patients, const record::NhsNumber& number) {
  const auto holder = patients.FindPersonByNhsNumber(number);
  if (!holder) return holder.error();
  if (*holder) return false;
  const auto severed = SeveredOf(patients, number);
  if (!severed) return severed.error();
  return severed->empty();
}

base::Result<bool> IsLocationProtected(store::ReadFacts& facts, const record::PersonId& person) {
  const auto known = facts.FactsOf(person);
  if (!known) return known.error();
  const auto& flags = known->location_flags;
  return std::any_of(flags.begin(), flags.end(), [](const record::LocationFlag& flag) {
    return flag.level != record::LocationProtection::kNone;
  });
}

}  // namespace milecastle::identify

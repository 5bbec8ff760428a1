#include "inside/search.h"

#include <algorithm>
#include <set>
#include <utility>

#include "identify/holder.h"
#include "record/logical_id.h"

namespace milecastle::identify {
namespace {

using store::Identity;

bool IsJanuaryFirst(const record::BirthDate& born) {
  return born.date.month() == std::chrono::January && born.date.day() == std::chrono::day(1);
}

std::optional<record::BirthDate> WithDayAndMonthSwapped(const record::BirthDate& born) {
  const std::chrono::year_month_day swapped{
      born.date.year(), std::chrono::month(static_cast<unsigned>(born.date.day())),
      std::chrono::day(static_cast<unsigned>(born.date.month()))};
  if (!swapped.ok() || swapped == born.date) return std::nullopt;
  return record::BirthDate{swapped};
}

// Some forty: of each digit the others, as far as they make a date of the last and this century.
std::vector<record::BirthDate> WithOneDigitOff(const record::BirthDate& born) {
  constexpr std::chrono::year kFirst{1880};
  constexpr std::chrono::year kLast{2099};
  std::vector<record::BirthDate> dates;
  const std::string text = born.ToString();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '-') continue;
    std::string other = text;
    for (char digit = '0'; digit <= '9'; ++digit) {
      other[at] = digit;
      const auto date = record::BirthDate::Parse(other);
      if (!date || *date == born || date->date.year() < kFirst || date->date.year() > kLast) {
        continue;
      }
      dates.push_back(*date);
    }
  }
  return dates;
}

// The identities that the indexes give, each once, until there are more than may be looked at.
class Gathering {
 public:
  Gathering(store::ReadPatients& patients, std::size_t most) : patients_(patients), most_(most) {}

  base::Result<void> Gather(const Described& who, const Identity& identity) {
    for (const record::LocalIdentifier& local : identity.local_identifiers) {
      if (record::IsLogicalId(local)) continue;
      auto taken = Take([&] { return patients_.FindByIdentifier(local, most_ + 1); });
      if (!taken) return taken;
    }
    for (const Described::Name& name : who.names) {
      if (who.born) {
        if (auto taken = ByBirth(name, *who.born); !taken) return taken;
      }
      for (const std::string& postcode : who.postcodes) {
        auto taken =
            Take([&] { return patients_.FindByPostcode(postcode, name.family, most_ + 1); });
        if (!taken) return taken;
      }
    }
    return {};
  }

  const std::set<record::PersonId>& persons() const { return persons_; }
  bool too_many() const { return identities_.size() > most_; }

 private:
  template <class Find>
  base::Result<void> Take(Find find) {
    if (too_many()) return {};
    const auto found = find();
    if (!found) return found.error();
    for (const Identity& one : *found) {
      if (too_many()) return {};
      identities_.insert(one.id);
      persons_.insert(one.person);
    }
    return {};
  }

  // A first of January is the birth date of very many: with the very family name alone.
  base::Result<void> ByBirth(const Described::Name& name, const record::BirthDate& born) {
    if (auto taken = ByFamily(name, born); !taken) return taken;
    if (IsJanuaryFirst(born)) return {};
    if (auto taken = BySound(name, born); !taken) return taken;
    if (const auto swapped = WithDayAndMonthSwapped(born)) {
      if (auto taken = BySound(name, *swapped); !taken) return taken;
    }
    // Whoever married has their given name still; the second finds names that were swapped.
    std::vector<std::string> given = {name.family};
    if (!name.given.empty()) given.push_back(name.given.front());
    for (const std::string& each : given) {
      auto taken = Take([&] { return patients_.FindByGiven(born, each, most_ + 1); });
      if (!taken) return taken;
    }
    for (const record::BirthDate& other : WithOneDigitOff(born)) {
      if (auto taken = ByFamily(name, other); !taken) return taken;
    }
    return {};
  }

  base::Result<void> ByFamily(const Described::Name& name, const record::BirthDate& born) {
    if (name.family.empty()) return {};
    return Take([&] { return patients_.FindSimilar(born, name.family, most_ + 1); });
  }

  base::Result<void> BySound(const Described::Name& name, const record::BirthDate& born) {
    return Take(
        [&] { return patients_.FindBySound(born, store::SoundOf(name.family), most_ + 1); });
  }

  store::ReadPatients& patients_;
  const std::size_t most_;
  std::set<record::IdentityId> identities_;
  std::set<record::PersonId> persons_;
};

class Weighing {
 public:
  Weighing(store::Transaction& transaction, const Tracer& tracer, Whereabouts whereabouts)
      : transaction_(transaction), tracer_(tracer), whereabouts_(whereabouts) {}

  base::Result<void> Prepare(const Identity& who) {
    described_ = tracer_.Describe(who);
    own_person_ = who.person;
    const auto own = transaction_.patients().IdentitiesOf(who.person);
    if (!own) return own.error();
    for (const Identity& identity : *own) {
      const auto apart = transaction_.patients().ApartFrom(identity.id);
      if (!apart) return apart.error();
      apart_.insert(apart->begin(), apart->end());
    }
    return {};
  }
  const Described& described() const { return described_; }

  base::Result<void> Weigh(const record::PersonId& id, Traced& traced) {
    if (id == own_person_) return {};
    const auto identities = transaction_.patients().IdentitiesOf(id);
    if (!identities) return identities.error();
    auto comparison = BestOf(*identities, {});
    if (!comparison) return {};
    const auto hidden = IsProtected(id);
    if (!hidden) return hidden.error();
    if (*hidden) comparison = BestOf(*identities, WhereTheyAre());
    if (!comparison) return {};
    const auto person = transaction_.patients().FindPerson(id);
    if (!person) return person.error();
    if (comparison->likelihood == Likelihood::kCertain) ++certain_;
    ++found_;
    const bool severed = !*person || (*person)->state == store::PersonState::kSevered;
    if (severed || IsApart(*identities)) return {};
    traced.ranked.push_back({id, std::move(*comparison)});
    return {};
  }

  // Whoever is left out of what is told counts too: the certain one is not the only one alike.
  bool OnlyOneIsAlike() const { return certain_ == 1 && found_ == 1; }

 private:
  // Nothing where they are not even possible.
  std::optional<Comparison> BestOf(const std::vector<Identity>& identities,
                                   const Without& without) const {
    auto best = tracer_.CompareAny(described_, identities, without);
    if (best && best->likelihood < Likelihood::kPossible) best.reset();
    return best;
  }

  base::Result<bool> IsProtected(const record::PersonId& person) {
    if (whereabouts_ == Whereabouts::kProtected) return true;
    return IsLocationProtected(transaction_.facts(), person);
  }

  bool IsApart(const std::vector<Identity>& identities) const {
    return std::any_of(identities.begin(), identities.end(),
                       [this](const Identity& one) { return apart_.contains(one.id); });
  }

  store::Transaction& transaction_;
  const Tracer& tracer_;
  const Whereabouts whereabouts_;
  Described described_;
  record::PersonId own_person_;
  std::set<record::IdentityId> apart_;
  std::size_t certain_ = 0;
  std::size_t found_ = 0;
};

bool IsLikelier(const Candidate& one, const Candidate& than) {
  const auto rank = [](const Candidate& of) {
    return std::pair(of.comparison.likelihood, of.comparison.score());
  };
  return rank(one) != rank(than) ? rank(one) > rank(than) : one.person < than.person;
}

}  // namespace

base::Result<Traced> Search(store::Transaction& transaction, const Tracer& tracer,
                            const Identity& who, Whereabouts whereabouts) {
  Traced traced;
  Weighing weighing(transaction, tracer, whereabouts);
  if (auto prepared = weighing.Prepare(who); !prepared) return prepared.error();
  if (!weighing.described().traceable) return traced;
  Gathering gathering(transaction.patients(), tracer.options().candidates);
  if (auto gathered = gathering.Gather(weighing.described(), who); !gathered) {
    return gathered.error();
  }
  for (const record::PersonId& person : gathering.persons()) {
    if (auto weighed = weighing.Weigh(person, traced); !weighed) return weighed.error();
  }
  std::sort(traced.ranked.begin(), traced.ranked.end(), &IsLikelier);
  traced.too_many = gathering.too_many();
  traced.unique = weighing.OnlyOneIsAlike() && !traced.too_many && !traced.ranked.empty();
  return traced;
}

}  // namespace milecastle::identify

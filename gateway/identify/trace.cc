#include "identify/trace.h"

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>

#include "base/text.h"
#include "inside/names.h"

namespace milecastle::identify {
namespace {

using Weights = TraceWeights;

constexpr auto kWeightLines = std::to_array<WeightLine>({
    {"family_agrees", &Weights::family_agrees},
    {"family_swapped", &Weights::family_swapped},
    {"family_part_agrees", &Weights::family_part_agrees},
    {"family_spelt_alike", &Weights::family_spelt_alike},
    {"family_differs", &Weights::family_differs},
    {"given_agrees", &Weights::given_agrees},
    {"given_first_agrees", &Weights::given_first_agrees},
    {"given_short_form", &Weights::given_short_form},
    {"given_swapped", &Weights::given_swapped},
    {"given_spelt_alike", &Weights::given_spelt_alike},
    {"given_middle_name", &Weights::given_middle_name},
    {"given_initial_agrees", &Weights::given_initial_agrees},
    {"given_middle_names_differ", &Weights::given_middle_names_differ},
    {"given_differs", &Weights::given_differs},
    {"birth_agrees", &Weights::birth_agrees},
    {"birth_day_and_month_swapped", &Weights::birth_day_and_month_swapped},
    {"birth_one_digit_off", &Weights::birth_one_digit_off},
    {"birth_january_first", &Weights::birth_january_first},
    {"birth_differs", &Weights::birth_differs},
    {"sex_agrees", &Weights::sex_agrees},
    {"sex_differs", &Weights::sex_differs},
    {"postcode_agrees", &Weights::postcode_agrees},
    {"postcode_outward_agrees", &Weights::postcode_outward_agrees},
    {"postcode_differs", &Weights::postcode_differs},
    {"telecom_agrees", &Weights::telecom_agrees},
    {"local_identifier_agrees", &Weights::local_identifier_agrees},
    {"local_identifier_differs", &Weights::local_identifier_differs},
});

constexpr std::string_view kAgrees = "agrees";
constexpr std::string_view kDiffers = "differs";
constexpr std::string_view kMissing = "missing";
constexpr std::string_view kNotCompared = "not_compared";

struct Said {
  std::string_view verdict = kMissing;
  std::int32_t points = 0;
};

bool IsBetter(const Said& one, const Said& than) {
  return one.points > than.points ||
         (one.points == than.points && one.verdict < than.verdict);  // in whatever order they come
}

// The best of what any of the left says with any of the right.
template <class List, class Compare>
Said Best(const List& left, const List& right, Compare compare) {
  std::optional<Said> best;
  for (const auto& one : left) {
    for (const auto& other : right) {
      const Said said = compare(one, other);
      if (said.verdict == kMissing) continue;
      if (!best || IsBetter(said, *best)) best = said;
    }
  }
  return best.value_or(Said{});
}

bool Includes(const std::vector<std::string>& all, const std::vector<std::string>& some) {
  return !some.empty() && std::includes(all.begin(), all.end(), some.begin(), some.end());
}

Said FamilyOf(const Described::Name& left, const Described::Name& right, const Weights& weights) {
  if (left.family.empty() || right.family.empty()) return {};
  if (left.family == right.family) return {kAgrees, weights.family_agrees};
  if (Includes(left.parts, right.parts) || Includes(right.parts, left.parts)) {
    return {"part_agrees", weights.family_part_agrees};
  }
  if (SpeltAlike(left.family, right.family, Likeness::kLettersOrSound)) {
    return {"spelt_alike", weights.family_spelt_alike};
  }
  return {kDiffers, weights.family_differs};
}

// Of those that follow the first: whether each of the fewer is one of the more.
bool FollowersAgree(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  const auto& fewer = left.size() <= right.size() ? left : right;
  const auto& more = left.size() <= right.size() ? right : left;
  return std::all_of(fewer.begin() + 1, fewer.end(), [&](const std::string& one) {
    return std::any_of(more.begin() + 1, more.end(), [&](const std::string& other) {
      return SameInShort(one, other) || SpeltAlike(one, other);
    });
  });
}

// The first names are one and the same. Siblings may share them: Mohammed Ali, Mohammed Hassan.
Said WithFirstAlike(const std::vector<std::string>& left, const std::vector<std::string>& right,
                    const Weights& weights) {
  if (left == right) return {kAgrees, weights.given_agrees};
  if (left.size() == 1 || right.size() == 1) {
    return {"first_name_agrees", weights.given_first_agrees};
  }
  if (FollowersAgree(left, right)) return {"first_name_agrees", weights.given_first_agrees};
  return {"middle_names_differ", weights.given_middle_names_differ};
}

Said GivenOf(const Described::Name& left, const Described::Name& right, const Weights& weights,
             bool sexes_differ) {
  if (left.given.empty() || right.given.empty()) return {};
  switch (CompareGiven(left.given, right.given, sexes_differ)) {
    case GivenLikeness::kSame:
      return WithFirstAlike(left.given, right.given, weights);
    case GivenLikeness::kShortForm:
      return {"short_form", weights.given_short_form};
    case GivenLikeness::kSpeltAlike:
      return {"spelt_alike", weights.given_spelt_alike};
    case GivenLikeness::kMiddleName:
      return {"middle_name", weights.given_middle_name};
    case GivenLikeness::kInitial:
      return {"initial_agrees", weights.given_initial_agrees};
    case GivenLikeness::kNone:
      break;
  }
  return {kDiffers, weights.given_differs};
}

bool AreSwapped(const Described::Name& left, const Described::Name& right) {
  return !left.family.empty() && !right.family.empty() && !left.given.empty() &&
         !right.given.empty() && left.family == right.given.front() &&
         right.family == left.given.front();
}

struct Names {
  Said family;
  Said given;
};
Names NamesOf(const Described& left, const Described& right, const Weights& weights) {
  const bool sexes_differ = left.sex != ' ' && right.sex != ' ' && left.sex != right.sex;
  Names names;
  names.family = Best(left.names, right.names, [&](const auto& one, const auto& other) {
    return FamilyOf(one, other, weights);
  });
  names.given = Best(left.names, right.names, [&](const auto& one, const auto& other) {
    return GivenOf(one, other, weights, sexes_differ);
  });
  const Said swapped = Best(left.names, right.names, [](const auto& one, const auto& other) {
    return AreSwapped(one, other) ? Said{"swapped", 0} : Said{};
  });
  const std::int32_t plain = names.family.points + names.given.points;
  if (swapped.verdict != kMissing && weights.family_swapped + weights.given_swapped > plain) {
    names.family = {"swapped_with_given_name", weights.family_swapped};
    names.given = {"swapped_with_family_name", weights.given_swapped};
  }
  return names;
}

// Points for none: two generations are two people, and no likeness makes up for it.
Said GenerationOf(const Described& left, const Described& right) {
  if (left.generations.empty() || right.generations.empty()) return {};
  return {left.generations == right.generations ? kAgrees : kDiffers, 0};
}

bool IsJanuaryFirst(const record::BirthDate& born) {
  return born.date.month() == std::chrono::January && born.date.day() == std::chrono::day(1);
}

bool AreDayAndMonthSwapped(const record::BirthDate& left, const record::BirthDate& right) {
  return left.date.year() == right.date.year() &&
         static_cast<unsigned>(left.date.month()) == static_cast<unsigned>(right.date.day()) &&
         static_cast<unsigned>(left.date.day()) == static_cast<unsigned>(right.date.month());
}

bool IsOneDigitOff(const record::BirthDate& left, const record::BirthDate& right) {
  const std::string one = left.ToString();
  const std::string other = right.ToString();
  int differing = one.size() == other.size() ? 0 : 2;
  for (std::size_t i = 0; differing < 2 && i < one.size(); ++i) {
    differing += one[i] != other[i] ? 1 : 0;
  }
  return differing == 1;
}

// The first of January mostly says that the day is not known.
Said BirthOf(const Described& left, const Described& right, const Weights& weights) {
  if (!left.born || !right.born) return {};
  if (IsJanuaryFirst(*left.born) || IsJanuaryFirst(*right.born)) {
    const bool same_year = left.born->date.year() == right.born->date.year();
    return same_year ? Said{"january_first_and_year_agree", weights.birth_january_first}
                     : Said{kDiffers, weights.birth_differs};
  }
  if (*left.born == *right.born) return {kAgrees, weights.birth_agrees};
  if (AreDayAndMonthSwapped(*left.born, *right.born)) {
    return {"day_and_month_swapped", weights.birth_day_and_month_swapped};
  }
  if (IsOneDigitOff(*left.born, *right.born)) return {"one_digit_off", weights.birth_one_digit_off};
  return {kDiffers, weights.birth_differs};
}

Said SexOf(const Described& left, const Described& right, const Weights& weights) {
  if (left.sex == ' ' || right.sex == ' ') return {};
  return left.sex == right.sex ? Said{kAgrees, weights.sex_agrees}
                               : Said{kDiffers, weights.sex_differs};
}

Said PostcodeOf(const Described& left, const Described& right, const Weights& weights) {
  constexpr std::size_t kInward = 3;
  return Best(left.postcodes, right.postcodes, [&](const auto& one, const auto& other) -> Said {
    if (one == other) return {kAgrees, weights.postcode_agrees};
    const bool outward =
        one.substr(0, one.size() - kInward) == other.substr(0, other.size() - kInward);
    return outward ? Said{"outward_part_agrees", weights.postcode_outward_agrees}
                   : Said{kDiffers, weights.postcode_differs};
  });
}

Said TelecomOf(const Described& left, const Described& right, const Weights& weights) {
  return Best(left.telecoms, right.telecoms, [&](const auto& one, const auto& other) {
    return one == other ? Said{kAgrees, weights.telecom_agrees} : Said{kDiffers, 0};
  });
}

Said LocalOf(const Described& left, const Described& right, const Weights& weights) {
  return Best(left.locals, right.locals, [&](const auto& one, const auto& other) -> Said {
    if (one.first != other.first) return {};
    return one.second == other.second ? Said{kAgrees, weights.local_identifier_agrees}
                                      : Said{kDiffers, weights.local_identifier_differs};
  });
}

// Points for none: a trace is for whom no number names.
Said NumberOf(const Described& left, const Described& right) {
  if (!left.nhs_number || !right.nhs_number) return {};
  return {*left.nhs_number == *right.nhs_number ? kAgrees : kDiffers, 0};
}

// What the fields say together.
class Sum {
 public:
  explicit Sum(const Without& without) : without_(without) {}

  void Add(Field field, Said said) {
    if (without_.contains(field)) said = {kNotCompared, 0};
    const bool missing = said.verdict == kMissing || said.verdict == kNotCompared;
    const bool must_be_there =
        field == Field::kFamilyName || field == Field::kGivenName || field == Field::kBirthDate;
    const bool never =
        field == Field::kGivenName || field == Field::kGeneration || field == Field::kNhsNumber;
    exact_ = exact_ && (said.verdict == kAgrees || (missing && !must_be_there));
    never_ = never_ || (never && said.verdict == kDiffers);
    // What is told elsewhere of no two people is not told of these.
    const bool seldom = field == Field::kGeneration || field == Field::kNhsNumber;
    note_.score += said.points;
    if (seldom && said.verdict == kMissing) return;
    note_.fields.push_back({std::string(KeyOf(field)), std::string(said.verdict), said.points});
  }

  Likelihood likelihood(const TraceOptions& options) const {
    if (never_) return Likelihood::kNever;
    if (exact_ && note_.score >= options.certain_from) return Likelihood::kCertain;
    return note_.score >= options.possible_from ? Likelihood::kPossible : Likelihood::kUnlikely;
  }
  store::MatchNote Take() { return std::move(note_); }

 private:
  const Without& without_;
  store::MatchNote note_;
  bool exact_ = true;
  bool never_ = false;
};

std::string Canonical(const TraceOptions& options) {
  std::string text =
      std::string("trace 1 ") + (options.enabled ? "on" : "off") +
      (options.auto_link ? " auto" : "") + " " + std::to_string(options.possible_from) + " " +
      std::to_string(options.certain_from) + " " + std::to_string(options.candidates);
  for (const WeightLine& line : kWeightLines) {
    text += "\n" + std::string(line.key) + " " + std::to_string(options.weights.*line.points);
  }
  for (const std::string& name : options.ignored_names) text += "\n- " + name;
  return text;
}

// Each of these is worth at least as much as the next.
bool Descends(std::initializer_list<std::int32_t> points) {
  return std::is_sorted(points.begin(), points.end(), std::greater<>());
}

}  // namespace

std::span<const WeightLine> WeightLines() { return kWeightLines; }

std::string_view KeyOf(Field field) {
  constexpr auto kKeys = std::to_array<std::string_view>(
      {"family_name", "given_name", "generation", "birth_date", "sex", "postcode", "telecom",
       "local_identifier", "nhs_number"});
  return kKeys.at(static_cast<std::size_t>(field) - 1);
}

std::string_view KeyOf(Likelihood likelihood) {
  constexpr auto kKeys =
      std::to_array<std::string_view>({"never", "unlikely", "possible", "certain"});
  return kKeys.at(static_cast<std::size_t>(likelihood) - 1);
}

Without WhereTheyAre() { return {Field::kPostcode, Field::kTelecom}; }

std::vector<std::pair<std::string, std::string>> ProblemsOf(const TraceOptions& options) {
  std::vector<std::pair<std::string, std::string>> problems;
  const Weights& of = options.weights;
  const std::int32_t bare = of.family_agrees + of.given_agrees + of.birth_agrees + of.sex_agrees;
  if (options.certain_from <= bare) {
    problems.emplace_back("certain_from", "write more than " + std::to_string(bare) +
                                              ": what names, birth date and sex give alone, which "
                                              "two people may share");
  }
  if (options.possible_from > options.certain_from) {
    problems.emplace_back("possible_from", "write at most certain_from");
  }
  struct Order {
    const char* key;
    const char* advice;
    bool holds;
  };
  const Order orders[] = {
      {"family_agrees",
       "write more for agreement than for agreement in part, and nothing above 0 "
       "for family_differs",
       Descends({of.family_agrees, of.family_swapped, of.family_part_agrees, of.family_spelt_alike,
                 0, of.family_differs})},
      {"given_agrees",
       "write the weights of given names in their order, and nothing above 0 for "
       "given_differs",
       Descends({of.given_agrees, of.given_first_agrees, of.given_short_form, of.given_swapped,
                 of.given_spelt_alike, of.given_middle_name, of.given_initial_agrees,
                 of.given_middle_names_differ, of.given_differs}) &&
           of.given_differs <= 0},
      {"birth_agrees",
       "write the weights of birth dates in their order, and nothing above 0 for "
       "birth_differs",
       Descends({of.birth_agrees, of.birth_day_and_month_swapped, of.birth_one_digit_off,
                 of.birth_january_first, 0, of.birth_differs})},
      {"sex_agrees", "write at least 0, and at most 0 for sex_differs",
       Descends({of.sex_agrees, 0, of.sex_differs})},
      {"postcode_agrees",
       "write the weights of postcodes in their order, and nothing above 0 for "
       "postcode_differs",
       Descends({of.postcode_agrees, of.postcode_outward_agrees, 0, of.postcode_differs})},
      {"telecom_agrees", "write at least 0", of.telecom_agrees >= 0},
      {"local_identifier_agrees", "write at least 0, and at most 0 for local_identifier_differs",
       Descends({of.local_identifier_agrees, 0, of.local_identifier_differs})}};
  for (const Order& order : orders) {
    if (!order.holds) problems.emplace_back(order.key, order.advice);
  }
  return problems;
}

Tracer::Tracer(TraceOptions options) : options_(std::move(options)) {
  constexpr std::size_t kDigits = 12;
  for (const std::string& name : options_.ignored_names) {
    if (auto words = WordsOf(name); !words.empty()) ignored_.push_back(std::move(words));
  }
  version_ = base::DigestName(Canonical(options_), kDigits);
}

Comparison Tracer::Compare(const Described& left, const Described& right,
                           const Without& without) const {
  const Weights& weights = options_.weights;
  const Names names = NamesOf(left, right, weights);
  Sum sum(without);
  sum.Add(Field::kFamilyName, names.family);
  sum.Add(Field::kGivenName, names.given);
  sum.Add(Field::kGeneration, GenerationOf(left, right));
  sum.Add(Field::kBirthDate, BirthOf(left, right, weights));
  sum.Add(Field::kSex, SexOf(left, right, weights));
  sum.Add(Field::kPostcode, PostcodeOf(left, right, weights));
  sum.Add(Field::kTelecom, TelecomOf(left, right, weights));
  sum.Add(Field::kLocalIdentifier, LocalOf(left, right, weights));
  sum.Add(Field::kNhsNumber, NumberOf(left, right));
  Comparison comparison{.likelihood = sum.likelihood(options_), .note = sum.Take()};
  if ((!left.traceable || !right.traceable) && comparison.likelihood > Likelihood::kUnlikely) {
    comparison.likelihood = Likelihood::kUnlikely;
  }
  comparison.note.configuration = version_;
  comparison.note.verdict = KeyOf(comparison.likelihood);
  return comparison;
}

std::optional<Comparison> Tracer::CompareAny(const Described& who,
                                             const std::vector<store::Identity>& identities,
                                             const Without& without) const {
  std::optional<Comparison> best;
  bool against = false;
  for (const store::Identity& identity : identities) {
    Comparison one = Compare(who, Describe(identity), without);
    against = against || one.likelihood == Likelihood::kNever;
    if (!best ||
        std::pair(one.likelihood, one.score()) > std::pair(best->likelihood, best->score())) {
      best = std::move(one);
    }
  }
  if (against && best->likelihood == Likelihood::kCertain) {
    best->likelihood = Likelihood::kPossible;
    best->note.verdict = KeyOf(best->likelihood);
  }
  return best;
}

// The verdict on the whole goes too: beside the other points it would tell what was left out.
void LeaveOut(const Without& fields, store::MatchNote& note) {
  for (store::FieldNote& said : note.fields) {
    const bool out = std::any_of(fields.begin(), fields.end(),
                                 [&](const Field field) { return KeyOf(field) == said.field; });
    if (!out) continue;
    note.score -= said.points;
    said = {said.field, std::string(kNotCompared), 0};
    note.verdict.clear();
  }
}

}  // namespace milecastle::identify

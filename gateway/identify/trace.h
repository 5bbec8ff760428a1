// How alike two descriptions are, of whom no NHS number says that they are one: a trace in the
// manner of the Personal Demographics Service. TRACE.md says it in full, with its arithmetic.
//
// Each field gives a verdict and its points; the score is their sum. A simple trace is exact: the
// family name, the given name, the birth date, and whatever else both have. Only what passes it may
// be certain; all else is at best possible, by its score. Another given name (twins), other
// generations (Jr, Sr) and another NHS number are never one person, whatever the score.
//
// What is missing on either side gives no points. The score is the same whichever side is asked
// about, and in whatever order names, addresses and identifiers stand.
//
// Thread-safety: pure; a Tracer may be read from any thread. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/patients.h"

namespace milecastle::identify {

// Points: agreement at its best, in part, and disagreement. [identify.trace.weights]
struct TraceWeights {
  std::int32_t family_agrees = 25;
  std::int32_t family_swapped = 20;      // it stands as the other's given name, and theirs as it
  std::int32_t family_part_agrees = 18;  // one half of a double name
  std::int32_t family_spelt_alike = 15;
  std::int32_t family_differs = -10;
  std::int32_t given_agrees = 20;        // all of them
  std::int32_t given_first_agrees = 18;  // of one side no other is known
  std::int32_t given_short_form = 16;
  std::int32_t given_swapped = 15;
  std::int32_t given_spelt_alike = 14;
  std::int32_t given_middle_name = 12;
  std::int32_t given_initial_agrees = 8;
  std::int32_t given_middle_names_differ = 0;  // the first agrees
  std::int32_t given_differs = -40;
  std::int32_t birth_agrees = 30;
  std::int32_t birth_day_and_month_swapped = 18;
  std::int32_t birth_one_digit_off = 8;
  std::int32_t birth_january_first = 5;
  std::int32_t birth_differs = -25;
  std::int32_t sex_agrees = 5;
  std::int32_t sex_differs = -10;
  std::int32_t postcode_agrees = 20;
  std::int32_t postcode_outward_agrees = 8;
  std::int32_t postcode_differs = -3;
  std::int32_t telecom_agrees = 10;
  std::int32_t local_identifier_agrees = 40;
  std::int32_t local_identifier_differs = -10;
};
struct WeightLine {
  std::string_view key;
  std::int32_t TraceWeights::*points;
};
std::span<const WeightLine> WeightLines();

// [identify.trace]
struct TraceOptions {
  bool enabled = true;
  bool auto_link = false;  // a certain match that is unique is linked without an officer
  std::int32_t possible_from = 60;
  std::int32_t certain_from = 90;
  std::size_t candidates = 64;  // looked at for one message; more are too many alike
  // Names that stand for none: whoever has no other name is never traced. Each is compared with the
  // first words of a family or given name.
  std::vector<std::string> ignored_names = {
      "anon",    "anonymous", "baby",    "boy",     "do not use", "dummy",   "female", "girl",
      "infant",  "male",      "newborn", "no name", "not known",  "patient", "test",   "training",
      "triplet", "twin",      "unk",     "unknown", "unnamed",    "xxtest",  "zztest"};
  TraceWeights weights;
};
// What cannot stand: the key of [identify.trace] (or of its weights) and what to write instead.
std::vector<std::pair<std::string, std::string>> ProblemsOf(const TraceOptions& options);

enum class Field : std::uint8_t {
  kFamilyName = 1,
  kGivenName,
  kGeneration,
  kBirthDate,
  kSex,
  kPostcode,
  kTelecom,
  kLocalIdentifier,
  kNhsNumber,
};
std::string_view KeyOf(Field field);  // "family_name" …

enum class Likelihood : std::uint8_t { kNever = 1, kUnlikely, kPossible, kCertain };
std::string_view KeyOf(Likelihood likelihood);

// Fields that are not compared, and say so: where a protected person is, what an officer may not
// know.
using Without = std::set<Field>;
Without WhereTheyAre();  // postcode and telecom

// An identity as the trace reads it, folded.
struct Described {
  struct Name {
    std::string family;              // folded
    std::vector<std::string> parts;  // of a double name, folded, without particles
    std::vector<std::string> given;  // folded, in order; a double one is one
    auto operator<=>(const Name&) const = default;
  };
  std::vector<Name> names;  // sorted, each once, the first of very many
  std::set<std::string> generations;
  std::optional<record::BirthDate> born;
  char sex = ' ';
  std::vector<std::string> postcodes;
  std::vector<std::string> telecoms;
  std::vector<std::pair<std::string, std::string>> locals;  // authority, value
  std::optional<record::NhsNumber> nhs_number;
  bool traceable = false;  // has a name of their own, and is no pseudo-person (PID-31)
};

struct Comparison {
  Likelihood likelihood = Likelihood::kUnlikely;
  store::MatchNote note;  // the same, field by field
  std::int32_t score() const { return note.score; }
};

class Tracer {
 public:
  explicit Tracer(TraceOptions options);

  const TraceOptions& options() const { return options_; }
  // Twelve hexadecimal digits: the same as long as every setting is.
  const std::string& version() const { return version_; }

  Described Describe(const store::Identity& identity) const;
  Comparison Compare(const Described& left, const Described& right,
                     const Without& without = {}) const;
  // The likeliest of a person's identities. What speaks against one of them speaks against
  // certainty of the person. Nothing where there are none.
  std::optional<Comparison> CompareAny(const Described& who,
                                       const std::vector<store::Identity>& identities,
                                       const Without& without = {}) const;

 private:
  bool IsIgnored(std::string_view name) const;

  TraceOptions options_;
  std::vector<std::vector<std::string>> ignored_;  // folded words
  std::string version_;
};

// Without these fields, and without their points.
void LeaveOut(const Without& fields, store::MatchNote& note);

}  // namespace milecastle::identify

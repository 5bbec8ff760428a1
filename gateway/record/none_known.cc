#include "record/none_known.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "record/denial_words.h"

namespace milecastle::record {
namespace {

struct Line {
  std::string_view code;
  Denial denies;
};
// SNOMED CT, and HL7's list of what is absent or unknown (IPS).
constexpr auto kCodes = std::to_array<Line>({
    {"716186003", Denial::kAll},
    {"160244002", Denial::kAll},
    {"no-known-allergies", Denial::kAll},
    {"409137002", Denial::kOneKind},
    {"429625007", Denial::kOneKind},
    {"428607008", Denial::kOneKind},
    {"716220001", Denial::kOneKind},   // animals
    {"428197003", Denial::kOneKind},   // insects
    {"1003774007", Denial::kOneKind},  // latex
    {"no-known-medication-allergies", Denial::kOneKind},
    {"no-known-environmental-allergies", Denial::kOneKind},
    {"no-known-food-allergies", Denial::kOneKind},
});

constexpr auto kAnyAllergy =
    std::to_array<std::string_view>({"419199007", "420134006", "106190000"});

// What a type or category says that is of every kind.
constexpr auto kAnyKind = std::to_array<std::string_view>(
    {"allergy", "418038007", "418634005", "allergy to substance", "propensity to adverse reactions",
     "propensity to adverse reactions to substance"});
// The categories of FHIR that are all that most records know; together they are of every kind.
constexpr auto kEveryCategory =
    std::to_array<std::string_view>({"food", "medication", "environment"});

// HL7 table 0127, FHIR's categories, SNOMED CT.
struct KindName {
  std::string_view code;
  std::string_view name;
};
constexpr auto kKindNames = std::to_array<KindName>({{"DA", "Drug allergy"},
                                                     {"FA", "Food allergy"},
                                                     {"EA", "Environmental allergy"},
                                                     {"AA", "Animal allergy"},
                                                     {"PA", "Plant allergy"},
                                                     {"LA", "Pollen allergy"},
                                                     {"MA", "Miscellaneous allergy"},
                                                     {"MC", "Contraindication"},
                                                     {"medication", "Drug allergy"},
                                                     {"food", "Food allergy"},
                                                     {"environment", "Environmental allergy"},
                                                     {"biologic", "Biologic allergy"},
                                                     {"416098002", "Drug allergy"},
                                                     {"414285001", "Food allergy"},
                                                     {"426232007", "Environmental allergy"}});

// Details that tell of something that happened, or of another substance.
constexpr auto kContradicting = std::to_array<std::string_view>(
    {"severity", "reaction", "reaction severity", "severity of the reaction", "reaction onset",
     "reaction substance", "exposure route", "last occurrence", "group of substances", "onset",
     "age at onset", "management"});

template <class List>
bool Has(const List& list, std::string_view one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

const Line* Listed(const Coding& coding) {
  const auto* const found = std::find_if(
      kCodes.begin(), kCodes.end(), [&](const Line& line) { return line.code == coding.code; });
  return found == kCodes.end() ? nullptr : found;
}

bool IsSnomed(const Coding& coding) { return coding.system == "http://snomed.info/sct"; }

// A code of letters is a word of its source: "PENI".
bool IsWord(std::string_view code) {
  return code.size() > 2 && std::all_of(code.begin(), code.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
         });
}

// A code that came without words. Nothing: it says neither.
std::optional<Denial> OfBareCode(const Coding& coding) {
  const Denial denial = DenialInWords(coding.code);
  if (denial != Denial::kNothing) return denial;
  const bool names_something = IsSnomed(coding) || IsWord(coding.code);
  return names_something && !IsBareNo(coding.code) ? std::optional(Denial::kNothing) : std::nullopt;
}

// Beside a code of the list the same concept's local codes and words may say it in any way that
// denies; another SNOMED code is another concept. Nothing: it says neither.
std::optional<Denial> OfCoding(const Coding& coding, bool by_code) {
  const Line* const line = Listed(coding);
  const bool same_concept = line != nullptr || (by_code && !IsSnomed(coding));
  const bool no_more = coding.display.empty() || (same_concept && IsBareNo(coding.display));
  if (line != nullptr) {
    return no_more ? line->denies : std::min(line->denies, DenialInWords(coding.display));
  }
  if (coding.display.empty()) return OfBareCode(coding);
  if (no_more) return std::nullopt;
  // A concept that is not of the list is not known to be of every kind, whatever it is called.
  const Denial denial = DenialInWords(coding.display);
  return IsSnomed(coding) ? std::min(denial, Denial::kOneKind) : denial;
}

// The words of a detail, else its code; of each coding.
std::vector<std::string_view> SaidBy(const Detail& detail) {
  std::vector<std::string_view> said;
  for (const std::string_view text :
       {std::string_view(detail.text), std::string_view(detail.coded.text)}) {
    if (!text.empty()) said.push_back(text);
  }
  for (const Coding& coding : detail.coded.codings) {
    said.push_back(coding.display.empty() ? coding.code : coding.display);
  }
  return said;
}

bool Contradicts(const Detail& detail) {
  const auto said = SaidBy(detail);
  if (detail.name == "criticality") {
    return Has(said, "high") || Has(said, "CRITH") || Has(said, "High Risk");
  }
  if (!Has(kContradicting, detail.name)) return false;
  return detail.when || std::any_of(said.begin(), said.end(),
                                    [](std::string_view words) { return !TellsNothing(words); });
}

bool IsKind(const Detail& detail) { return detail.name == "type" || detail.name == "category"; }

bool IsOfAnyKind(const Detail& detail) {
  if (IsAnyAllergy(detail.coded)) return true;
  const auto any = [](std::string_view said) { return Has(kAnyKind, base::Lower(said)); };
  const auto said = SaidBy(detail);
  return any(detail.text) || std::any_of(said.begin(), said.end(), any) ||
         std::any_of(detail.coded.codings.begin(), detail.coded.codings.end(),
                     [&](const Coding& coding) { return any(coding.code); });
}

bool NamesEveryCategory(const std::vector<Detail>& details) {
  return std::all_of(kEveryCategory.begin(), kEveryCategory.end(), [&](std::string_view category) {
    return std::any_of(details.begin(), details.end(), [&](const Detail& detail) {
      return detail.name == "category" && detail.text == category;
    });
  });
}

std::string_view KindIn(const Detail& detail) {
  for (const KindName& kind : kKindNames) {
    if (detail.text == kind.code || detail.coded.text == kind.code) return kind.name;
    for (const Coding& coding : detail.coded.codings) {
      if (coding.code == kind.code) return kind.name;
    }
  }
  return "";
}

// Whether what stands beside it says of which kind it is. A category may be anything ("problem"),
// and counts where it is known; a type is of one kind unless it is known to be of every.
bool IsOfOneKind(const std::vector<Detail>& beside) {
  return !NamesEveryCategory(beside) &&
         std::any_of(beside.begin(), beside.end(), [](const Detail& detail) {
           if (detail.name == "category") return !KindIn(detail).empty();
           return detail.name == "type" && !SaidBy(detail).empty() && !IsOfAnyKind(detail);
         });
}

}  // namespace

Denial DenialOf(const Coded& what) {
  const bool by_code = std::any_of(what.codings.begin(), what.codings.end(),
                                   [](const Coding& coding) { return Listed(coding) != nullptr; });
  std::optional<Denial> least;
  const auto weigh = [&least](std::optional<Denial> one) {
    if (one) least = std::min(least.value_or(*one), *one);
  };
  for (const Coding& coding : what.codings) weigh(OfCoding(coding, by_code));
  const bool says_more = !what.text.empty() && !(by_code && IsBareNo(what.text));
  if (says_more) weigh(DenialInWords(what.text));
  return least.value_or(Denial::kNothing);
}

Denial DenialOf(const Coded& what, const std::vector<Detail>& beside) {
  const Denial denial = DenialOf(what);
  if (denial == Denial::kNothing) return denial;
  if (std::any_of(beside.begin(), beside.end(), Contradicts)) return Denial::kNothing;
  return IsOfOneKind(beside) ? Denial::kOneKind : denial;
}

std::vector<std::string_view> KindsBeside(const std::vector<Detail>& beside) {
  std::vector<std::string_view> kinds;
  for (const Detail& detail : beside) {
    const std::string_view kind = IsKind(detail) ? KindIn(detail) : "";
    if (!kind.empty() && !Has(kinds, kind)) kinds.push_back(kind);
  }
  return kinds;
}

void NameKindOfDenial(Entry& entry) {
  if (DenialOf(entry.what) != Denial::kAll || !IsOfOneKind(entry.details)) return;
  const auto kinds = KindsBeside(entry.details);
  if (kinds.empty()) return;
  std::string words = entry.what.text;
  if (words.empty()) words = entry.what.codings.front().display;
  if (words.empty() || IsBareNo(words)) words = "none known";
  std::string heading;
  for (const std::string_view kind : kinds) {
    heading.append(heading.empty() ? "" : " and ").append(kind);
  }
  entry.what.text = heading + ": " + words;
}

bool IsAnyAllergy(const Coded& what) {
  return std::any_of(what.codings.begin(), what.codings.end(), [](const Coding& coding) {
    return std::find(kAnyAllergy.begin(), kAnyAllergy.end(), coding.code) != kAnyAllergy.end();
  });
}

bool IsAnyAllergy(const Coded& what, const std::vector<Detail>& beside) {
  return IsAnyAllergy(what) && !IsOfOneKind(beside) &&
         std::none_of(beside.begin(), beside.end(), Contradicts);
}

}  // namespace milecastle::record

#include "record/none_known.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

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
    {"no-known-medication-allergies", Denial::kOneKind},
    {"no-known-environmental-allergies", Denial::kOneKind},
    {"no-known-food-allergies", Denial::kOneKind},
});

constexpr auto kAnyAllergy =
    std::to_array<std::string_view>({"419199007", "420134006", "106190000"});

constexpr auto kAllInWords = std::to_array<std::string_view>(
    {"NKA", "NOKNOWNALLERGIES", "NOKNOWNALLERGY", "NOALLERGIES", "NOALLERGIESKNOWN",
     "NOKNOWNALLERGIC", "NILKNOWN", "NILKNOWNALLERGIES", "NONEKNOWN"});
constexpr auto kOneKindBegins = std::to_array<std::string_view>(
    {"NKDA", "NKFA", "NOKNOWN", "NILKNOWN", "NOALLERG", "NOTALLERGICTO", "NOHISTORYOF"});

// Capital letters and digits alone.
std::string Folded(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z') {
      folded += static_cast<char>(c - ('a' - 'A'));
    } else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      folded += c;
    }
  }
  return folded;
}

Denial OfWords(std::string_view words) {
  const std::string text = Folded(words);
  if (std::find(kAllInWords.begin(), kAllInWords.end(), text) != kAllInWords.end()) {
    return Denial::kAll;
  }
  const bool some =
      std::any_of(kOneKindBegins.begin(), kOneKindBegins.end(),
                  [&](std::string_view beginning) { return text.starts_with(beginning); });
  return some ? Denial::kOneKind : Denial::kNothing;
}

const Line* Listed(const Coding& coding) {
  const auto* const found = std::find_if(
      kCodes.begin(), kCodes.end(), [&](const Line& line) { return line.code == coding.code; });
  return found == kCodes.end() ? nullptr : found;
}

bool IsSnomed(const Coding& coding) { return coding.system == "http://snomed.info/sct"; }

// Beside a code of the list the same concept's local codes and words may say it in any way; another
// SNOMED code is another concept. Nothing: it says neither.
std::optional<Denial> OfCoding(const Coding& coding, bool by_code) {
  if (const Line* const line = Listed(coding)) return line->denies;
  if (by_code && !IsSnomed(coding)) return std::nullopt;
  if (!coding.display.empty()) return OfWords(coding.display);
  const Denial of_code = OfWords(coding.code);
  const bool says = by_code || of_code != Denial::kNothing;
  return says ? std::optional(of_code) : std::nullopt;
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
  if (!what.text.empty() && !by_code) weigh(OfWords(what.text));
  return least.value_or(Denial::kNothing);
}

bool IsAnyAllergy(const Coded& what) {
  return std::any_of(what.codings.begin(), what.codings.end(), [](const Coding& coding) {
    return std::find(kAnyAllergy.begin(), kAnyAllergy.end(), coding.code) != kAnyAllergy.end();
  });
}

}  // namespace milecastle::record

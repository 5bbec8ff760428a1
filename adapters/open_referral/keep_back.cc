#include "inside/keep_back.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/uspoof.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace milecastle::open_referral {
namespace {

// As letters alone: "Women's Aid", "WOMENS AID" and "women-s-aid" are one.
constexpr auto kShelters = std::to_array<std::string_view>(
    {"refuge", "safehouse", "safeaccommodation", "saferaccommodation", "safehaven", "placeofsafety",
     "womensaid", "womensshelter", "domesticabuse", "domesticviolence", "familyviolence",
     "sexualviolence", "partnerviolence", "violenceagainstwomen", "vawg", "vawdasv",
     "coercivecontrol", "abusivepartner", "abusiverelationship", "dvaccommodation", "dvhousing",
     "dvshelter", "dvservice", "dvsupport", "honourbased", "honorbased", "forcedmarriage",
     "fleeing", "escapingabuse", "escapingviolence", "modernslavery", "traffick",
     // In Welsh: a refuge, Women's Aid, domestic abuse and violence, violence in the home and
     // against women.
     "lloches", "cymorthifenywod", "camdrindomestig", "camdriniaethddomestig", "traisdomestig",
     "traisynycartref", "traisynerbynmenywod"});
// A charity for refugees, or in Welsh for those who seek asylum (ceiswyr, or after a vowel
// geiswyr), has an address like any other.
constexpr auto kNoShelters =
    std::to_array<std::string_view>({"refugee", "eiswyr lloches", "eisiwr lloches"});

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Small letters without accents, of whatever form: "RÉFUGE", and as wide or mathematical letters.
icu::UnicodeString Folded(icu::UnicodeString text) {
  UErrorCode failed = U_ZERO_ERROR;
  const icu::Normalizer2* const apart = icu::Normalizer2::getNFKDInstance(failed);
  if (U_SUCCESS(failed)) text = apart->normalize(text, failed);
  text.foldCase();
  icu::UnicodeString letters;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if ((U_GET_GC_MASK(c) & (U_GC_M_MASK | U_GC_CF_MASK)) == 0) letters.append(c);
  }
  return letters;
}

// What it looks like: letters of other scripts as those that they are taken for.
icu::UnicodeString LookOf(const icu::UnicodeString& text) {
  struct Closer {
    void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
  };
  UErrorCode failed = U_ZERO_ERROR;
  static const std::unique_ptr<USpoofChecker, Closer> kChecker(uspoof_open(&failed));
  icu::UnicodeString look;
  if (kChecker != nullptr) uspoof_getSkeletonUnicodeString(kChecker.get(), 0, text, look, &failed);
  return kChecker == nullptr || U_FAILURE(failed) ? text : look;
}

std::string Utf8(const icu::UnicodeString& text) {
  std::string bytes;
  return text.toUTF8String(bytes);
}
icu::UnicodeString Wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
}

// "&#117;" and "&#x75;"; nothing for what is no number.
icu::UnicodeString LetterOf(std::string_view entity) {
  const bool is_hex = entity.starts_with('x') || entity.starts_with('X');
  if (is_hex) entity.remove_prefix(1);
  std::uint32_t code = 0;
  const auto end =
      std::from_chars(entity.data(), entity.data() + entity.size(), code, is_hex ? 16 : 10);
  const bool whole = end.ec == std::errc() && end.ptr == entity.data() + entity.size();
  return whole && code <= 0x10FFFF ? icu::UnicodeString(static_cast<UChar32>(code))
                                   : icu::UnicodeString();
}

// Descriptions may be HTML, whose marks part a word: "ref<b>uge</b>", "ref&#117;ge".
std::string Unmarked(std::string_view text) {
  std::string plain;
  // What begins often and never ends is looked for once.
  const std::size_t last_mark = text.find_last_of('>');
  const std::size_t last_number = text.find_last_of(';');
  const auto end_of = [&](char with, std::size_t last, std::size_t from) {
    const bool ends = last != std::string_view::npos && last > from;
    return ends ? text.find(with, from) : std::string_view::npos;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_number = text.substr(i).starts_with("&#");
    const std::size_t end = text[i] == '<' ? end_of('>', last_mark, i)
                            : is_number    ? end_of(';', last_number, i)
                                           : std::string_view::npos;
    if (end == std::string_view::npos) {
      plain += text[i];
      continue;
    }
    if (is_number) plain += Utf8(LetterOf(text.substr(i + 2, end - i - 2)));
    i = end;
  }
  return plain;
}

const std::vector<std::string>& LooksOfShelters() {
  static const std::vector<std::string> kLooks = [] {
    std::vector<std::string> looks;
    for (const std::string_view word : kShelters) looks.push_back(Utf8(LookOf(Wide(word))));
    return looks;
  }();
  return kLooks;
}

std::string Without(std::string_view word, std::string_view text) {
  std::string without;
  std::size_t from = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, from)) {
    without += text.substr(from, at - from);
    from = at + word.size();
  }
  without += text.substr(from);
  return without;
}

// These are taken out as they stand, not where "refuge" and the next word make one.
template <class Words>
bool HoldsAWord(std::string_view text, const Words& words) {
  std::string without(text);
  for (const std::string_view word : kNoShelters) without = Without(word, without);
  const std::string letters = base::LettersAndDigits(without);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return letters.find(word) != std::string::npos;
  });
}

bool SaysPlainly(std::string_view text) {
  if (IsAscii(text)) return HoldsAWord(base::Lower(text), kShelters);
  const icu::UnicodeString folded = Folded(Wide(text));
  const std::string look = Utf8(Folded(LookOf(Wide(text))));
  return HoldsAWord(Utf8(folded), kShelters) || HoldsAWord(look, kShelters) ||
         HoldsAWord(Utf8(LookOf(folded)), LooksOfShelters()) || HoldsAWord(look, LooksOfShelters());
}

// A number in a name may be that of a house.
bool MayTellWhere(const record::DirectoryService& service, std::string_view name) {
  const auto holds = [&](std::string_view part) {
    return !part.empty() &&
           base::LettersAndDigits(name).find(base::LettersAndDigits(part)) != std::string::npos;
  };
  if (std::any_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return true;
  }
  return std::any_of(service.locations.begin(), service.locations.end(), [&](const auto& place) {
    return !place.lines.empty() && holds(place.lines.front());
  });
}

}  // namespace

bool SaysShelter(std::string_view text) {
  const bool is_marked = text.find_first_of("<&") != std::string_view::npos;
  return SaysPlainly(text) || (is_marked && SaysPlainly(Unmarked(text)));
}

void KeepBack(record::DirectoryService* service) {
  for (std::string* const name : {&service->name, &service->organisation}) {
    if (MayTellWhere(*service, *name)) *name = "A service that is asked by telephone";
  }
  service->address_kept_back = true;
  service->locations.clear();
  service->schedules.clear();
  service->open.clear();
  service->areas.clear();
  service->costs.clear();
  service->description.clear();
  service->alert.clear();
  service->url.clear();
  service->email.clear();
  service->fees.clear();
}

}  // namespace milecastle::open_referral

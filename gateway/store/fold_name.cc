#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cctype>

#include "store/patients.h"

namespace milecastle::store {
namespace {

bool Counts(UChar32 c) { return u_isalnum(c) != 0; }

// Nothing of ASCII comes apart, and its capitals alone are folded.
std::string FoldAscii(std::string_view name) {
  std::string folded;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') folded += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) folded += c;
  }
  return folded;
}

}  // namespace

// Compatibility decomposition parts a letter from its accents; what is then no letter and no digit
// (accents, spaces, hyphens, apostrophes) is dropped. Folding after it, and decomposing again,
// because a folded letter may come apart once more.
std::string FoldName(std::string_view name) {
  const auto is_ascii = [](unsigned char c) { return c < 0x80; };
  if (std::all_of(name.begin(), name.end(), is_ascii)) return FoldAscii(name);
  UErrorCode failed = U_ZERO_ERROR;
  const icu::Normalizer2* const decompose = icu::Normalizer2::getNFKDInstance(failed);
  if (U_FAILURE(failed)) return std::string(name);
  const auto text =
      icu::UnicodeString::fromUTF8({name.data(), static_cast<std::int32_t>(name.size())});
  icu::UnicodeString parts = decompose->normalize(text, failed);
  parts = decompose->normalize(parts.foldCase(), failed);
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    if (Counts(parts.char32At(i))) kept.append(parts.char32At(i));
  }
  std::string folded;
  kept.toUTF8String(folded);
  return folded;
}

std::string FirstGiven(std::string_view given) {
  const std::size_t start = given.find_first_not_of(' ');
  if (start == std::string_view::npos) return {};
  return FoldName(given.substr(start, given.find(' ', start) - start));
}

// American Soundex: letters of one code in a row count once, also across h and w.
std::string SoundOf(std::string_view folded) {
  constexpr std::string_view kCodes = "01230120022455012623010202";  // a to z; vowels, h, w, y: 0
  constexpr std::size_t kLength = 4;
  std::string sound;
  char last = '0';
  for (const char c : folded) {
    if (c < 'a' || c > 'z') continue;
    const char code = kCodes[static_cast<std::size_t>(c - 'a')];
    if (sound.empty()) {
      sound += static_cast<char>(c - 'a' + 'A');
    } else if (code != '0' && code != last) {
      sound += code;
    }
    if (c != 'h' && c != 'w') last = code;
    if (sound.size() == kLength) return sound;
  }
  if (!sound.empty()) sound.resize(kLength, '0');
  return sound;
}

std::string FoldPostcode(std::string_view postcode) {
  constexpr std::size_t kShortest = 5;
  constexpr std::size_t kLongest = 7;
  constexpr std::size_t kInward = 3;
  std::string folded;
  for (const char c : postcode) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0) folded += static_cast<char>(std::toupper(letter));
    if (folded.size() > kLongest) return {};
  }
  if (folded.size() < kShortest || folded.starts_with("ZZ99")) return {};
  const bool has_form =
      std::isalpha(static_cast<unsigned char>(folded.front())) != 0 &&
      std::isdigit(static_cast<unsigned char>(folded[folded.size() - kInward])) != 0;
  return has_form ? folded : std::string();
}

}  // namespace milecastle::store

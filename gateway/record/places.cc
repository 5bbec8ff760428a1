#include "record/places.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"

namespace milecastle::record {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }
bool IsSmall(char c) { return c >= 'a' && c <= 'z'; }
bool IsLetter(char c) { return IsCapital(c) || IsSmall(c); }
bool IsPart(char c) { return IsDigit(c) || IsLetter(c); }

// Postcode areas, and ZZ, which stands for places without a postcode.
constexpr std::string_view kAreas =
    " B E G L M N S W AB AL BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE "
    "DG "
    "DH DL DN DT DY EC EH EN EX FK FY GL GU GX GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW "
    "KY LA LD LE LL LN LS LU ME MK ML NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM SA SE SG "
    "SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB WA WC WD WF WN WR WS WV YO ZE ZZ ";
constexpr std::string_view kNeverInward = "CIKMOV";  // so that "B12 1mg" is a dose
constexpr auto kOrdinals = std::to_array<std::string_view>({"st", "nd", "rd", "th"});
constexpr auto kStreets = std::to_array<std::string_view>(
    {"lane",     "street", "road",  "avenue",  "close", "drive", "way",    "terrace",
     "crescent", "court",  "place", "gardens", "grove", "row",   "square", "hill",
     "walk",     "mews",   "house", "rd",      "ave",   "ln",    "cres"});

struct Word {
  std::size_t begin = 0;
  std::string_view text;
  std::size_t end() const { return begin + text.size(); }
};

std::vector<Word> WordsOf(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t begin = at;
    while (at < text.size() && IsPart(text[at])) ++at;
    if (at > begin) words.push_back({begin, text.substr(begin, at - begin)});
  }
  return words;
}

// Nothing but space, and little of it.
bool AreNear(std::string_view text, const Word& one, const Word& next, std::string_view more = "") {
  constexpr std::size_t kMost = 4;
  const std::string_view between = text.substr(one.end(), next.begin - one.end());
  return between.size() <= kMost && std::all_of(between.begin(), between.end(), [&](char c) {
           return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\xC2' || c == '\xA0' ||
                  more.find(c) != std::string_view::npos;
         });
}

bool IsOutward(std::string_view word) {
  const auto* const digits = std::find_if(word.begin(), word.end(), IsDigit);
  const auto area_size = static_cast<std::size_t>(digits - word.begin());
  const std::size_t more = word.size() - area_size;
  if (area_size == 0 || area_size > 2 || more == 0 || more > 2) return false;
  if (more == 2 && !IsDigit(word.back()) && !IsLetter(word.back())) return false;
  std::string area = " ";
  for (const char c : word.substr(0, area_size)) area += IsSmall(c) ? static_cast<char>(c - 32) : c;
  return kAreas.find(area + " ") != std::string_view::npos;
}

bool IsInward(std::string_view word) {
  constexpr std::size_t kSize = 3;
  if (word.size() != kSize || !IsDigit(word[0])) return false;
  const auto is_letter = [](char c) {
    const char big = IsSmall(c) ? static_cast<char>(c - 32) : c;
    return IsCapital(big) && kNeverInward.find(big) == std::string_view::npos;
  };
  if (!is_letter(word[1]) || !is_letter(word[2])) return false;
  return std::find(kOrdinals.begin(), kOrdinals.end(), word.substr(1)) == kOrdinals.end();
}

// "B12 5pg" is a vitamin and its dose.
bool IsPostcode(std::string_view outward, std::string_view inward) {
  if (!IsOutward(outward) || !IsInward(inward)) return false;
  return !(IsCapital(outward[0]) && IsDigit(outward[1]) && IsSmall(inward[1]));
}

void FindPostcodes(std::string_view text, const std::vector<Word>& words,
                   std::vector<PlaceSpan>& into) {
  constexpr std::size_t kInward = 3;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    if (word.size() > kInward &&
        IsPostcode(word.substr(0, word.size() - kInward), word.substr(word.size() - kInward))) {
      into.push_back({words[i].begin, words[i].end()});
    } else if (i + 1 < words.size() && AreNear(text, words[i], words[i + 1]) &&
               IsPostcode(word, words[i + 1].text)) {
      into.push_back({words[i].begin, words[i + 1].end()});
    }
  }
}

bool IsHouseNumber(std::string_view word) {
  constexpr std::size_t kMost = 4;
  if (word.size() > 1 && IsLetter(word.back())) word.remove_suffix(1);
  return word.size() <= kMost && std::all_of(word.begin(), word.end(), IsDigit);
}

bool IsStreet(std::string_view word) {
  const std::string small = base::Lower(word);
  return std::find(kStreets.begin(), kStreets.end(), small) != kStreets.end();
}

// "12 Hidden Lane": capitals tell a name from a phrase.
void FindStreets(std::string_view text, const std::vector<Word>& words,
                 std::vector<PlaceSpan>& into) {
  constexpr std::size_t kMostNames = 3;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!IsHouseNumber(words[i].text)) continue;
    for (std::size_t at = i + 1; at < words.size() && at <= i + kMostNames + 1; ++at) {
      if (!AreNear(text, words[at - 1], words[at], at == i + 1 ? "," : "")) break;
      if (!IsCapital(words[at].text[0])) break;
      if (at == i + 1 || !IsStreet(words[at].text)) continue;
      into.push_back({words[i].begin, words[at].end()});
      break;
    }
  }
}

// The digits from a place on, over spaces, hyphens and brackets; where each run of them ends.
class Dialled {
 public:
  Dialled(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  // The end of a number of so many digits, or of one of those less that is still enough.
  std::optional<std::size_t> End(std::size_t least, std::size_t most) {
    std::optional<std::size_t> end;
    while (count_ <= most && Run()) {
      if (count_ < least || count_ > most) continue;
      if (at_ == text_.size() || !IsPart(text_[at_])) end = at_;
    }
    return end;
  }
  std::size_t first_run() const { return first_run_; }

 private:
  static bool IsBetween(char c) {
    return c == ' ' || c == '-' || c == '(' || c == ')' || c == '\xC2' || c == '\xA0';
  }
  bool Run() {
    constexpr std::size_t kMostBetween = 3;
    std::size_t begin = at_;
    while (begin < text_.size() && begin - at_ < kMostBetween && IsBetween(text_[begin])) ++begin;
    if (begin == text_.size() || !IsDigit(text_[begin])) return false;
    at_ = begin;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    count_ += at_ - begin;
    if (first_run_ == 0) first_run_ = at_ - begin;
    return true;
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t count_ = 0;
  std::size_t first_run_ = 0;
};

// A part of a longer number, a decimal or a date is none.
bool StandsAlone(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  if (IsDigit(before) || IsLetter(before) || before == '+') return false;
  const bool joins = before == '.' || before == '/' || before == ':' || before == '-';
  return !(joins && at > 1 && IsDigit(text[at - 2]));
}

std::optional<std::size_t> EndOfTelephone(std::string_view text, std::size_t at) {
  constexpr std::size_t kLeast = 10;
  constexpr std::size_t kMost = 11;
  constexpr std::size_t kMostAbroad = 15;
  constexpr std::size_t kLeastOfCode = 3;
  if (text[at] == '+') {
    Dialled dialled(text, at + 1);
    return dialled.End(kLeast, kMostAbroad);
  }
  if (text[at] != '0' || at + 1 == text.size() || !StandsAlone(text, at)) return std::nullopt;
  Dialled dialled(text, at);
  if (text.substr(at).starts_with("0044")) return dialled.End(kMost + 1, kMostAbroad);
  const auto end = dialled.End(kLeast, kMost);
  return text[at + 1] != '0' && dialled.first_run() >= kLeastOfCode ? end : std::nullopt;
}

void FindTelephones(std::string_view text, std::vector<PlaceSpan>& into) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto end = EndOfTelephone(text, at);
    if (!end) continue;
    into.push_back({at, *end});
    at = *end - 1;
  }
}

void FindEmails(std::string_view text, std::vector<PlaceSpan>& into) {
  const auto is_part = [&](std::size_t at) {
    return IsPart(text[at]) || std::string_view("._%+-").find(text[at]) != std::string_view::npos;
  };
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && is_part(begin - 1)) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && is_part(end)) ++end;
    while (text[end - 1] == '.') --end;  // of the sentence
    const std::string_view host = text.substr(at + 1, end - at - 1);
    if (begin < at && host.find('.') != std::string_view::npos) into.push_back({begin, end});
  }
}

void FindKnown(std::string_view text, const KnownPlaces& known, std::vector<PlaceSpan>& into) {
  if (known.words().empty()) return;
  const std::string small = base::Lower(text);
  for (const std::string& words : known.words()) {
    for (std::size_t at = small.find(words); at != std::string::npos;
         at = small.find(words, at + 1)) {
      const std::size_t end = at + words.size();
      const bool whole =
          (at == 0 || !IsPart(small[at - 1])) && (end == small.size() || !IsPart(small[end]));
      if (whole) into.push_back({at, end});
    }
  }
}

}  // namespace

void KnownPlaces::AddWords(std::string_view words) {
  constexpr std::size_t kLeast = 5;
  while (!words.empty() && words.front() == ' ') words.remove_prefix(1);
  while (!words.empty() && words.back() == ' ') words.remove_suffix(1);
  std::string small = base::Lower(words);
  if (small.size() < kLeast || std::find(words_.begin(), words_.end(), small) != words_.end()) {
    return;
  }
  words_.push_back(std::move(small));
}

// The house and its street, not the town: clinical words speak of towns.
void KnownPlaces::Add(const Address& address) {
  bool is_first = true;
  for (const std::string& line : address.lines) {
    const bool has_number = std::any_of(line.begin(), line.end(), IsDigit);
    const bool has_names = line.find(' ') != std::string::npos;
    if (has_names && (is_first || has_number)) AddWords(line);
    if (!line.empty()) is_first = false;
  }
  AddWords(address.postcode);
}

void KnownPlaces::Add(const Telecom& telecom) { AddWords(telecom.value); }

std::vector<PlaceSpan> PlacesIn(std::string_view text, const KnownPlaces& known) {
  std::vector<PlaceSpan> found;
  const std::vector<Word> words = WordsOf(text);
  FindPostcodes(text, words, found);
  FindStreets(text, words, found);
  FindTelephones(text, found);
  FindEmails(text, found);
  FindKnown(text, known, found);
  std::sort(found.begin(), found.end(), [](const PlaceSpan& left, const PlaceSpan& right) {
    return std::pair(left.begin, right.end) < std::pair(right.begin, left.end);
  });
  std::vector<PlaceSpan> apart;
  for (const PlaceSpan& one : found) {
    if (!apart.empty() && one.begin < apart.back().end) {
      apart.back().end = std::max(apart.back().end, one.end);
    } else {
      apart.push_back(one);
    }
  }
  return apart;
}

std::string WithoutPlaces(std::string_view text, const std::vector<PlaceSpan>& places) {
  std::string kept;
  std::size_t at = 0;
  for (const PlaceSpan& place : places) {
    kept += text.substr(at, place.begin - at);
    kept += "[masked]";
    at = place.end;
  }
  kept += text.substr(at);
  return kept;
}

}  // namespace milecastle::record

#include "record/denial_words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace milecastle::record {
namespace {

using Words = std::span<const std::string_view>;

constexpr auto kAllInOne = std::to_array<std::string_view>(
    {"nka", "noknownallergies", "noknownallergy", "noallergies", "noallergiesknown",
     "noknownallergic", "nilknown", "nilknownallergies", "noneknown"});
constexpr auto kOneKindInOne = std::to_array<std::string_view>(
    {"nkda", "nkfa", "nkea", "noknowndrugallergies", "noknowndrugallergy", "noknownfoodallergies",
     "noknownfoodallergy"});
constexpr auto kNo = std::to_array<std::string_view>({"no", "nil", "none"});
constexpr auto kKinds = std::to_array<std::string_view>(
    {"drug",   "drugs",   "medication",  "medications",   "medicine", "medicines",     "medicinal",
     "food",   "foods",   "environment", "environmental", "latex",    "animal",        "animals",
     "insect", "insects", "plant",       "plants",        "pollen",   "miscellaneous", "adverse"});
constexpr auto kAllergies = std::to_array<std::string_view>({"allergies", "allergy", "allergic"});
constexpr auto kAkin = std::to_array<std::string_view>(
    {"reaction", "reactions", "intolerance", "intolerances", "sensitivity", "sensitivities",
     "contraindication", "contraindications"});
constexpr auto kJoining = std::to_array<std::string_view>({"and", "or"});
constexpr auto kOnRecord = std::to_array<std::string_view>(
    {"recorded", "documented", "reported", "noted", "stated", "identified"});
// How SNOMED CT ends its full names.
constexpr auto kTags = std::to_array<std::string_view>({"situation", "finding"});
// Where one of these stands a substance might, the words say something else.
constexpr auto kNoSubstance = std::to_array<std::string_view>(
    {"any",      "apart",     "aside",  "bar",  "but",     "cause",       "causes",    "current",
     "except",   "excluding", "for",    "from", "further", "known",       "major",     "more",
     "new",      "nor",       "not",    "only", "other",   "reason",      "save",      "serious",
     "severe",   "since",     "source", "than", "that",    "the",         "this",      "trigger",
     "triggers", "unless",    "until",  "with", "without", "significant", "additional"});

constexpr auto kPlainHeadings =
    std::to_array<std::string_view>({"allergies", "allergy", "allergy status", "known allergies"});
constexpr auto kKindHeadings = std::to_array<std::string_view>(
    {"drug allergies", "drug allergy", "food allergies", "food allergy", "environmental allergies",
     "environmental allergy", "animal allergy", "plant allergy", "pollen allergy",
     "miscellaneous allergy", "biologic allergy", "contraindication"});

constexpr auto kBareNo = std::to_array<std::string_view>({"nil", "no", "none"});
constexpr auto kNothingTold = std::to_array<std::string_view>(
    {"nil", "no", "none", "u", "un", "unk", "unknown", "na", "n or a", "ni", "not known",
     "not stated", "not applicable", "not recorded", "none known", "none recorded", "none reported",
     "no reaction", "unspecified"});

bool Has(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Between parts of a text: no denial goes across it ("No. Latex allergy").
constexpr const char* kBreak = "|";

// The length of a space or of punctuation that is no ASCII: U+00A0, U+2010 to U+201F; else 0.
std::size_t FarSeparator(std::string_view text) {
  if (text.starts_with("\xC2\xA0")) return 2;
  const bool is_mark =
      text.size() > 2 && text.starts_with("\xE2\x80") && text[2] >= '\x90' && text[2] <= '\x9F';
  return is_mark ? 3 : 0;
}

// Letters of other scripts are parts of words, of which nothing is known.
bool IsPartOfWord(char c) {
  return IsLetter(c) || IsDigit(c) || static_cast<unsigned char>(c) >= 0x80;
}

// Cuts a text into its words, in small letters, with its breaks.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<std::string> Split() {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (const std::size_t far = FarSeparator(text_.substr(i)); far > 0) {
        EndWord(far > 2);
        i += far - 1;
      } else if (IsPartOfWord(text_[i])) {
        const char c = text_[i];
        word_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
      } else {
        Separate(i);
      }
    }
    EndWord(false);
    return std::move(words_);
  }

 private:
  char At(std::size_t i) const { return i < text_.size() ? text_[i] : ' '; }

  void EndWord(bool is_break) {
    if (!word_.empty()) words_.push_back(std::move(word_));
    word_.clear();
    if (is_break && !words_.empty() && words_.back() != kBreak) words_.emplace_back(kBreak);
  }

  void Separate(std::size_t i) {
    const char c = text_[i];
    if (c == '.' && IsPartOfWord(At(i + 1))) return;  // N.K.D.A.
    if (c == '/' || c == '&') {
      EndWord(false);
      words_.emplace_back("or");
      return;
    }
    const bool joins = c == '-' && IsPartOfWord(At(i + 1)) && i > 0 && IsPartOfWord(At(i - 1));
    EndWord(!joins && c != ' ' && c != '_' && c != '\'');
  }

  std::string_view text_;
  std::string word_;
  std::vector<std::string> words_;
};

// Without its breaks.
std::string Joined(std::string_view text) {
  std::string all;
  for (const std::string& word : Splitter(text).Split()) {
    if (word != kBreak) all += (all.empty() ? "" : " ") + word;
  }
  return all;
}

constexpr bool BeginWithN(Words words) {
  return std::all_of(words.begin(), words.end(),
                     [](std::string_view word) { return word.front() == 'n'; });
}
// And "not".
static_assert(BeginWithN(kAllInOne) && BeginWithN(kOneKindInOne) && BeginWithN(kNo));

// Whether the first word is one that a denial may begin with, as far as its first letter tells:
// most words begin none, and are then not cut.
bool MayBeginDenial(std::string_view words) {
  const auto* const first = std::find_if(words.begin(), words.end(), [](char c) {
    return IsPartOfWord(c) || c == '/' || c == '&';  // which stand for a word, "or"
  });
  if (first == words.end()) return false;
  const bool is_ascii = static_cast<unsigned char>(*first) < 0x80;
  return !is_ascii || *first == 'n' || *first == 'N';
}

// Reads denials one after another, to the last word.
class Denials {
 public:
  explicit Denials(std::vector<std::string> words) : words_(std::move(words)) {}

  Denial Read() {
    Denial least = Denial::kAll;
    Take(kBreak);
    if (IsOver()) return Denial::kNothing;
    while (at_ < words_.size()) {
      const Denial one = ReadOne();
      if (one == Denial::kNothing) return one;
      least = std::min(least, one);
      Take(kBreak);
      if (at_ + 1 < words_.size()) Take(kJoining);
    }
    return least;
  }

 private:
  std::string_view Next() const {
    return at_ < words_.size() ? std::string_view(words_[at_]) : std::string_view();
  }
  bool IsOver() const { return at_ == words_.size() || words_[at_] == kBreak; }
  bool Take(Words any_of) {
    const bool is = at_ < words_.size() && Has(any_of, words_[at_]);
    if (is) ++at_;
    return is;
  }
  bool Take(std::string_view word) { return Take(Words(&word, 1)); }
  // All of them, or none.
  bool TakeAll(std::initializer_list<std::string_view> words) {
    const std::size_t before = at_;
    const bool are =
        std::all_of(words.begin(), words.end(), [this](auto word) { return Take(word); });
    if (!are) at_ = before;
    return are;
  }

  // "drug", "drug or food".
  bool TakeKinds() {
    bool any = false;
    while (Take(kKinds)) {
      any = true;
      if (at_ + 1 < words_.size() && Has(kKinds, words_[at_ + 1])) Take(kJoining);
    }
    return any;
  }
  // One word that may be the name of a substance.
  bool TakeSubstance() {
    const std::string_view word = Next();
    const bool may_be = word.size() > 2 && std::all_of(word.begin(), word.end(), IsLetter) &&
                        !Has(kNoSubstance, word) && !Has(kAllergies, word) && !Has(kAkin, word) &&
                        !Has(kNo, word) && !Has(kJoining, word);
    if (may_be) ++at_;
    return may_be;
  }
  bool TakeWhatTo() {
    Take("any");
    return TakeKinds() || TakeSubstance();
  }
  // "allergies", "allergies or intolerances", "sensitivities". `of_all`: allergies as such.
  bool TakeAllergies(bool* of_all) {
    const bool allergies = Take(kAllergies);
    *of_all = allergies && !Has(kAkin, Next());
    if (!allergies && !Take(kAkin)) return false;
    for (std::size_t before = at_; at_ < words_.size(); before = at_) {
      Take(kJoining);
      Take(kKinds);
      if (Take(kAkin)) continue;
      at_ = before;
      break;
    }
    return true;
  }

  Denial ReadOne() {
    const Denial denial = ReadPhrase();
    const std::size_t before = at_;
    Take(kBreak);
    if (!Take(kTags)) at_ = before;
    return denial;
  }

  Denial ReadPhrase() {
    if (Take(kAllInOne)) return Denial::kAll;
    if (Take(kOneKindInOne)) return Denial::kOneKind;
    if (TakeAll({"not", "allergic", "to"}) ||
        TakeAll({"not", "known", "to", "be", "allergic", "to"})) {
      return TakeWhatTo() ? Denial::kOneKind : Denial::kNothing;
    }
    return ReadNo();
  }

  Denial ReadNo() {
    const bool is_no = Next() == "no";
    if (!Take(kNo)) return Denial::kNothing;
    const bool known = Take("known");
    if (known && !is_no && IsOver()) return Denial::kAll;
    if (TakeAll({"history", "of"})) return ReadHistory();
    bool partly = TakeKinds();
    if (!partly && known) partly = TakeSubstance();
    bool of_all = false;
    if (!TakeAllergies(&of_all)) return Denial::kNothing;
    partly = partly || !of_all || (!known && words_[at_ - 1] == "allergy");
    if (!TakeAll({"to", "date"}) && Take("to")) {
      if (!TakeWhatTo()) return Denial::kNothing;
      partly = true;
    }
    Take("known");
    partly = Take(kOnRecord) || partly;
    return partly ? Denial::kOneKind : Denial::kAll;
  }

  // Of the past alone, whatever it is of.
  Denial ReadHistory() {
    bool of_all = false;
    const bool what = TakeKinds() || TakeSubstance();
    const bool allergies = TakeAllergies(&of_all);
    if (allergies && Take("to") && !TakeWhatTo()) return Denial::kNothing;
    return what || allergies ? Denial::kOneKind : Denial::kNothing;
  }

  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

// "Drug allergies", "food allergy and drug allergy".
bool NamesKinds(std::string_view heading) {
  constexpr std::string_view kAnd = " and ";
  while (true) {
    const std::size_t end = heading.find(kAnd);
    if (!Has(kKindHeadings, heading.substr(0, end))) return false;
    if (end == heading.npos) return true;
    heading.remove_prefix(end + kAnd.size());
  }
}

// "Food allergy: nil known": of which kind, before what is denied of it.
Denial UnderHeading(std::string_view heading, std::string_view words) {
  const std::string head = Joined(heading);
  const Denial denial = DenialInWords(words);
  if (Has(kPlainHeadings, head)) return denial;
  return NamesKinds(head) && denial == Denial::kAll ? Denial::kOneKind : Denial::kNothing;
}

}  // namespace

Denial DenialInWords(std::string_view words) {
  // A denial that is asked is none.
  if (words.find('?') != words.npos) return Denial::kNothing;
  if (const std::size_t colon = words.find(':'); colon != words.npos) {
    return UnderHeading(words.substr(0, colon), words.substr(colon + 1));
  }
  return MayBeginDenial(words) ? Denials(Splitter(words).Split()).Read() : Denial::kNothing;
}

bool IsBareNo(std::string_view words) { return Has(kBareNo, Joined(words)); }

bool TellsNothing(std::string_view words) {
  const std::string said = Joined(words);
  return said.empty() || Has(kNothingTold, said) || DenialInWords(words) != Denial::kNothing;
}

}  // namespace milecastle::record

// Finds many phrases in a text at once: whole words, in one pass (Aho and Corasick, over words
// instead of letters).
//
// The time is linear in the text, whatever the phrases; the memory of a search is that of the words
// of the longest phrase.
//
// Thread-safety: read-only after construction; a PhraseSearch is of one thread. Failure: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text_map.h"
#include "words.h"

namespace milecastle::normalise {

using RuleNumber = std::uint32_t;

struct Phrase {
  std::vector<Word> words;  // 1 to kMostWords
  RuleNumber rule = 0;
  bool exact = false;      // letters' case counts
  bool exception = false;  // what stands inside it is no hit of its rule
};

inline constexpr std::size_t kMostWords = 12;

std::vector<Word> WordsOf(std::string_view text);

class Phrases {
 public:
  explicit Phrases(std::vector<Phrase> phrases);
  std::size_t size() const { return phrases_.size(); }

 private:
  friend class PhraseSearch;
  using State = std::uint32_t;

  State Child(State state, std::uint32_t word);  // made where there is none
  void Connect();
  State Next(State state, std::uint32_t word) const;
  static std::uint64_t EdgeOf(State state, std::uint32_t word) {
    return std::uint64_t{state} << 32U | word;
  }

  std::vector<Phrase> phrases_;
  std::size_t longest_ = 0;
  base::TextMap<std::string, std::uint32_t> words_;
  std::unordered_map<std::uint64_t, State> edges_;
  std::vector<State> fails_{0};    // the longest other beginning that a state ends with
  std::vector<State> shorter_{0};  // the next of these at which a phrase ends; 0: none
  std::vector<std::vector<std::uint32_t>> ends_{1};  // phrases that end here
};

// One search over several texts; a rule that was met is not looked for again.
class PhraseSearch {
 public:
  // Outlived by the phrases. `rules`: how many there are.
  PhraseSearch(const Phrases& phrases, std::size_t rules) : phrases_(phrases), met_(rules, false) {}

  // The rules that this text meets, of those that `counts`, and were not met before.
  std::vector<RuleNumber> Read(std::string_view text,
                               const std::function<bool(RuleNumber)>& counts);

 private:
  struct Hit {
    RuleNumber rule = 0;
    std::size_t first = 0;
    std::size_t last = 0;
  };
  void Note(const Phrase& phrase, const std::function<bool(RuleNumber)>& counts);
  bool IsAsSent(const Phrase& phrase) const;
  void Settle(std::size_t before, std::vector<RuleNumber>& met);

  const Phrases& phrases_;
  std::vector<bool> met_;
  // Of the text that is read.
  std::size_t at_ = 0;                   // words so far
  std::array<Word, kMostWords> latest_;  // in turn
  std::vector<Hit> hits_;                // that an exception may still take back
  std::vector<Hit> exceptions_;          // that end at this word
};

}  // namespace milecastle::normalise

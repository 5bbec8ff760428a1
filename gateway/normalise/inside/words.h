// A text as words: runs of letters and digits, with case and accents folded away, one after the
// other.
//
// What a reader does not see parts no word (soft hyphens, joiners), and an accent is no letter,
// however it is sent. Bytes that are no UTF-8 are read as Windows-1252. A word of more than
// kLongestWord bytes is told as such, and is nobody's.
//
// Thread-safety: one thread. Failure: none. Memory is that of one word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace milecastle::normalise {

struct Word {
  std::string folded;
  std::string sent;  // without its accents, with its case
  bool too_long = false;
};

class Words {
 public:
  static constexpr std::size_t kLongestWord = 64;

  // Outlived by the text.
  explicit Words(std::string_view text) : text_(text) {}
  bool Next(Word& word);  // false: there is none left

 private:
  enum class Taken : std::uint8_t { kLetter, kNothing, kBreak };
  Taken Take(Word& word);

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace milecastle::normalise

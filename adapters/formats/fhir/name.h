// The name of a member, as a reader asks for it and as a document holds it.
//
// Most members of an object are not the one that is looked for: each name bears a mark, which is
// the whole of a short name, so that only long names of the same mark are compared letter by
// letter. The mark of a name that a reader writes out is made by the compiler.
//
// Thread-safety: values; a Name lives no longer than the text that it was made of. Failure: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace milecastle::fhir {

class Name {
 public:
  constexpr Name(std::string_view text) : text_(text), mark_(MarkOf(text)) {}
  constexpr Name(const std::string& text) : Name(std::string_view(text)) {}
  // Inline, so that a literal's mark is a number in the code.
  [[gnu::always_inline]] constexpr Name(const char* text) : text_(text), mark_(MarkOf(text_)) {}

  constexpr std::string_view text() const { return text_; }
  // The same for the same text; different ones may share it, but none with a short one.
  constexpr std::uint64_t mark() const { return mark_; }
  // Whether this is the name that bears that mark and text.
  bool Is(std::uint64_t mark, std::string_view text) const {
    return mark == mark_ && (text_.size() <= kShort || text == text_);
  }
  bool operator==(const Name& other) const { return Is(other.mark_, other.text_); }

 private:
  static constexpr std::size_t kShort = 7;  // beside a byte for the length

  // The length, up to 255, and a short name's letters, or the first four and last three of others.
  [[gnu::always_inline]] static constexpr std::uint64_t MarkOf(std::string_view text) {
    const std::size_t size = text.size();
    const std::uint64_t length = size < 0xFF ? size : 0xFF;
    if (size > kShort) return length | Four(text, 0) << 8U | (Four(text, size - 4) >> 8U) << 40U;
    if (size >= 4) return length | (Four(text, 0) | Four(text, size - 4) << (8 * (size - 4))) << 8U;
    std::uint64_t letters = 0;
    for (std::size_t i = size; i > 0; --i) letters = letters << 8U | Byte(text[i - 1]);
    return length | letters << 8U;
  }
  // Four letters from there on, the first in the least byte.
  [[gnu::always_inline]] static constexpr std::uint64_t Four(std::string_view text,
                                                             std::size_t at) {
    return Byte(text[at]) | Byte(text[at + 1]) << 8U | Byte(text[at + 2]) << 16U |
           Byte(text[at + 3]) << 24U;
  }
  static constexpr std::uint64_t Byte(char c) { return static_cast<unsigned char>(c); }

  std::string_view text_;
  std::uint64_t mark_;
};

// Which names may be among those that were added; where one may not, it is not. The more bits the
// surer. Made by `{}` it is empty.
template <unsigned kBitsByPowerOfTwo>
class NameSet {
 public:
  void Add(const Name& name) { words_[WordOf(name)] |= BitOf(name); }
  bool MayHold(const Name& name) const { return (words_[WordOf(name)] & BitOf(name)) != 0; }

 private:
  static constexpr std::uint64_t PlaceOf(const Name& name) {
    return name.mark() * 0x9E3779B97F4A7C15U >> (64U - kBitsByPowerOfTwo);
  }
  static constexpr std::size_t WordOf(const Name& name) { return PlaceOf(name) / 64; }
  static constexpr std::uint64_t BitOf(const Name& name) {
    return std::uint64_t{1} << (PlaceOf(name) % 64);
  }

  std::array<std::uint64_t, (1U << kBitsByPowerOfTwo) / 64> words_;
};
using FewNames = NameSet<6>;
using ManyNames = NameSet<12>;

}  // namespace milecastle::fhir

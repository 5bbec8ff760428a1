// The name of a member, as a reader asks for it and as a document holds it.
//
// Most members of an object are not the one that is looked for: each name bears a mark, so that
// only names of the same mark are compared letter by letter. The mark of a name that a reader
// writes out is made by the compiler.
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
  constexpr Name(const char* text) : Name(std::string_view(text)) {}
  constexpr Name(const std::string& text) : Name(std::string_view(text)) {}

  constexpr std::string_view text() const { return text_; }
  // The same for the same text; different ones may share it.
  constexpr std::uint32_t mark() const { return mark_; }

 private:
  // Length, first, middle and last letter.
  static constexpr std::uint32_t MarkOf(std::string_view text) {
    if (text.empty()) return 0;
    return Byte(text.front()) << 24U | Byte(text[text.size() / 2]) << 16U |
           Byte(text.back()) << 8U | static_cast<std::uint32_t>(text.size() & 0xFFU);
  }
  static constexpr std::uint32_t Byte(char c) { return static_cast<unsigned char>(c); }

  std::string_view text_;
  std::uint32_t mark_;
};

// Which names may be among those that were added; where one may not, it is not. The more bits the
// surer. Made by `{}` it is empty.
template <unsigned kBitsByPowerOfTwo>
class NameSet {
 public:
  void Add(const Name& name) { words_[WordOf(name)] |= BitOf(name); }
  bool MayHold(const Name& name) const { return (words_[WordOf(name)] & BitOf(name)) != 0; }

 private:
  static constexpr std::uint32_t PlaceOf(const Name& name) {
    return name.mark() * 0x9E3779B1U >> (32U - kBitsByPowerOfTwo);
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

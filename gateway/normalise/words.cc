#include "inside/words.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

#include "inside/encodings.h"

namespace milecastle::normalise {
namespace {

constexpr bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

void AppendLetter(UChar32 c, Word& word) {
  if (word.folded.size() >= Words::kLongestWord) {
    word.too_long = true;
    return;
  }
  AppendUtf8(c, word.sent);
  AppendUtf8(u_foldCase(c, U_FOLD_CASE_DEFAULT), word.folded);
}

// Nearly every letter, and without a table.
constexpr bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool IsLetterOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || IsUpper(c) || (c >= '0' && c <= '9');
}
void AppendAscii(char c, Word& word) {
  if (word.folded.size() >= Words::kLongestWord) {
    word.too_long = true;
    return;
  }
  word.sent += c;
  word.folded += IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsMark(UChar32 c) { return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0; }

// Letters that Unicode takes apart for nobody, and a keyboard without them spells so.
constexpr std::tuple<UChar32, std::string_view> kSpelt[] = {
    {0xC6, "AE"}, {0xD0, "D"},  {0xD8, "O"},   {0xDF, "ss"},  {0xE6, "ae"},
    {0xF0, "d"},  {0xF8, "o"},  {0x110, "D"},  {0x111, "d"},  {0x131, "i"},
    {0x141, "L"}, {0x142, "l"}, {0x152, "OE"}, {0x153, "oe"}, {0x1E9E, "SS"}};

// The letters of one that has accents or is another form of them.
std::size_t AppendParts(UChar32 c, Word& word) {
  const auto* const spelt = std::find_if(std::begin(kSpelt), std::end(kSpelt),
                                         [&](const auto& line) { return std::get<0>(line) == c; });
  if (spelt != std::end(kSpelt)) {
    for (const char letter : std::get<1>(*spelt)) AppendAscii(letter, word);
    return std::get<1>(*spelt).size();
  }
  constexpr std::int32_t kMost = 32;
  std::array<UChar, kMost> parts{};
  UErrorCode failed = U_ZERO_ERROR;
  const UNormalizer2* const decompose = unorm2_getNFKDInstance(&failed);
  const std::int32_t size =
      U_FAILURE(failed) ? -1 : unorm2_getDecomposition(decompose, c, parts.data(), kMost, &failed);
  if (size < 0 || U_FAILURE(failed)) {
    if (u_isalnum(c) == 0) return 0;
    AppendLetter(c, word);
    return 1;
  }
  std::size_t letters = 0;
  for (std::int32_t i = 0; i < size;) {
    UChar32 part = 0;
    U16_NEXT(parts.data(), i, size, part);
    if (u_isalnum(part) == 0) continue;
    AppendLetter(part, word);
    ++letters;
  }
  return letters;
}

}  // namespace

Words::Taken Words::Take(Word& word) {
  const char first = text_[at_];
  if (IsAscii(first)) {
    ++at_;
    if (!IsLetterOrDigit(first)) return Taken::kBreak;
    AppendAscii(first, word);
    return Taken::kLetter;
  }
  UChar32 c = 0;
  const std::size_t start = at_;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text_.data());
  std::size_t next = at_;
  U8_NEXT(bytes, next, text_.size(), c);
  at_ = next;
  if (c < 0) {
    at_ = start + 1;
    c = OfWindows1252(static_cast<unsigned char>(first));
  }
  // The soft hyphen, joiners and the like, and accents that stand alone.
  if (IsMark(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0) {
    return Taken::kNothing;
  }
  return AppendParts(c, word) == 0 ? Taken::kBreak : Taken::kLetter;
}

bool Words::Next(Word& word) {
  word.folded.clear();
  word.sent.clear();
  word.too_long = false;
  while (at_ < text_.size()) {
    if (Take(word) == Taken::kBreak && !word.folded.empty()) return true;
  }
  return !word.folded.empty();
}

}  // namespace milecastle::normalise

#include "inside/words.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>
#include <utility>

namespace milecastle::normalise {
namespace {

constexpr bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

void Append(UChar32 c, std::string& to) {
  std::array<std::uint8_t, U8_MAX_LENGTH> bytes{};
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes.data(), size, c);
  to.append(bytes.begin(), bytes.begin() + size);
}

void AppendLetter(UChar32 c, Word& word) {
  if (word.folded.size() >= Words::kLongestWord) {
    word.too_long = true;
    return;
  }
  Append(c, word.sent);
  Append(u_foldCase(c, U_FOLD_CASE_DEFAULT), word.folded);
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

constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
    {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"shy", "\xC2\xAD"}};
constexpr std::size_t kLongestEntity = 10;

// Tags that part no words.
constexpr std::string_view kInline[] = {"a",   "abbr", "b", "big",   "em",     "font",   "i",
                                        "ins", "mark", "s", "small", "span",   "strong", "sub",
                                        "sup", "tt",   "u", "wbr",   "content"};

bool IsInline(std::string_view tag) {
  if (tag.starts_with('/')) tag.remove_prefix(1);
  std::string name;
  for (const char c : tag.substr(0, kLongestEntity)) {
    if (!IsLetterOrDigit(c)) break;
    name += IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return std::find(std::begin(kInline), std::end(kInline), name) != std::end(kInline);
}

// The character that `&#…;` names; 0: none.
UChar32 Numbered(std::string_view digits) {
  const bool hex = digits.starts_with('x') || digits.starts_with('X');
  if (hex) digits.remove_prefix(1);
  UChar32 c = 0;
  for (const char digit : digits) {
    const std::int32_t value = u_digit(static_cast<UChar32>(digit), hex ? 16 : 10);
    if (value < 0 || c > 0x10FFFF) return 0;
    c = c * (hex ? 16 : 10) + value;
  }
  return c > 0x10FFFF || U_IS_SURROGATE(c) ? 0 : c;
}

// Reads the entity behind `&`, appends what it stands for, and says how long it was; 0: none.
std::size_t ReadEntity(std::string_view text, std::string& to) {
  const std::size_t end = text.substr(0, kLongestEntity).find(';');
  if (end == std::string_view::npos || end == 0) return 0;
  const std::string_view name = text.substr(0, end);
  if (name.starts_with('#')) {
    const UChar32 c = Numbered(name.substr(1));
    if (c == 0) return 0;
    Append(c, to);
    return end + 1;
  }
  const auto* const known = std::find_if(std::begin(kEntities), std::end(kEntities),
                                         [&](const auto& entity) { return entity.first == name; });
  if (known != std::end(kEntities)) {
    to += known->second;
  } else if (name.size() > 1 && IsLetterOrDigit(name[0]) &&
             (name.ends_with("acute") || name.ends_with("grave") || name.ends_with("uml"))) {
    to += name[0];  // the letter, whose accent would be folded away
  } else {
    to += ' ';
  }
  return end + 1;
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
    c = static_cast<unsigned char>(first);
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

std::string TextOfMarkup(std::string_view page) {
  std::string text;
  text.reserve(page.size());
  std::size_t at = 0;
  // Where no `>` follows any more: every later `<` is a sign, and none is looked for again.
  bool tags_end = false;
  while (at < page.size()) {
    if (page[at] == '<' && !tags_end) {
      const std::size_t end = page.find('>', at);
      if (end != std::string_view::npos) {
        if (!IsInline(page.substr(at + 1, end - at - 1))) text += ' ';
        at = end + 1;
        continue;
      }
      tags_end = true;
    }
    if (page[at] == '&') {
      const std::size_t read = ReadEntity(page.substr(at + 1), text);
      at += read;
      if (read == 0) text += ' ';
    } else {
      text += page[at];
    }
    ++at;
  }
  return text;
}

std::string Utf8Of(std::string_view text) {
  const bool little = text.starts_with("\xFF\xFE");
  if (!little && !text.starts_with("\xFE\xFF")) return std::string(text);
  const auto unit = [&](std::size_t at) {
    const auto one = static_cast<unsigned char>(text[at]);
    const auto two = static_cast<unsigned char>(text[at + 1]);
    return static_cast<UChar32>(little ? two << 8 | one : one << 8 | two);
  };
  std::string utf8;
  for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
    UChar32 c = unit(at);
    if (U16_IS_LEAD(c) && at + 3 < text.size() && U16_IS_TRAIL(unit(at + 2))) {
      c = U16_GET_SUPPLEMENTARY(c, unit(at + 2));
      at += 2;
    }
    Append(U_IS_SURROGATE(c) ? UChar32{' '} : c, utf8);
  }
  return utf8;
}

}  // namespace milecastle::normalise

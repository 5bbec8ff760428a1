#include "inside/encodings.h"

#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace milecastle::normalise {
namespace {

// From 0x80 to 0x9F; from there on it is Latin-1.
constexpr std::array<UChar32, 32> kWindows1252 = {
    0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
    0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

enum class Order : std::uint8_t { kLittle, kBig };

UChar32 Unit(std::string_view bytes, std::size_t at, std::size_t size, Order order) {
  std::uint32_t unit = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t next = order == Order::kBig ? i : size - 1 - i;
    unit = unit << 8U | static_cast<unsigned char>(bytes[at + next]);
  }
  return static_cast<UChar32>(unit);
}

// What is no character parts words.
void AppendOrPart(UChar32 c, std::string& to) {
  const bool is_none = c < 0 || c > 0x10FFFF || U_IS_SURROGATE(c);
  AppendUtf8(is_none ? UChar32{' '} : c, to);
}

std::string OfUtf16(std::string_view bytes, Order order) {
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    UChar32 c = Unit(bytes, at, 2, order);
    if (U16_IS_LEAD(c) && at + 3 < bytes.size()) {
      const UChar32 trail = Unit(bytes, at + 2, 2, order);
      if (U16_IS_TRAIL(trail)) {
        c = U16_GET_SUPPLEMENTARY(c, trail);
        at += 2;
      }
    }
    AppendOrPart(c, text);
  }
  return text;
}

std::string OfUtf32(std::string_view bytes, Order order) {
  std::string text;
  text.reserve(bytes.size() / 4);
  for (std::size_t at = 0; at + 3 < bytes.size(); at += 4) {
    AppendOrPart(Unit(bytes, at, 4, order), text);
  }
  return text;
}

// Whether three of four characters are Latin ones in UTF-16 of that order, as far as is looked.
bool LooksLikeUtf16(std::string_view bytes, Order order) {
  constexpr std::size_t kLooked = 4096;
  const std::size_t pairs = std::min(bytes.size(), kLooked) / 2;
  std::size_t latin = 0;
  for (std::size_t i = 0; i < pairs; ++i) {
    const UChar32 c = Unit(bytes, 2 * i, 2, order);
    if (c != 0 && c < 0x100) ++latin;
  }
  return pairs > 1 && latin * 4 >= pairs * 3;
}

}  // namespace

void AppendUtf8(UChar32 c, std::string& to) {
  std::array<std::uint8_t, U8_MAX_LENGTH> bytes{};
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, c);
  to.append(bytes.begin(), bytes.begin() + size);
}

UChar32 OfWindows1252(unsigned char byte) {
  return byte >= 0x80 && byte < 0xA0 ? kWindows1252.at(byte - 0x80U) : UChar32{byte};
}

std::string Utf8Of(std::string_view bytes) {
  constexpr std::string_view kWideLittle("\xFF\xFE\0\0", 4);
  constexpr std::string_view kWideBig("\0\0\xFE\xFF", 4);
  if (bytes.starts_with(kWideLittle)) return OfUtf32(bytes.substr(4), Order::kLittle);
  if (bytes.starts_with(kWideBig)) return OfUtf32(bytes.substr(4), Order::kBig);
  if (bytes.starts_with("\xFF\xFE")) return OfUtf16(bytes.substr(2), Order::kLittle);
  if (bytes.starts_with("\xFE\xFF")) return OfUtf16(bytes.substr(2), Order::kBig);
  if (bytes.starts_with("\xEF\xBB\xBF")) return std::string(bytes.substr(3));
  for (const Order order : {Order::kLittle, Order::kBig}) {
    if (LooksLikeUtf16(bytes, order)) return OfUtf16(bytes, order);
  }
  return std::string(bytes);
}

}  // namespace milecastle::normalise

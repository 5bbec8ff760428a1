#include "detail/encoding.h"

#include <array>
#include <cstdint>
#include <optional>

#include "base/text.h"

namespace milecastle::xml {
namespace {

using base::Error;
using base::ErrorId;

enum class Encoding : std::uint8_t { kUtf8, kAscii, kLatin1, kWindows1252, kUtf16 };

struct Name {
  std::string_view declared;  // in lower case
  Encoding encoding;
};
constexpr auto kNames = std::to_array<Name>({
    {"utf-8", Encoding::kUtf8},
    {"utf8", Encoding::kUtf8},
    {"us-ascii", Encoding::kAscii},
    {"ascii", Encoding::kAscii},
    {"iso-8859-1", Encoding::kLatin1},
    {"latin1", Encoding::kLatin1},
    {"windows-1252", Encoding::kWindows1252},
    {"cp1252", Encoding::kWindows1252},
    {"utf-16", Encoding::kUtf16},
    {"utf-16le", Encoding::kUtf16},
    {"utf-16be", Encoding::kUtf16},
});

// Bytes 0x80 to 0x9F of Windows-1252; 0: none.
constexpr std::array<std::uint16_t, 32> kWindows = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

Error Unsupported(std::string advice) {
  return {ErrorId::kCharacterSetUnsupported, "XML declaration", std::move(advice)};
}

Error WrongByte(std::size_t offset) {
  return {ErrorId::kCharacterSetUnsupported, "byte " + std::to_string(offset + 1),
          "this byte is not of the encoding that the document declares; declare the encoding that "
          "it is written in"};
}

void Append(std::string& out, std::uint32_t c) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) return byte(0xC0U | c >> 6U), byte(0x80U | (c & 0x3FU));
  if (c < 0x10000) {
    byte(0xE0U | c >> 12U);
  } else {
    byte(0xF0U | c >> 18U);
    byte(0x80U | (c >> 12U & 0x3FU));
  }
  byte(0x80U | (c >> 6U & 0x3FU));
  byte(0x80U | (c & 0x3FU));
}

base::Result<std::string> FromBytes(std::string_view bytes, Encoding encoding) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    std::uint32_t c = byte;
    if (byte >= 0x80 && encoding == Encoding::kAscii) return WrongByte(i);
    if (byte >= 0x80 && byte < 0xA0) {
      // In ISO-8859-1 these are controls that nobody writes: mostly it is Windows-1252, undeclared.
      c = encoding == Encoding::kWindows1252 ? kWindows.at(byte - 0x80U) : 0;
      if (c == 0) return WrongByte(i);
    }
    Append(out, c);
  }
  return out;
}

base::Result<std::string> FromUtf16(std::string_view bytes, bool big_endian) {
  if (bytes.size() % 2 != 0) return WrongByte(bytes.size() - 1);
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(big_endian ? first << 8U | second : second << 8U | first);
  };
  std::string out;
  out.reserve(bytes.size() / 2);
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    std::uint32_t c = unit(at);
    if (c >= 0xD800 && c < 0xE000) {  // half of a pair, and the other half must follow
      const std::uint32_t low = at + 2 < bytes.size() ? unit(at + 2) : 0;
      if (c >= 0xDC00 || low < 0xDC00 || low >= 0xE000) return WrongByte(at);
      c = 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00);
      at += 2;
    }
    Append(out, c);
  }
  return out;
}

// The value of one pseudo-attribute of the declaration; nullopt where it is not there.
std::optional<std::string_view> Declared(std::string_view text, std::string_view name) {
  if (!text.starts_with("<?xml") || text.size() < 6 || text[5] > ' ') return std::nullopt;
  const std::string_view declaration = text.substr(0, text.find("?>"));
  std::size_t at = declaration.find(name);
  if (at == std::string_view::npos || at + name.size() >= declaration.size()) return std::nullopt;
  at = declaration.find_first_of("\"'", at + name.size());
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t end = declaration.find(declaration[at], at + 1);
  if (end == std::string_view::npos) return std::nullopt;
  return declaration.substr(at + 1, end - at - 1);
}

std::optional<Encoding> Find(std::string_view declared) {
  const std::string lower = base::Lower(declared.substr(0, 40));
  for (const Name& name : kNames) {
    if (name.declared == lower) return name.encoding;
  }
  return std::nullopt;
}

base::Result<std::string> Marked16(std::string_view bytes) {
  if (bytes.substr(0, 4) == std::string_view("\xFF\xFE\0\0", 4)) {
    return Unsupported("UTF-32 is not read; send UTF-8");
  }
  auto text = FromUtf16(bytes.substr(2), bytes[0] == '\xFE');
  if (!text) return text;
  const auto declared = Declared(*text, "encoding");
  if (declared && Find(*declared) != Encoding::kUtf16) {
    return Unsupported("the document is UTF-16 and declares another encoding; send UTF-8");
  }
  return text;
}

}  // namespace

base::Result<std::string> ToUtf8(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return Marked16(bytes);
  const bool marked = bytes.starts_with("\xEF\xBB\xBF");
  if (marked) bytes.remove_prefix(3);
  const auto declared = Declared(bytes, "encoding");
  const auto encoding = declared ? Find(*declared) : Encoding::kUtf8;
  if (!encoding) {
    return Unsupported(
        "encodings are UTF-8, UTF-16 with a byte order mark, ISO-8859-1, windows-1252 and "
        "US-ASCII; "
        "send UTF-8");
  }
  if (encoding == Encoding::kUtf16) {
    return Unsupported("UTF-16 is read with a byte order mark only; send UTF-8");
  }
  if (encoding == Encoding::kUtf8) return std::string(bytes);
  if (marked) return Unsupported("the document starts as UTF-8 and declares another encoding");
  return FromBytes(bytes, *encoding);
}

}  // namespace milecastle::xml

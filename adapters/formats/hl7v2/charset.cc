#include "hl7v2/charset.h"

#include <unicode/ucnv.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

namespace milecastle::hl7v2 {
namespace {

struct Name {
  std::string_view declared;
  std::string_view icu;
};

// Table 0211 first, then what is sent instead of it.
constexpr auto kNames = std::to_array<Name>({
    {"", "UTF-8"},
    {"ASCII", "UTF-8"},
    {"UNICODE UTF-8", "UTF-8"},
    {"UNICODE", "UTF-8"},
    {"8859/1", "ISO-8859-1"},
    {"8859/2", "ISO-8859-2"},
    {"8859/3", "ISO-8859-3"},
    {"8859/4", "ISO-8859-4"},
    {"8859/5", "ISO-8859-5"},
    {"8859/6", "ISO-8859-6"},
    {"8859/7", "ISO-8859-7"},
    {"8859/8", "ISO-8859-8"},
    {"8859/9", "ISO-8859-9"},
    {"8859/15", "ISO-8859-15"},
    {"UNICODE UTF-16", "UTF-16"},
    {"UNICODE UTF-32", "UTF-32"},
    {"ISO IR14", "ISO-2022-JP"},
    {"ISO IR87", "ISO-2022-JP"},
    {"ISO IR159", "ISO-2022-JP-1"},
    {"GB 18030-2000", "GB18030"},
    {"KS X 1001", "EUC-KR"},
    {"BIG-5", "Big5"},
    {"UTF-8", "UTF-8"},
    {"UTF8", "UTF-8"},
    {"UNICODE-UTF-8", "UTF-8"},
    {"US-ASCII", "UTF-8"},
    {"ISO-8859-1", "ISO-8859-1"},
    {"ISO8859-1", "ISO-8859-1"},
    {"8859-1", "ISO-8859-1"},
    {"ISO-8859-15", "ISO-8859-15"},
    {"WINDOWS-1252", "windows-1252"},
    {"CP1252", "windows-1252"},
});

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool EqualIgnoringCase(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (Upper(left[i]) != Upper(right[i])) return false;
  }
  return true;
}

using Converter = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

Converter Open(std::string_view icu_name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(std::string(icu_name).c_str(), &status), &ucnv_close);
  if (U_FAILURE(status) != 0) return {nullptr, &ucnv_close};
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  return converter;
}

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The range of the second byte (Unicode table 3-7): it keeps out overlong forms, surrogates and
// what is beyond U+10FFFF.
struct Range {
  unsigned least = 0x80;
  unsigned most = 0xBF;
};
Range SecondByteAfter(unsigned lead) {
  switch (lead) {
    case 0xE0:
      return {0xA0, 0xBF};
    case 0xED:
      return {0x80, 0x9F};
    case 0xF0:
      return {0x90, 0xBF};
    case 0xF4:
      return {0x80, 0x8F};
    default:
      return {};
  }
}

// The length of the well-formed sequence at `bytes`, or 0.
std::size_t SequenceLength(std::string_view bytes) {
  const unsigned lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return 0;
  const Range range = SecondByteAfter(lead);
  const unsigned second = static_cast<unsigned char>(bytes[1]);
  if (second < range.least || second > range.most) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (!IsContinuation(bytes[i])) return 0;
  }
  return length;
}

}  // namespace

std::optional<Charset> FindCharset(std::string_view declared) {
  for (const Name& name : kNames) {
    if (EqualIgnoringCase(name.declared, declared)) return Charset{name.icu};
  }
  return std::nullopt;
}

std::optional<std::string> ToUtf8(std::string_view bytes, const Charset& charset) {
  if (charset.is_utf8()) {
    if (FindInvalidUtf8(bytes) != std::string_view::npos) return std::nullopt;
    return std::string(bytes);
  }
  const Converter from = Open(charset.icu_name);
  const Converter to = Open("UTF-8");
  if (from == nullptr || to == nullptr) return std::nullopt;

  std::string out(bytes.size() * 3 + 16, '\0');
  std::array<UChar, 1024> pivot{};
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  char* target = out.data();
  const char* source = bytes.data();
  UErrorCode status = U_ZERO_ERROR;
  ucnv_convertEx(to.get(), from.get(), &target, out.data() + out.size(), &source,
                 bytes.data() + bytes.size(), pivot.data(), &pivot_source, &pivot_target,
                 pivot.data() + pivot.size(), 1, 1, &status);
  if (U_FAILURE(status) != 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(target - out.data()));
  return out;
}

std::size_t FindInvalidUtf8(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    std::uint64_t eight = 0;
    if (i + sizeof eight <= bytes.size()) {  // most messages are ASCII
      std::memcpy(&eight, bytes.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    if (static_cast<unsigned char>(bytes[i]) < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = SequenceLength(bytes.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

}  // namespace milecastle::hl7v2

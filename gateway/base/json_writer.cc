#include "base/json_writer.h"

#include <array>
#include <charconv>

namespace milecastle::base {
namespace {

bool MustEscape(char each) {
  return each == '"' || each == '\\' || static_cast<unsigned char>(each) < 0x20;
}

}  // namespace

JsonWriter& JsonWriter::Text(std::string_view value) {
  Separate();
  text_ += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!MustEscape(value[i])) continue;
    text_.append(value, plain, i - plain);
    Escape(value[i]);
    plain = i + 1;
  }
  text_.append(value, plain);
  text_ += '"';
  return *this;
}

JsonWriter& JsonWriter::Number(std::uint64_t value) {
  std::array<char, 20> digits{};
  auto* const end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  return Json({digits.data(), static_cast<std::size_t>(end - digits.begin())});
}

void JsonWriter::Escape(char each) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(each);
  text_ += '\\';
  if (byte >= 0x20) {
    text_ += each;
  } else {
    text_ += "u00";
    text_ += kHex[byte >> 4U];
    text_ += kHex[byte & 0xFU];
  }
}

}  // namespace milecastle::base

#include "base/uuid.h"

#include <algorithm>
#include <cstring>

#include "base/crypto.h"

namespace milecastle::base {
namespace {

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsDashPlace(std::size_t place) {
  return place == 8 || place == 13 || place == 18 || place == 23;
}

}  // namespace

Uuid Uuid::New(Instant now) {
  Uuid id;
  RandomBytes(id.bytes);
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
  for (int i = 0; i < 6; ++i) {
    id.bytes.at(i) = static_cast<std::uint8_t>(millis >> (8 * (5 - i)));
  }
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | (id.bytes[6] & 0x0F));
  id.bytes[8] = static_cast<std::uint8_t>(0x80 | (id.bytes[8] & 0x3F));
  return id;
}

std::optional<Uuid> Uuid::Parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid id;
  std::size_t digit = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (IsDashPlace(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = HexValue(text[i]);
    if (value < 0) return std::nullopt;
    auto& byte = id.bytes.at(digit / 2);
    byte = static_cast<std::uint8_t>((byte << 4) | value);
    ++digit;
  }
  return id;
}

std::optional<Uuid> Uuid::FromBytes(std::string_view sixteen) {
  Uuid id;
  if (sixteen.size() != id.bytes.size()) return std::nullopt;
  std::copy(sixteen.begin(), sixteen.end(), id.bytes.begin());
  return id;
}

std::string Uuid::ToString() const {
  std::string text = ToHex(AsBytes());
  for (const std::size_t place : {8, 13, 18, 23}) text.insert(place, "-");
  return text;
}

std::string_view Uuid::AsBytes() const {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace milecastle::base

std::size_t std::hash<milecastle::base::Uuid>::operator()(
    const milecastle::base::Uuid& id) const noexcept {
  std::size_t value = 0;
  std::memcpy(&value, id.bytes.data() + 8, sizeof value);
  return value;
}

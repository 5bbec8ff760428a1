#include "text_map.h"

#include <absl/hash/hash.h>

#include <array>
#include <bit>
#include <cstdint>

#include "crypto.h"

namespace milecastle::base {

namespace {

std::uint64_t DrawSeed() {
  std::array<std::uint8_t, sizeof(std::uint64_t)> drawn{};
  RandomBytes(drawn);
  return std::bit_cast<std::uint64_t>(drawn);
}

}  // namespace

std::size_t TextHash::operator()(std::string_view text) const {
  static const std::uint64_t seed = DrawSeed();
  return absl::HashOf(seed, text);
}

}  // namespace milecastle::base

#include "audit/tile.h"

#include <algorithm>
#include <cstdio>

#include "audit/bytes.h"

namespace milecastle::audit {

std::string TileIndexPath(std::uint64_t index, std::uint64_t width) {
  const auto three = [](std::uint64_t number) {
    const std::string digits = std::to_string(number);
    return std::string(3 - digits.size(), '0') + digits;
  };
  std::string path = three(index % 1000);
  for (index /= 1000; index > 0; index /= 1000) path.insert(0, "x" + three(index % 1000) + "/");
  if (width != kTileWidth) path += ".p/" + std::to_string(width);
  return path;
}

std::string HashTilePath(unsigned level, std::uint64_t index, std::uint64_t width) {
  return "tile/" + std::to_string(level) + "/" + TileIndexPath(index, width);
}

std::string EntryBundlePath(std::uint64_t index, std::uint64_t width) {
  return "tile/entries/" + TileIndexPath(index, width);
}

std::string PayloadBundlePath(std::uint64_t index, std::uint64_t width) {
  return "payload/" + TileIndexPath(index, width);
}

std::uint64_t HashesAtLevel(unsigned level, std::uint64_t size) {
  const unsigned shift = level * kTileHeight;
  return shift < 64 ? size >> shift : 0;
}

std::uint64_t TileWidthOf(std::uint64_t index, std::uint64_t hashes) {
  const std::uint64_t begin = index * kTileWidth;
  return begin >= hashes ? 0 : std::min(kTileWidth, hashes - begin);
}

void AddToBundle(std::string& bundle, std::string_view entry) {
  PutInteger(bundle, static_cast<std::uint16_t>(entry.size()));
  bundle += entry;
}

std::optional<std::vector<std::string_view>> ParseBundle(std::string_view bundle) {
  std::vector<std::string_view> entries;
  Reader reader(bundle);
  while (!reader.AtEnd()) {
    const auto length = reader.Get<std::uint16_t>();
    entries.push_back(reader.Take(length));
    if (!reader.whole()) return std::nullopt;
  }
  return entries;
}

}  // namespace milecastle::audit

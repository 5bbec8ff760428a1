// Names and bytes of c2sp.org/tlog-tiles: where a tile lives, how wide it is, and entry bundles.
//
// Thread-safety: pure functions. Failure: ParseBundle refuses what is not whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace milecastle::audit {

inline constexpr unsigned kTileHeight = 8;
inline constexpr std::uint64_t kTileWidth = 256;

// "x001/x234/067", and "x001/x234/067.p/12" for a partial tile of width 12.
std::string TileIndexPath(std::uint64_t index, std::uint64_t width = kTileWidth);
// "tile/0/x001/234", "tile/entries/000.p/9", "payload/000": the last is Milecastle's own
// (FORMAT.md).
std::string HashTilePath(unsigned level, std::uint64_t index, std::uint64_t width = kTileWidth);
std::string EntryBundlePath(std::uint64_t index, std::uint64_t width = kTileWidth);
std::string PayloadBundlePath(std::uint64_t index, std::uint64_t width = kTileWidth);

// How many hashes level `level` holds in a tree of this size: floor(size / 256^level).
std::uint64_t HashesAtLevel(unsigned level, std::uint64_t size);
// Width of tile `index` where `hashes` are in its level: 256, fewer for the last, 0 past the end.
std::uint64_t TileWidthOf(std::uint64_t index, std::uint64_t hashes);

// An entry bundle: each entry behind its length as a big-endian uint16.
void AddToBundle(std::string& bundle, std::string_view entry);
std::optional<std::vector<std::string_view>> ParseBundle(std::string_view bundle);

}  // namespace milecastle::audit

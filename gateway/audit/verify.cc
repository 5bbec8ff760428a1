#include "audit/verify.h"

#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "audit/bytes.h"
#include "audit/checkpoint.h"
#include "audit/disk.h"
#include "audit/leaf.h"
#include "audit/payload_bundle.h"
#include "audit/segment.h"
#include "audit/tile.h"
#include "audit/tombstone.h"

namespace milecastle::audit {
namespace {

namespace fs = std::filesystem;

// Goes through the export tile by tile, so that its size does not matter.
class Verification {
 public:
  Verification(const fs::path& folder, const VerifierKey& key) : folder_(folder), key_(key) {
    report_.origin = key.name();
  }

  Report Run() {
    if (!ReadCheckpoint()) return std::move(report_);
    const std::uint64_t size = report_.head.size;
    for (std::uint64_t tile = 0; TileWidthOf(tile, size) > 0; ++tile) {
      const std::uint64_t width = TileWidthOf(tile, size);
      const std::string hashes = CheckLeafTile(tile, width);
      CheckEntries(tile, width, hashes);
    }
    CheckHigherTiles();
    if (tree_whole_ && frontier_.Root() != report_.head.root) {
      Doubt("checkpoint", {}, "the root that was signed is not the root of the tiles");
    }
    if (size > 0 && report_.leaves_checked == 0) Doubt("tile/entries", {}, "there are no leaves");
    return std::move(report_);
  }

 private:
  void Doubt(std::string file, std::optional<std::uint64_t> index, std::string what) {
    report_.Add({std::move(file), 0, 0, index, std::move(what)});
  }

  std::optional<std::string> ReadFile(const std::string& name) {
    auto bytes = ReadAll(PosixDisk(), folder_ / name);
    if (!bytes) return std::nullopt;
    return *std::move(bytes);
  }

  bool ReadCheckpoint() {
    const auto note = ReadFile("checkpoint");
    const auto head = VerifyCheckpoint(note.value_or(""), key_);
    if (head) {
      report_.head = *head;
      return true;
    }
    Doubt("checkpoint", {}, note ? "it is not signed by this log's key" : "it cannot be read");
    return false;
  }

  // The leaf hashes of a tile; they also grow the tree, whose subtrees the higher tiles must hold.
  std::string CheckLeafTile(std::uint64_t tile, std::uint64_t width) {
    const std::string name = HashTilePath(0, tile, width);
    auto hashes = ReadFile(name);
    if (!hashes || hashes->size() != width * sizeof(base::Digest)) {
      tree_whole_ = false;
      Doubt(name, {}, hashes ? "it has the wrong length" : "it is missing");
      return {};
    }
    Reader reader(*hashes);
    while (!reader.AtEnd()) {
      frontier_.Push(reader.TakeArray<base::Digest>(), [this](const Node& node) {
        if (node.height == 0 || node.height % kTileHeight != 0) return;
        higher_[node.height / kTileHeight] += base::AsBytes(node.hash);
      });
    }
    return *std::move(hashes);
  }

  void CheckHigherTiles() {
    if (!tree_whole_) return;
    for (unsigned level = 1; HashesAtLevel(level, report_.head.size) > 0; ++level) {
      const std::uint64_t hashes = HashesAtLevel(level, report_.head.size);
      for (std::uint64_t tile = 0; TileWidthOf(tile, hashes) > 0; ++tile) {
        const std::uint64_t width = TileWidthOf(tile, hashes);
        const std::string name = HashTilePath(level, tile, width);
        const std::string_view expected =
            std::string_view(higher_[level])
                .substr(tile * kTileWidth * sizeof(base::Digest), width * sizeof(base::Digest));
        if (ReadFile(name) != expected) Doubt(name, {}, "it is not what the tiles below it give");
      }
    }
  }

  void CheckEntries(std::uint64_t tile, std::uint64_t width, std::string_view hashes) {
    const std::string name = EntryBundlePath(tile, width);
    const auto bundle = ReadFile(name);
    if (!bundle) {
      ended_ = ended_ || report_.leaves_checked > 0;
      return;
    }
    if (ended_) Doubt(name, {}, "the entry bundle before it is missing");
    const auto leaves = ParseBundle(*bundle);
    if (!leaves || leaves->size() != width) {
      Doubt(name, {}, "it does not hold its entries whole");
      return;
    }
    if (report_.leaves_checked == 0) report_.first_leaf = tile * kTileWidth;
    for (std::uint64_t i = 0; i < width; ++i) {
      const auto hash = hashes.substr(std::min<std::size_t>(hashes.size(), i * 32), 32);
      CheckLeaf(name, tile * kTileWidth + i, (*leaves)[i], hash);
    }
    CheckPayloads(tile, width, *leaves);
  }

  void CheckLeaf(const std::string& name, std::uint64_t index, std::string_view bytes,
                 std::string_view hash) {
    ++report_.leaves_checked;
    if (base::AsBytes(HashLeaf(bytes)) != hash) Doubt(name, index, "the leaf is not in the tree");
    const auto leaf = DecodeLeaf(bytes);
    if (!leaf) {
      Doubt(name, index, "the leaf has an unknown format");
    } else if (!events_.insert(leaf->event_id).second) {
      Doubt(name, index, "its event id is that of an earlier leaf");
    }
  }

  void CheckPayloads(std::uint64_t tile, std::uint64_t width,
                     const std::vector<std::string_view>& leaves) {
    const std::string name = PayloadBundlePath(tile, width);
    const auto bundle = ReadFile(name);
    const auto items = bundle ? ParsePayloads(*bundle) : std::nullopt;
    if (!items || items->size() != width) {
      Doubt(name, {}, bundle ? "it does not hold its items whole" : "it is missing");
      return;
    }
    for (std::uint64_t i = 0; i < width; ++i) {
      CheckPayload(name, tile * kTileWidth + i, leaves[i], (*items)[i]);
    }
  }

  void CheckPayload(const std::string& name, std::uint64_t index, std::string_view leaf,
                    const PayloadItem& item) {
    switch (item.state) {
      case PayloadState::kLeftOut:
        ++report_.payloads_absent;
        return;
      case PayloadState::kPresent:
        ++report_.payloads_checked;
        if (!FitsLeaf({leaf, item.salt, item.content})) {
          Doubt(name, index, "the payload is not the one that the leaf commits to");
        }
        return;
      case PayloadState::kDisposed:
        ++report_.payloads_disposed;
        if (!VerifyTombstone(item.content, index, HashLeaf(leaf), key_)) {
          Doubt(name, index, "the tombstone is not signed for this leaf");
        }
        return;
    }
  }

  const fs::path& folder_;
  const VerifierKey& key_;
  Report report_;
  Frontier frontier_;
  bool tree_whole_ = true;
  bool ended_ = false;  // an entry bundle was missing after one that was there
  std::array<std::string, 9> higher_;
  std::unordered_set<EventId> events_;
};

}  // namespace

Report VerifyExport(const fs::path& folder, const VerifierKey& key) {
  return Verification(folder, key).Run();
}

}  // namespace milecastle::audit

#include "audit/export.h"

#include <algorithm>
#include <string>
#include <utility>

#include "audit/checkpoint.h"
#include "audit/payload_bundle.h"
#include "audit/tile.h"

namespace milecastle::audit {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorId;

base::Result<void> Write(const fs::path& folder, const std::string& name, std::string_view bytes) {
  const fs::path path = folder / name;
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  if (failed) return Error{ErrorId::kFileUnavailable, path.string(), failed.message()};
  return PosixDisk().Replace(path, bytes, Durability::kWhenItSuits);
}

base::Result<void> WriteTiles(const Log& log, const fs::path& folder, std::uint64_t size) {
  for (unsigned level = 0; HashesAtLevel(level, size) > 0; ++level) {
    const std::uint64_t hashes = HashesAtLevel(level, size);
    for (std::uint64_t tile = 0; TileWidthOf(tile, hashes) > 0; ++tile) {
      const std::uint64_t width = TileWidthOf(tile, hashes);
      const auto bytes = log.TileHashes(level, tile * kTileWidth, width);
      if (!bytes) return bytes.error();
      auto written = Write(folder, HashTilePath(level, tile, width), *bytes);
      if (!written) return written;
    }
  }
  return {};
}

base::Result<void> WriteBundle(const Log& log, const fs::path& folder, const ExportRange& range,
                               std::uint64_t tile, std::uint64_t size) {
  const std::uint64_t width = TileWidthOf(tile, size);
  std::string leaves;
  std::string payloads;
  for (std::uint64_t index = tile * kTileWidth; index < tile * kTileWidth + width; ++index) {
    const auto record = log.Read(index);
    if (!record) return record.error();
    AddToBundle(leaves, EncodeLeaf(record->leaf));
    const bool wanted =
        index >= range.from && index < range.to && (!range.include || range.include(*record));
    if (wanted) {
      AddPayload(payloads, *record);
    } else {
      AddLeftOut(payloads);
    }
  }
  auto written = Write(folder, EntryBundlePath(tile, width), leaves);
  if (!written) return written;
  return Write(folder, PayloadBundlePath(tile, width), payloads);
}

}  // namespace

base::Result<Head> Export(const Log& log, const fs::path& folder, const ExportRange& range) {
  std::error_code ignored;
  if (fs::exists(folder, ignored) && !fs::is_empty(folder, ignored)) {
    return Error{ErrorId::kArgumentInvalid, folder.string(), "give a folder that is new or empty"};
  }
  const auto note = log.Checkpoint();
  if (!note) return note.error();
  auto head = VerifyCheckpoint(*note, log.verifier());
  if (!head) return head;
  const std::uint64_t to = std::min(range.to, head->size);
  if (range.from > to) {
    return Error{ErrorId::kArgumentInvalid, "export range", "give leaf indexes that the log has"};
  }
  auto done = WriteTiles(log, folder, head->size);
  for (std::uint64_t tile = range.from / kTileWidth; done && tile * kTileWidth < to; ++tile) {
    done = WriteBundle(log, folder, range, tile, head->size);
  }
  if (done) done = Write(folder, "vkey", log.verifier().ToString() + "\n");
  // Last, so that an export that was cut does not verify.
  if (done) done = Write(folder, "checkpoint", *note);
  if (!done) return done.error();
  return head;
}

}  // namespace milecastle::audit

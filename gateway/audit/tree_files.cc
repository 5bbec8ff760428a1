#include "audit/tree_files.h"

#include <algorithm>
#include <utility>

#include "audit/bytes.h"
#include "audit/tile.h"

namespace milecastle::audit {
namespace {

constexpr std::uint64_t kHashBytes = sizeof(base::Digest);

}  // namespace

TreeFiles::TreeFiles(Disk& disk, std::filesystem::path folder)
    : disk_(disk), folder_(std::move(folder)), levels_(kLevels) {}

void TreeFiles::StartAt(std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  for (unsigned level = 0; level < kLevels; ++level) {
    levels_[level].written = HashesAtLevel(level, size);
    levels_[level].waiting.clear();
  }
}

void TreeFiles::Add(const std::vector<Node>& nodes) {
  const std::lock_guard lock(mutex_);
  for (const Node& node : nodes) {
    if (node.height % kTileHeight != 0) continue;
    levels_[node.height / kTileHeight].waiting += base::AsBytes(node.hash);
  }
}

base::Result<std::shared_ptr<File>> TreeFiles::FileOf(unsigned level) const {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<File>& file = levels_[level].file;
  if (!file) {
    auto opened = disk_.Open(folder_ / std::to_string(level), OpenMode::kMake);
    if (!opened) return opened.error();
    file = *std::move(opened);
  }
  return file;
}

base::Result<void> TreeFiles::Flush() {
  for (unsigned level = 0; level < kLevels; ++level) {
    std::string bytes;
    std::uint64_t at = 0;
    {
      const std::lock_guard lock(mutex_);
      bytes = levels_[level].waiting;
      at = levels_[level].written;
    }
    if (bytes.empty()) continue;
    const auto file = FileOf(level);
    if (!file) return file.error();
    auto written = (*file)->WriteAt(at * kHashBytes, bytes);
    if (!written) return written;
    const std::lock_guard lock(mutex_);
    levels_[level].waiting.erase(0, bytes.size());
    levels_[level].written += bytes.size() / kHashBytes;
  }
  return {};
}

base::Result<void> TreeFiles::Sync() {
  for (unsigned level = 0; level < kLevels; ++level) {
    std::shared_ptr<File> file;
    {
      const std::lock_guard lock(mutex_);
      file = levels_[level].file;
    }
    if (!file) continue;
    auto synced = file->Sync();
    if (!synced) return synced;
  }
  return {};
}

base::Result<std::string> TreeFiles::Hashes(unsigned level, std::uint64_t first,
                                            std::uint64_t count) const {
  const base::Error missing{base::ErrorId::kNotFound, (folder_ / std::to_string(level)).string(),
                            "the tree has no such hash, or this derived file is cut: run fsck"};
  if (level >= kLevels) return missing;
  std::uint64_t from_file = 0;
  std::string tail;
  {
    const std::lock_guard lock(mutex_);
    const Level& state = levels_[level];
    if (first + count > state.written + state.waiting.size() / kHashBytes) return missing;
    from_file = first < state.written ? std::min(count, state.written - first) : 0;
    if (from_file < count) {
      tail = state.waiting.substr((first + from_file - state.written) * kHashBytes,
                                  (count - from_file) * kHashBytes);
    }
  }
  if (from_file == 0) return tail;
  const auto file = FileOf(level);
  if (!file) return file.error();
  auto bytes = (*file)->ReadAt(first * kHashBytes, from_file * kHashBytes);
  if (!bytes) return bytes;
  if (bytes->size() != from_file * kHashBytes) return missing;
  return *bytes + tail;
}

base::Result<base::Digest> TreeFiles::NodeHash(unsigned height, std::uint64_t index) const {
  const unsigned above = height % kTileHeight;
  const auto bytes = Hashes(height / kTileHeight, index << above, std::uint64_t{1} << above);
  if (!bytes) return bytes.error();
  Frontier frontier;
  Reader reader(*bytes);
  while (!reader.AtEnd()) frontier.Push(reader.TakeArray<base::Digest>());
  return frontier.Root();
}

}  // namespace milecastle::audit

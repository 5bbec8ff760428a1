// The hashes of all tiles, level by level, one file a level (FORMAT.md, "Derived files"), with what
// is not written yet in memory.
//
// Thread-safety: every function from any thread; Flush and Sync from one at a time. Failure:
// reading a hash that the tree does not have is kNotFound; writing fails as the disk does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "audit/disk.h"
#include "audit/merkle.h"

namespace milecastle::audit {

class TreeFiles {
 public:
  TreeFiles(Disk& disk, std::filesystem::path folder);

  // The files hold a tree of this size: what is added comes behind it.
  void StartAt(std::uint64_t size);
  // Subtrees in the order of their completion; those that no tile holds are passed over.
  void Add(const std::vector<Node>& nodes);
  base::Result<void> Flush();
  base::Result<void> Sync();

  base::Result<base::Digest> NodeHash(unsigned height, std::uint64_t index) const;
  // `count` hashes of a level from `first` on, one after another.
  base::Result<std::string> Hashes(unsigned level, std::uint64_t first, std::uint64_t count) const;

 private:
  struct Level {
    std::uint64_t written = 0;  // hashes in the file
    std::string waiting;        // those behind them
    std::shared_ptr<File> file;
  };
  static constexpr unsigned kLevels = 8;  // 256^8 leaves

  base::Result<std::shared_ptr<File>> FileOf(unsigned level) const;

  Disk& disk_;
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  mutable std::vector<Level> levels_;
};

}  // namespace milecastle::audit

// Keeps one zeroed segment ready, so that the committing thread need not wait for it.
//
// Thread-safety: Take from one thread; the work runs on another. Failure: Take gives what the disk
// gave; a segment that could not be made is not made again.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>

#include "audit/disk.h"

namespace milecastle::audit {

class SegmentMaker {
 public:
  struct Prepared {
    std::filesystem::path path;  // for the taker to rename
    std::shared_ptr<File> file;
    std::uint64_t length = 0;
  };

  SegmentMaker(Disk& disk, std::filesystem::path folder, std::uint64_t length);
  SegmentMaker(const SegmentMaker&) = delete;
  SegmentMaker& operator=(const SegmentMaker&) = delete;
  ~SegmentMaker();

  // At least `length` zeros on disk. The taker renames the file, then calls PrepareNext.
  base::Result<Prepared> Take(std::uint64_t length);
  void PrepareNext();

 private:
  base::Result<Prepared> Make() const;
  base::Result<void> Fill(File& file, std::uint64_t from, std::uint64_t to) const;

  Disk& disk_;
  std::filesystem::path folder_;
  std::uint64_t length_;
  std::atomic<bool> stopping_ = false;
  std::future<base::Result<Prepared>> next_;
};

}  // namespace milecastle::audit

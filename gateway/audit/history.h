// What is durable: where every record is, the head of the tree, and what was disposed of.
//
// The committing thread extends it after a sync; everybody reads it. Thread-safety: every function
// from any thread. Failure: kNotFound past the end, kAuditCorrupt where bytes do not match their
// leaf, else as the disk fails.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "audit/disk.h"
#include "audit/proof.h"
#include "audit/record.h"
#include "audit/segment_index.h"

namespace milecastle::audit {

class History {
 public:
  // `folder` is the one that holds the segments.
  History(Disk& disk, std::filesystem::path folder);

  Head DurableHead() const;

  // What opening and committing add, in the order of the log.
  void AddSealed(const std::shared_ptr<const SealedIndex>& index);
  void BeginSegment(std::uint64_t first_index);
  void Extend(const std::vector<IndexedRecord>& records, const Head& head);
  void SetHead(const Head& head);

  // A full segment whose .idx is not written yet, the oldest first; Sealed says that it now is.
  std::shared_ptr<const SegmentIndex> OldestUnsealed() const;
  void Sealed(const std::shared_ptr<const SealedIndex>& index);

  base::Result<std::optional<std::uint64_t>> FindEvent(const EventId& id) const;
  base::Result<std::optional<std::uint64_t>> FindLeaf(const base::Digest& leaf_hash) const;
  base::Result<Record> Read(std::uint64_t index) const;

  void AddTombstone(std::uint64_t index, std::string note);
  std::string TombstoneOf(std::uint64_t index) const;  // empty: none
  std::vector<std::uint64_t> Tombstones() const;
  // Overwrites salt and payload with zeros and syncs; nothing to do where they are zeros already.
  base::Result<void> Erase(std::uint64_t index) const;

  std::filesystem::path PathOf(std::uint64_t first_index) const;

 private:
  struct Segment {
    std::uint64_t first_index = 0;
    std::shared_ptr<const SealedIndex> sealed;
    std::shared_ptr<SegmentIndex> growing;  // until there is an .idx
  };
  struct Place {
    std::filesystem::path segment;
    std::uint64_t offset = 0;
  };
  base::Result<Place> PlaceOf(std::uint64_t index) const;
  base::Result<std::shared_ptr<File>> FileOf(const std::filesystem::path& segment) const;
  std::vector<std::shared_ptr<const SealedIndex>> SealedNewestFirst() const;

  Disk& disk_;
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  Head head_;
  std::vector<Segment> segments_;  // those that grow or wait for their .idx are the last ones
  EventId highest_sealed_;         // of all event ids in segments with an .idx
  std::map<std::uint64_t, std::string> tombstones_;
  mutable std::filesystem::path open_path_;  // the segment that was read last stays open
  mutable std::shared_ptr<File> open_file_;
};

}  // namespace milecastle::audit

// Where records, event ids and leaves of one segment are: in memory while the segment grows, in an
// .idx file once it is full (FORMAT.md, "Derived files").
//
// Thread-safety: SegmentIndex from one thread at a time; SealedIndex from any. Failure: an .idx
// that is not sound does not open; it is derived and is then made again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "audit/disk.h"
#include "audit/entry.h"
#include "base/crypto.h"

namespace milecastle::audit {

struct IndexedRecord {
  EventId event_id;
  base::Digest leaf_hash{};
  std::uint64_t offset = 0;
};

class SegmentIndex {
 public:
  explicit SegmentIndex(std::uint64_t first_index) : first_index_(first_index) {}

  void Add(const IndexedRecord& record);

  std::uint64_t first_index() const { return first_index_; }
  std::uint64_t size() const { return records_.size(); }
  std::uint64_t OffsetOf(std::uint64_t index) const {
    return records_[index - first_index_].offset;
  }
  std::optional<std::uint64_t> FindEvent(const EventId& id) const;
  std::optional<std::uint64_t> FindLeaf(const base::Digest& leaf_hash) const;

  std::string Encode() const;  // the .idx file

 private:
  std::uint64_t first_index_;
  std::vector<IndexedRecord> records_;
  std::unordered_map<EventId, std::uint32_t> by_event_;
};

class SealedIndex {
 public:
  // Reads the header alone, so that start-up costs the same however long the log is.
  static base::Result<std::shared_ptr<const SealedIndex>> Open(Disk& disk,
                                                               const std::filesystem::path& path);

  std::uint64_t first_index() const { return first_index_; }
  std::uint64_t size() const { return count_; }
  base::Result<std::uint64_t> OffsetOf(std::uint64_t index) const;
  const EventId& highest() const { return highest_; }
  // From memory. Event ids begin with the time of their making, so most segments say no.
  bool MayHold(const EventId& id) const { return !(id < lowest_) && !(highest_ < id); }
  base::Result<std::optional<std::uint64_t>> FindEvent(const EventId& id) const;
  // The index of the one leaf whose hash begins like this one.
  base::Result<std::optional<std::uint64_t>> FindLeaf(const base::Digest& leaf_hash) const;

 private:
  SealedIndex(Disk& disk, std::filesystem::path path) : disk_(disk), path_(std::move(path)) {}
  bool DecodeHeader(std::string_view header, std::uint64_t file_bytes);
  base::Result<std::optional<std::uint64_t>> Search(std::uint64_t table,
                                                    std::string_view sixteen) const;

  Disk& disk_;
  std::filesystem::path path_;
  std::uint64_t first_index_ = 0;
  std::uint64_t count_ = 0;
  EventId lowest_;
  EventId highest_;
};

}  // namespace milecastle::audit

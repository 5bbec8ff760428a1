// Goes through one segment for fsck: every byte that holds data, group by group, going on behind
// damage.
//
// Thread-safety: one thread. Failure: damage goes into the report; only a disk that cannot be read
// is an error.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "audit/disk.h"
#include "audit/key.h"
#include "audit/leaf.h"
#include "audit/report.h"
#include "audit/segment.h"
#include "audit/segment_index.h"

namespace milecastle::audit {

class SegmentCheck {
 public:
  // What one segment needs to know of the whole log.
  struct Log {
    const VerifierKey& key;
    // The leaf that comes next in the tree, sound or taken from tree/0.
    std::function<void(const base::Digest&)> push;
    const Frontier& tree;  // so far
    // A leaf hash as the derived files have it, for a leaf that is damaged.
    std::function<base::Digest(std::uint64_t)> derived_hash;
    std::function<std::optional<std::string>(std::uint64_t)> tombstone;
    std::function<bool(const EventId&)> first_use;  // of an event id
    Report& report;
  };

  SegmentCheck(const Log& log, const File& file, std::string name);

  // Leaves up to `end`, the first index of the next segment, are expected; nothing for the last
  // one.
  base::Result<void> Run(std::uint64_t first_index, std::optional<std::uint64_t> end);
  // What the .idx must be; nothing where the segment is damaged.
  std::optional<std::string> Index() const;

 private:
  void Doubt(std::uint64_t offset, std::uint64_t length, std::string what,
             std::optional<std::uint64_t> leaf = std::nullopt);
  base::Result<void> ReadHeader(std::uint64_t first_index);
  base::Result<std::optional<GroupHeader>> HeaderAt(std::uint64_t offset) const;
  base::Result<std::uint64_t> CheckGroup(const GroupHeader& header, std::uint64_t offset);
  std::uint64_t CheckRecords(std::string_view group, const GroupHeader& header,
                             std::uint64_t offset);
  std::optional<std::uint64_t> LengthBehindDamage(std::string_view group, std::uint64_t at,
                                                  std::uint64_t end) const;
  void CheckRecord(const RecordBytes& record, std::uint64_t offset);
  void CheckBody(const RecordBytes& record, std::uint64_t offset, std::uint64_t index);
  base::Result<std::uint64_t> SkipDamage(std::uint64_t offset);
  void TakeDerived(std::uint64_t end);

  const Log& log_;
  const File& file_;
  std::string name_;
  SegmentHeader segment_;
  std::optional<SegmentIndex> index_;
  bool damaged_ = false;
};

}  // namespace milecastle::audit

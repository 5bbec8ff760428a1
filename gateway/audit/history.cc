#include "audit/history.h"

#include <algorithm>
#include <utility>

#include "audit/bytes.h"
#include "audit/segment.h"

namespace milecastle::audit {
namespace {

base::Error NoSuchLeaf() {
  return {base::ErrorId::kNotFound, "leaf index", "give one below the size of the log"};
}

base::Error Damaged(const std::filesystem::path& segment, std::uint64_t offset) {
  return {base::ErrorId::kAuditCorrupt, segment.string() + " offset " + std::to_string(offset),
          "the bytes do not match their leaf: stop, keep the disk, run audit fsck"};
}

// The bytes of one record from its place on.
base::Result<std::string> ReadRecord(const File& file, const std::filesystem::path& segment,
                                     std::uint64_t offset) {
  constexpr std::uint64_t kFirstRead = 8192;  // most records are smaller, a view's among them
  auto bytes = file.ReadAt(offset, kFirstRead);
  if (!bytes) return bytes;
  const auto head = DecodeRecordHead(*bytes);
  if (!head) return Damaged(segment, offset);
  const std::uint64_t total = kRecordHeadBytes + kSaltBytes + head->payload_bytes;
  if (total > kFirstRead) {
    auto rest = file.ReadAt(offset + kFirstRead, total - kFirstRead);
    if (!rest) return rest;
    *bytes += *rest;
  }
  if (bytes->size() < total) return Damaged(segment, offset);
  bytes->resize(total);
  return bytes;
}

RecordBytes Split(std::string_view bytes) {
  return {bytes.substr(kRecordHeadBytes - kLeafBytes, kLeafBytes),
          bytes.substr(kRecordHeadBytes, kSaltBytes), bytes.substr(kRecordHeadBytes + kSaltBytes)};
}

}  // namespace

History::History(Disk& disk, std::filesystem::path folder)
    : disk_(disk), folder_(std::move(folder)) {}

std::filesystem::path History::PathOf(std::uint64_t first_index) const {
  return folder_ / SegmentName(first_index);
}

Head History::DurableHead() const {
  const std::lock_guard lock(mutex_);
  return head_;
}

void History::SetHead(const Head& head) {
  const std::lock_guard lock(mutex_);
  head_ = head;
}

void History::AddSealed(const std::shared_ptr<const SealedIndex>& index) {
  const std::lock_guard lock(mutex_);
  highest_sealed_ = std::max(highest_sealed_, index->highest());
  segments_.push_back({index->first_index(), index, nullptr});
}

void History::BeginSegment(std::uint64_t first_index) {
  const std::lock_guard lock(mutex_);
  segments_.push_back({first_index, nullptr, std::make_shared<SegmentIndex>(first_index)});
}

void History::Extend(const std::vector<IndexedRecord>& records, const Head& head) {
  const std::lock_guard lock(mutex_);
  for (const IndexedRecord& record : records) segments_.back().growing->Add(record);
  head_ = head;
}

std::shared_ptr<const SegmentIndex> History::OldestUnsealed() const {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const SegmentIndex> oldest;
  for (std::size_t i = segments_.size(); i > 0 && segments_[i - 1].growing; --i) {
    if (i < segments_.size()) oldest = segments_[i - 1].growing;
  }
  return oldest;
}

void History::Sealed(const std::shared_ptr<const SealedIndex>& index) {
  const std::lock_guard lock(mutex_);
  highest_sealed_ = std::max(highest_sealed_, index->highest());
  for (Segment& segment : segments_) {
    if (segment.first_index != index->first_index() || !segment.growing) continue;
    segment.growing = nullptr;
    segment.sealed = index;
    return;
  }
}

std::vector<std::shared_ptr<const SealedIndex>> History::SealedNewestFirst() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<const SealedIndex>> sealed;
  for (auto segment = segments_.rbegin(); segment != segments_.rend(); ++segment) {
    if (segment->sealed) sealed.push_back(segment->sealed);
  }
  return sealed;
}

base::Result<std::optional<std::uint64_t>> History::FindEvent(const EventId& id) const {
  using Found = std::optional<std::uint64_t>;
  std::vector<std::shared_ptr<const SealedIndex>> candidates;
  {
    const std::lock_guard lock(mutex_);
    auto segment = segments_.rbegin();
    for (; segment != segments_.rend() && segment->growing; ++segment) {
      if (const auto found = segment->growing->FindEvent(id)) return Found(found);
    }
    // A new event is later than all that is sealed, however many segments that are.
    const bool new_event = highest_sealed_ < id;
    for (; !new_event && segment != segments_.rend(); ++segment) {
      if (segment->sealed->MayHold(id)) candidates.push_back(segment->sealed);
    }
  }
  for (const auto& index : candidates) {
    auto found = index->FindEvent(id);
    if (!found || *found) return found;
  }
  return Found();
}

base::Result<std::optional<std::uint64_t>> History::FindLeaf(const base::Digest& leaf_hash) const {
  using Found = std::optional<std::uint64_t>;
  {
    const std::lock_guard lock(mutex_);
    for (auto segment = segments_.rbegin(); segment != segments_.rend(); ++segment) {
      if (!segment->growing) continue;
      if (const auto found = segment->growing->FindLeaf(leaf_hash)) return Found(found);
    }
  }
  for (const auto& index : SealedNewestFirst()) {
    auto found = index->FindLeaf(leaf_hash);
    if (!found) return found;
    if (!*found) continue;
    const auto record = Read(**found);  // the table holds half a hash
    if (!record) return record.error();
    if (record->leaf_hash == leaf_hash) return found;
  }
  return Found();
}

base::Result<History::Place> History::PlaceOf(std::uint64_t index) const {
  Segment segment;
  {
    const std::lock_guard lock(mutex_);
    if (index >= head_.size) return NoSuchLeaf();
    const auto after = std::upper_bound(
        segments_.begin(), segments_.end(), index,
        [](std::uint64_t wanted, const Segment& each) { return wanted < each.first_index; });
    segment = *std::prev(after);
    if (segment.growing) {
      return Place{PathOf(segment.first_index), segment.growing->OffsetOf(index)};
    }
  }
  const auto offset = segment.sealed->OffsetOf(index);
  if (!offset) return offset.error();
  return Place{PathOf(segment.first_index), *offset};
}

base::Result<std::shared_ptr<File>> History::FileOf(const std::filesystem::path& segment) const {
  const std::lock_guard lock(mutex_);
  if (open_path_ != segment) {
    auto file = disk_.Open(segment, OpenMode::kRead);
    if (!file) return file.error();
    open_file_ = *std::move(file);
    open_path_ = segment;
  }
  return open_file_;
}

base::Result<Record> History::Read(std::uint64_t index) const {
  const auto place = PlaceOf(index);
  if (!place) return place.error();
  const auto file = FileOf(place->segment);
  if (!file) return file.error();
  const auto bytes = ReadRecord(**file, place->segment, place->offset);
  if (!bytes) return bytes.error();
  const RecordBytes parts = Split(*bytes);
  const auto leaf = DecodeLeaf(parts.leaf);
  if (!leaf) return Damaged(place->segment, place->offset);
  Record record{index, *leaf, HashLeaf(parts.leaf), std::nullopt, TombstoneOf(index)};
  if (!record.tombstone.empty()) return record;
  if (!FitsLeaf(parts)) {
    // Disposal may have begun after the first look.
    record.tombstone = TombstoneOf(index);
    if (record.tombstone.empty()) return Damaged(place->segment, place->offset + kRecordHeadBytes);
    return record;
  }
  record.body =
      SaltedPayload{Reader(parts.salt).TakeArray<base::Salt>(), std::string(parts.payload)};
  return record;
}

void History::AddTombstone(std::uint64_t index, std::string note) {
  const std::lock_guard lock(mutex_);
  tombstones_[index] = std::move(note);
}

std::string History::TombstoneOf(std::uint64_t index) const {
  const std::lock_guard lock(mutex_);
  const auto found = tombstones_.find(index);
  return found == tombstones_.end() ? std::string() : found->second;
}

std::vector<std::uint64_t> History::Tombstones() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> indexes;
  for (const auto& [index, note] : tombstones_) indexes.push_back(index);
  return indexes;
}

base::Result<void> History::Erase(std::uint64_t index) const {
  const auto place = PlaceOf(index);
  if (!place) return place.error();
  const auto file = disk_.Open(place->segment, OpenMode::kUpdate);
  if (!file) return file.error();
  const auto bytes = ReadRecord(**file, place->segment, place->offset);
  if (!bytes) return bytes.error();
  const std::string_view body = std::string_view(*bytes).substr(kRecordHeadBytes);
  if (AllZero(body)) return {};
  auto written = (*file)->WriteAt(place->offset + kRecordHeadBytes, std::string(body.size(), '\0'));
  if (!written) return written;
  return (*file)->Sync();
}

}  // namespace milecastle::audit

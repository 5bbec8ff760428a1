#include "audit/segment_index.h"

#include <algorithm>
#include <utility>

#include "audit/bytes.h"

namespace milecastle::audit {
namespace {

constexpr std::string_view kMagic = "MCAIDX01";
constexpr std::uint64_t kHeaderBytes = 96;
constexpr std::size_t kCrcAt = 88;
constexpr std::uint64_t kOffsetBytes = 8;
constexpr std::size_t kKeyBytes = 16;
constexpr std::uint64_t kPairBytes = kKeyBytes + 4;

using Pair = std::pair<std::string_view, std::uint32_t>;

void PutSorted(std::string& out, std::vector<Pair>& pairs) {
  std::sort(pairs.begin(), pairs.end());
  for (const auto& [key, ordinal] : pairs) {
    out += key;
    PutInteger(out, ordinal);
  }
}

}  // namespace

void SegmentIndex::Add(const IndexedRecord& record) {
  by_event_.emplace(record.event_id, static_cast<std::uint32_t>(records_.size()));
  records_.push_back(record);
}

std::optional<std::uint64_t> SegmentIndex::FindEvent(const EventId& id) const {
  const auto found = by_event_.find(id);
  if (found == by_event_.end()) return std::nullopt;
  return first_index_ + found->second;
}

std::optional<std::uint64_t> SegmentIndex::FindLeaf(const base::Digest& leaf_hash) const {
  const auto found =
      std::find_if(records_.begin(), records_.end(),
                   [&](const IndexedRecord& record) { return record.leaf_hash == leaf_hash; });
  if (found == records_.end()) return std::nullopt;
  return first_index_ + static_cast<std::uint64_t>(found - records_.begin());
}

std::string SegmentIndex::Encode() const {
  std::string tables;
  tables.reserve(records_.size() * (kOffsetBytes + 2 * kPairBytes));
  std::vector<Pair> events;
  std::vector<Pair> leaves;
  for (std::uint32_t i = 0; i < records_.size(); ++i) {
    PutInteger(tables, records_[i].offset);
    events.emplace_back(records_[i].event_id.AsBytes(), i);
    leaves.emplace_back(base::AsBytes(records_[i].leaf_hash).substr(0, kKeyBytes), i);
  }
  PutSorted(tables, events);
  PutSorted(tables, leaves);
  std::string bytes(kMagic);
  PutInteger(bytes, first_index_);
  PutInteger(bytes, static_cast<std::uint64_t>(records_.size()));
  bytes += events.empty() ? std::string_view(std::string(kKeyBytes, '\0')) : events.front().first;
  bytes += events.empty() ? std::string_view(std::string(kKeyBytes, '\0')) : events.back().first;
  bytes += base::AsBytes(base::Sha256(tables));
  PutInteger(bytes, Crc32c(bytes));
  bytes.resize(kHeaderBytes);
  return bytes + tables;
}

base::Result<std::shared_ptr<const SealedIndex>> SealedIndex::Open(
    Disk& disk, const std::filesystem::path& path) {
  const auto file = disk.Open(path, OpenMode::kRead);
  if (!file) return file.error();
  const auto header = (*file)->ReadAt(0, kHeaderBytes);
  if (!header) return header.error();
  const auto size = (*file)->Size();
  if (!size) return size.error();
  const std::shared_ptr<SealedIndex> index(new SealedIndex(disk, path));
  if (!index->DecodeHeader(*header, *size)) {
    return base::Error{base::ErrorId::kAuditCorrupt, path.string(),
                       "this derived file is made again when the log is opened"};
  }
  return std::shared_ptr<const SealedIndex>(index);
}

bool SealedIndex::DecodeHeader(std::string_view header, std::uint64_t file_bytes) {
  if (header.size() != kHeaderBytes || !header.starts_with(kMagic)) return false;
  Reader reader(header.substr(kMagic.size()));
  first_index_ = reader.Get<std::uint64_t>();
  count_ = reader.Get<std::uint64_t>();
  lowest_.bytes = reader.TakeArray<decltype(lowest_.bytes)>();
  highest_.bytes = reader.TakeArray<decltype(highest_.bytes)>();
  return Reader(header.substr(kCrcAt)).Get<std::uint32_t>() == Crc32c(header.substr(0, kCrcAt)) &&
         file_bytes == kHeaderBytes + count_ * (kOffsetBytes + 2 * kPairBytes);
}

base::Result<std::uint64_t> SealedIndex::OffsetOf(std::uint64_t index) const {
  const auto file = disk_.Open(path_, OpenMode::kRead);
  if (!file) return file.error();
  const auto bytes =
      (*file)->ReadAt(kHeaderBytes + (index - first_index_) * kOffsetBytes, kOffsetBytes);
  if (!bytes) return bytes.error();
  return Reader(*bytes).Get<std::uint64_t>();
}

base::Result<std::optional<std::uint64_t>> SealedIndex::FindEvent(const EventId& id) const {
  if (!MayHold(id)) return std::optional<std::uint64_t>();
  return Search(kHeaderBytes + count_ * kOffsetBytes, id.AsBytes());
}

base::Result<std::optional<std::uint64_t>> SealedIndex::FindLeaf(
    const base::Digest& leaf_hash) const {
  return Search(kHeaderBytes + count_ * (kOffsetBytes + kPairBytes),
                base::AsBytes(leaf_hash).substr(0, kKeyBytes));
}

base::Result<std::optional<std::uint64_t>> SealedIndex::Search(std::uint64_t table,
                                                               std::string_view sixteen) const {
  const auto file = disk_.Open(path_, OpenMode::kRead);
  if (!file) return file.error();
  std::uint64_t low = 0;
  std::uint64_t high = count_;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto pair = (*file)->ReadAt(table + middle * kPairBytes, kPairBytes);
    if (!pair) return pair.error();
    const int order = std::string_view(*pair).substr(0, kKeyBytes).compare(sixteen);
    if (order == 0) {
      const auto ordinal = Reader(std::string_view(*pair).substr(kKeyBytes)).Get<std::uint32_t>();
      return std::optional<std::uint64_t>(first_index_ + ordinal);
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::optional<std::uint64_t>();
}

}  // namespace milecastle::audit

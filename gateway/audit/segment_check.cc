#include "audit/segment_check.h"

#include <algorithm>
#include <utility>

#include "audit/bytes.h"
#include "audit/tombstone.h"

namespace milecastle::audit {
namespace {

constexpr std::uint64_t kGroupCrcEnd = 68;  // what follows in a group's header is zero

}  // namespace

SegmentCheck::SegmentCheck(const Log& log, const File& file, std::string name)
    : log_(log), file_(file), name_(std::move(name)) {}

void SegmentCheck::Doubt(std::uint64_t offset, std::uint64_t length, std::string what,
                         std::optional<std::uint64_t> leaf) {
  damaged_ = true;
  log_.report.Add({name_, offset, length, leaf, std::move(what)});
}

std::optional<std::string> SegmentCheck::Index() const {
  if (damaged_ || !index_) return std::nullopt;
  return index_->Encode();
}

base::Result<std::optional<GroupHeader>> SegmentCheck::HeaderAt(std::uint64_t offset) const {
  const auto bytes = file_.ReadAt(offset, kGroupHeaderBytes);
  if (!bytes) return bytes.error();
  auto header = DecodeGroupHeader(*bytes);
  const bool ours =
      header && header->nonce == segment_.nonce && header->record_bytes <= segment_.length - offset;
  return ours ? header : std::optional<GroupHeader>();
}

base::Result<void> SegmentCheck::ReadHeader(std::uint64_t first_index) {
  const auto block = file_.ReadAt(0, kBlockBytes);
  if (!block) return block.error();
  const auto size = file_.Size();
  if (!size) return size.error();
  const auto header = DecodeSegmentHeader(*block);
  if (header) {
    segment_ = *header;
    const bool fits = header->first_index() == first_index &&
                      header->frontier.Root() == log_.tree.Root() &&
                      header->log == base::Sha256(log_.key.ToString());
    if (!fits) Doubt(0, kBlockBytes, "the header does not continue the log");
    if (header->length != *size) Doubt(*size, 0, "the file has not the length of its header");
  } else {
    Doubt(0, kBlockBytes, "the header is damaged");
    // The first group says which nonce the segment has.
    const auto bytes = file_.ReadAt(kBlockBytes, kGroupHeaderBytes);
    const auto first = bytes ? DecodeGroupHeader(*bytes) : std::nullopt;
    if (first) segment_.nonce = first->nonce;
  }
  segment_.length = *size;
  return {};
}

base::Result<void> SegmentCheck::Run(std::uint64_t first_index, std::optional<std::uint64_t> end) {
  index_.emplace(first_index);
  auto read = ReadHeader(first_index);
  if (!read) return read;
  std::uint64_t at = kBlockBytes;
  while (at < segment_.length) {
    const auto header = HeaderAt(at);
    if (!header) return header.error();
    const bool continues = *header && (*header)->first_index >= log_.tree.size();
    const auto next = continues ? CheckGroup(**header, at) : SkipDamage(at);
    if (!next) return next.error();
    at = *next;
  }
  if (end && log_.tree.size() != *end) {
    if (!damaged_) Doubt(0, 0, "the groups do not lead to the next segment");
    TakeDerived(*end);
  }
  return {};
}

// No group begins here: the unused end, or damage up to the next group.
base::Result<std::uint64_t> SegmentCheck::SkipDamage(std::uint64_t offset) {
  const auto tail = InspectTail(file_, segment_, offset);
  if (!tail) return tail.error();
  if (tail->all_zero) return segment_.length;
  const std::uint64_t end = tail->later_group.value_or(tail->nonzero_end);
  Doubt(offset, end - offset, "no whole group is here", log_.tree.size());
  return tail->later_group.value_or(segment_.length);
}

void SegmentCheck::TakeDerived(std::uint64_t end) {
  for (std::uint64_t index = log_.tree.size(); index < end; ++index) {
    log_.push(log_.derived_hash(index));
  }
}

base::Result<std::uint64_t> SegmentCheck::CheckGroup(const GroupHeader& header,
                                                     std::uint64_t offset) {
  const std::uint64_t total = GroupBytes(header.record_bytes);
  const auto bytes = file_.ReadAt(offset, total);
  if (!bytes) return bytes.error();
  if (bytes->size() < total) {
    Doubt(offset, bytes->size(), "the file ends within this group", header.first_index);
    return segment_.length;
  }
  if (log_.tree.size() != header.first_index) {
    if (!damaged_) Doubt(offset, kGroupHeaderBytes, "leaves are missing before this group");
    TakeDerived(header.first_index);
  }
  const std::string_view group(*bytes);
  if (!AllZero(group.substr(kGroupCrcEnd, kGroupHeaderBytes - kGroupCrcEnd))) {
    Doubt(offset + kGroupCrcEnd, kGroupHeaderBytes - kGroupCrcEnd, "reserved bytes are not zero");
  }
  const std::uint64_t used = CheckRecords(group, header, offset);
  if (!AllZero(group.substr(std::min<std::uint64_t>(used, group.size())))) {
    Doubt(offset + used, total - used, "bytes behind the last record are not zero");
  }
  TakeDerived(header.first_index + header.count);
  if (log_.tree.Root() != header.root) {
    Doubt(offset, total, "the root after this group is not the one that was written",
          header.first_index);
  }
  return offset + total;
}

// Gives where the records end.
std::uint64_t SegmentCheck::CheckRecords(std::string_view group, const GroupHeader& header,
                                         std::uint64_t offset) {
  const std::uint64_t end = kGroupHeaderBytes + header.record_bytes;
  std::uint64_t at = kGroupHeaderBytes;
  for (std::uint32_t i = 0; i < header.count && at < end; ++i) {
    const std::uint64_t index = log_.tree.size();
    const auto head = DecodeRecordHead(group.substr(at, end - at));
    const std::uint64_t body_at = at + kRecordHeadBytes + kSaltBytes;
    if (head && body_at + head->payload_bytes <= end) {
      const RecordBytes record{head->leaf, group.substr(at + kRecordHeadBytes, kSaltBytes),
                               group.substr(body_at, head->payload_bytes)};
      CheckRecord(record, offset + at);
      at += record.size();
      continue;
    }
    const auto length = LengthBehindDamage(group, at, end);
    Doubt(offset + at, length ? kRecordHeadBytes : end - at, "a record is damaged", index);
    if (!length) break;  // where the others begin is unknown
    log_.push(log_.derived_hash(index));
    at += *length;
  }
  return end;
}

// The length of a record whose head is damaged, when it leads to a sound record or to the end.
std::optional<std::uint64_t> SegmentCheck::LengthBehindDamage(std::string_view group,
                                                              std::uint64_t at,
                                                              std::uint64_t end) const {
  if (at + kRecordHeadBytes + kSaltBytes > end) return std::nullopt;
  const std::uint64_t length =
      kRecordHeadBytes + kSaltBytes + Reader(group.substr(at + 8)).Get<std::uint32_t>();
  if (at + length == end) return length;
  if (at + length > end || !DecodeRecordHead(group.substr(at + length, end - at - length))) {
    return std::nullopt;
  }
  return length;
}

void SegmentCheck::CheckRecord(const RecordBytes& record, std::uint64_t offset) {
  const std::uint64_t index = log_.tree.size();
  const base::Digest hash = HashLeaf(record.leaf);
  const auto leaf = DecodeLeaf(record.leaf);
  ++log_.report.leaves_checked;
  if (!leaf) {
    Doubt(offset, kRecordHeadBytes, "the leaf has an unknown format", index);
  } else {
    if (!log_.first_use(leaf->event_id)) {
      Doubt(offset, kRecordHeadBytes, "its event id is that of an earlier leaf", index);
    }
    index_->Add({leaf->event_id, hash, offset});
    CheckBody(record, offset, index);
  }
  log_.push(hash);
}

void SegmentCheck::CheckBody(const RecordBytes& record, std::uint64_t offset, std::uint64_t index) {
  const std::uint64_t body_at = offset + kRecordHeadBytes;
  const std::uint64_t length = kSaltBytes + record.payload.size();
  const auto tombstone = log_.tombstone(index);
  if (!tombstone) {
    ++log_.report.payloads_checked;
    if (!FitsLeaf(record)) {
      Doubt(body_at, length, "salt or payload is not the one that the leaf commits to", index);
    }
    return;
  }
  ++log_.report.payloads_disposed;
  if (!AllZero(record.salt) || !AllZero(record.payload)) {
    Doubt(body_at, length, "a payload that was disposed of is not erased", index);
  }
  if (!VerifyTombstone(*tombstone, index, HashLeaf(record.leaf), log_.key)) {
    log_.report.Add({"tombstone/" + SegmentName(index), 0, tombstone->size(), index,
                     "it is not signed for this leaf"});
  }
}

}  // namespace milecastle::audit

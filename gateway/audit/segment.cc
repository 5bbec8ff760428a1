#include "audit/segment.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "audit/bytes.h"
#include "audit/leaf.h"

namespace milecastle::audit {
namespace {

constexpr std::string_view kSegmentMagic = "MCAUDIT1";
constexpr std::string_view kGroupMagic = "GRP1";
constexpr std::size_t kHeaderCrcAt = 68;
constexpr std::size_t kGroupCrcAt = 64;

std::uint64_t RoundUp(std::uint64_t bytes) {
  return (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}

std::uint32_t CrcWithoutItself(std::string_view block) {
  std::string copy(block);
  std::fill_n(copy.begin() + kHeaderCrcAt, 4, '\0');
  return Crc32c(copy);
}

std::optional<std::vector<RecordBytes>> SplitRecords(std::string_view bytes, std::uint32_t count) {
  std::vector<RecordBytes> records;
  while (records.size() < count) {
    const auto head = DecodeRecordHead(bytes);
    if (!head || bytes.size() < kRecordHeadBytes + kSaltBytes + head->payload_bytes) {
      return std::nullopt;
    }
    records.push_back({head->leaf, bytes.substr(kRecordHeadBytes, kSaltBytes),
                       bytes.substr(kRecordHeadBytes + kSaltBytes, head->payload_bytes)});
    bytes.remove_prefix(records.back().size());
  }
  if (!bytes.empty()) return std::nullopt;
  return records;
}

}  // namespace

std::string EncodeSegmentHeader(const SegmentHeader& header) {
  std::string block(kSegmentMagic);
  PutInteger(block, header.first_index());
  PutInteger(block, header.length);
  PutInteger(block, header.nonce);
  block += base::AsBytes(header.log);
  PutInteger(block, static_cast<std::uint32_t>(header.frontier.hashes().size()));
  PutInteger(block, std::uint32_t{0});
  for (const base::Digest& hash : header.frontier.hashes()) block += base::AsBytes(hash);
  block.resize(kBlockBytes);
  std::string crc;
  PutInteger(crc, Crc32c(block));
  block.replace(kHeaderCrcAt, crc.size(), crc);
  return block;
}

std::optional<SegmentHeader> DecodeSegmentHeader(std::string_view block) {
  if (block.size() != kBlockBytes || !block.starts_with(kSegmentMagic)) return std::nullopt;
  Reader reader(block.substr(kSegmentMagic.size()));
  SegmentHeader header;
  const auto first_index = reader.Get<std::uint64_t>();
  header.length = reader.Get<std::uint64_t>();
  header.nonce = reader.Get<std::uint64_t>();
  header.log = reader.TakeArray<base::Digest>();
  const auto count = reader.Get<std::uint32_t>();
  if (reader.Get<std::uint32_t>() != CrcWithoutItself(block) || count > 64) return std::nullopt;
  std::vector<base::Digest> hashes(count);
  for (base::Digest& hash : hashes) hash = reader.TakeArray<base::Digest>();
  auto frontier = Frontier::FromParts(first_index, std::move(hashes));
  if (!frontier) return std::nullopt;
  header.frontier = *std::move(frontier);
  return header;
}

std::string SegmentName(std::uint64_t first_index) {
  const std::string digits = std::to_string(first_index);
  return std::string(20 - digits.size(), '0') + digits;
}

std::string EncodeGroupHeader(const GroupHeader& header) {
  std::string bytes(kGroupMagic);
  PutInteger(bytes, header.count);
  PutInteger(bytes, header.first_index);
  PutInteger(bytes, header.record_bytes);
  PutInteger(bytes, header.nonce);
  bytes += base::AsBytes(header.root);
  PutInteger(bytes, Crc32c(bytes));
  bytes.resize(kGroupHeaderBytes);
  return bytes;
}

std::optional<GroupHeader> DecodeGroupHeader(std::string_view bytes) {
  if (bytes.size() < kGroupHeaderBytes || !bytes.starts_with(kGroupMagic)) return std::nullopt;
  Reader reader(bytes.substr(kGroupMagic.size()));
  GroupHeader header;
  header.count = reader.Get<std::uint32_t>();
  header.first_index = reader.Get<std::uint64_t>();
  header.record_bytes = reader.Get<std::uint64_t>();
  header.nonce = reader.Get<std::uint64_t>();
  header.root = reader.TakeArray<base::Digest>();
  if (reader.Get<std::uint32_t>() != Crc32c(bytes.substr(0, kGroupCrcAt)) || header.count == 0) {
    return std::nullopt;
  }
  return header;
}

std::uint64_t GroupBytes(std::uint64_t record_bytes) {
  return RoundUp(kGroupHeaderBytes + record_bytes);
}

void AddRecord(std::string& out, const RecordBytes& record) {
  std::string head;
  head.reserve(kRecordHeadBytes - 4);
  PutInteger(head, static_cast<std::uint16_t>(record.leaf.size()));
  PutInteger(head, std::uint16_t{0});
  PutInteger(head, static_cast<std::uint32_t>(record.payload.size()));
  head += record.leaf;
  PutInteger(out, Crc32c(head));
  out += head;
  out += record.salt;
  out += record.payload;
}

std::optional<RecordHead> DecodeRecordHead(std::string_view bytes) {
  if (bytes.size() < kRecordHeadBytes) return std::nullopt;
  Reader reader(bytes);
  const auto crc = reader.Get<std::uint32_t>();
  const auto leaf_bytes = reader.Get<std::uint16_t>();
  const auto reserved = reader.Get<std::uint16_t>();
  const auto payload_bytes = reader.Get<std::uint32_t>();
  const bool sound = leaf_bytes == kLeafBytes && reserved == 0 &&
                     crc == Crc32c(bytes.substr(4, kRecordHeadBytes - 4));
  if (!sound) return std::nullopt;
  return RecordHead{reader.Take(kLeafBytes), payload_bytes};
}

bool FitsLeaf(const RecordBytes& record) {
  const auto leaf = DecodeLeaf(record.leaf);
  return leaf && base::Sha256(record.salt, record.payload) == leaf->payload_digest;
}

base::Result<std::optional<Group>> ReadGroup(const File& file, const SegmentHeader& segment,
                                             std::uint64_t offset) {
  std::optional<Group> none;
  if (offset + kBlockBytes > segment.length) return none;
  auto block = file.ReadAt(offset, kBlockBytes);
  if (!block) return block.error();
  const auto header = DecodeGroupHeader(*block);
  const bool ours = header && header->nonce == segment.nonce &&
                    header->record_bytes <= segment.length - offset - kGroupHeaderBytes;
  if (!ours) return none;
  Group group{offset, *header, *std::move(block), {}, {}};
  const std::uint64_t total = GroupBytes(header->record_bytes);
  if (total > group.bytes.size()) {
    auto rest = file.ReadAt(offset + kBlockBytes, total - kBlockBytes);
    if (!rest) return rest.error();
    group.bytes += *rest;
  }
  if (group.bytes.size() != total) return none;
  auto records = SplitRecords(
      std::string_view(group.bytes).substr(kGroupHeaderBytes, header->record_bytes), header->count);
  if (!records) return none;
  group.records = *std::move(records);
  std::uint64_t at = offset + kGroupHeaderBytes;
  for (const RecordBytes& record : group.records) {
    group.offsets.push_back(at);
    at += record.size();
  }
  return std::optional<Group>(std::move(group));
}

base::Result<Tail> InspectTail(const File& file, const SegmentHeader& segment,
                               std::uint64_t offset) {
  constexpr std::uint64_t kChunkBytes = kBlockBytes * 256;
  Tail tail;
  for (std::uint64_t at = offset; at < segment.length; at += kChunkBytes) {
    const auto chunk = file.ReadAt(at, kChunkBytes);
    if (!chunk) return chunk.error();
    for (std::size_t i = 0; i < chunk->size(); i += kBlockBytes) {
      const std::string_view block = std::string_view(*chunk).substr(i, kBlockBytes);
      if (AllZero(block)) continue;
      tail.all_zero = false;
      tail.nonzero_end = at + i + block.size();
      const auto header = DecodeGroupHeader(block);
      const bool later = at + i > offset && header && header->nonce == segment.nonce;
      if (later && !tail.later_group) tail.later_group = at + i;
    }
  }
  return tail;
}

}  // namespace milecastle::audit

// The bytes of a segment: header block, groups, records (FORMAT.md, "Segment").
//
// Thread-safety: pure functions; views live as long as the bytes they look into. Failure: what is
// not whole is not decoded; an error is only ever one of reading the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/disk.h"
#include "audit/merkle.h"
#include "base/crypto.h"

namespace milecastle::audit {

inline constexpr std::uint64_t kBlockBytes = 4096;
inline constexpr std::uint64_t kGroupHeaderBytes = 80;
inline constexpr std::uint64_t kRecordHeadBytes = 82;  // up to the salt
inline constexpr std::uint64_t kSaltBytes = 16;

struct SegmentHeader {
  std::uint64_t length = 0;  // of the file
  std::uint64_t nonce = 0;
  base::Digest log{};  // SHA-256 of the vkey
  Frontier frontier;   // of the tree before this segment; its size is the first index

  std::uint64_t first_index() const { return frontier.size(); }
};

std::string EncodeSegmentHeader(const SegmentHeader& header);  // kBlockBytes long
std::optional<SegmentHeader> DecodeSegmentHeader(std::string_view block);
std::string SegmentName(std::uint64_t first_index);  // 20 digits

struct GroupHeader {
  std::uint32_t count = 0;
  std::uint64_t first_index = 0;
  std::uint64_t record_bytes = 0;
  std::uint64_t nonce = 0;
  base::Digest root{};  // after this group
};

std::string EncodeGroupHeader(const GroupHeader& header);
std::optional<GroupHeader> DecodeGroupHeader(std::string_view bytes);
std::uint64_t GroupBytes(std::uint64_t record_bytes);  // header and padding included

struct RecordBytes {
  std::string_view leaf;
  std::string_view salt;
  std::string_view payload;

  std::uint64_t size() const { return kRecordHeadBytes + salt.size() + payload.size(); }
};

void AddRecord(std::string& out, const RecordBytes& record);

struct RecordHead {
  std::string_view leaf;
  std::uint32_t payload_bytes = 0;
};
// From at least kRecordHeadBytes; nothing where the CRC does not fit.
std::optional<RecordHead> DecodeRecordHead(std::string_view bytes);
// True where salt and payload fit the leaf's digest.
bool FitsLeaf(const RecordBytes& record);

// A group as read from a file: its records look into `bytes`.
struct Group {
  std::uint64_t offset = 0;
  GroupHeader header;
  std::string bytes;  // header, records and padding
  std::vector<RecordBytes> records;
  std::vector<std::uint64_t> offsets;  // of the records, in the file

  std::uint64_t end() const { return offset + bytes.size(); }
};

// The group at `offset`, when there is a whole one of this segment: header and every record's head
// are sound. Whether index and root fit is for the caller, who knows the tree.
base::Result<std::optional<Group>> ReadGroup(const File& file, const SegmentHeader& segment,
                                             std::uint64_t offset);

// What lies behind the last whole group.
struct Tail {
  bool all_zero = true;
  std::uint64_t nonzero_end = 0;             // block-aligned end of what is not zero
  std::optional<std::uint64_t> later_group;  // position of a later group's header
};
base::Result<Tail> InspectTail(const File& file, const SegmentHeader& segment,
                               std::uint64_t offset);

}  // namespace milecastle::audit

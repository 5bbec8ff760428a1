// Disclosure without serialising: stored bytes are copied into the answer, masked at wire level,
// with a trailer behind.
//
// Thread-safety: values and functions without state. Failure: a stored entry that cannot be walked
// is not written at all (false); the caller discloses nothing.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/room.h"
#include "record/facts.h"

namespace milecastle::wire {

// The groups of a milecastle.v1.Entry that a mask drops whole.
enum class Group : std::uint8_t {
  kAddresses = 1,
  kContacts = 2,
  kPractice = 4,
  kPerformers = 8,
  kFreeText = 16,
  kDocument = 32,
};

class GroupSet {
 public:
  GroupSet() = default;
  GroupSet(std::initializer_list<Group> groups) {
    for (const Group group : groups) Add(group);
  }
  void Add(Group group) {
    bits_ = static_cast<std::uint8_t>(bits_ | static_cast<std::uint8_t>(group));
  }
  bool Has(Group group) const { return (bits_ & static_cast<std::uint8_t>(group)) != 0; }
  bool empty() const { return bits_ == 0; }
  bool operator==(const GroupSet&) const = default;

 private:
  std::uint8_t bits_ = 0;
};

// What all disclosed entries of one class have in common, encoded once.
struct ClassTrailer {
  std::string_view source;  // ODS code; empty: masked
  bool source_masked = false;
  GroupSet masked;
  std::string_view rule;  // empty: not for this reader
  bool untraced = false;  // said under an NHS number that its source never traced
  record::Headline headline = record::Headline::kNone;
};
std::string EncodeTrailer(const ClassTrailer& trailer);

// A link to another entry of the same answer. Ids are 16 bytes.
struct ShownLink {
  std::string_view relation;
  std::string_view id;
};

void AppendLinks(base::Room& tail, std::span<const ShownLink> links);

// What a mask leaves of stored bytes, as they stand.
[[nodiscard]] bool KeepUnmasked(std::string_view stored, GroupSet masked, std::string& kept);

struct EntryParts {
  std::string_view shown;
  std::string_view id;
  std::string_view tail;  // its class's trailer, then its links
};

// One entry as a message of its own.
std::string EncodeShown(const EntryParts& parts);

// Appends one entry as a field of a PatientView.
void AppendEntry(base::Room& view, const EntryParts& parts);

}  // namespace milecastle::wire

// Entries as kept: stored bytes that are never changed, beside the columns that can.
//
// Rows are the truth. A segment is a derived read model of one person's current entries, valid at
// one record_version alone, and rebuilt by the next reader.
//
// Every write here that changes what a view would show advances the person's record_version, once
// in a work.
//
// Thread-safety and failure: as journal.h. SegmentOf is kNotFound for no such person. A row or
// segment that does not match its digest is kStoreCorrupt and is not used.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"
#include "record/entry.h"
#include "record/facts.h"
#include "record/identifiers.h"
#include "record/likeness.h"

namespace milecastle::store {

struct StoredEntry {
  record::EntryId id;
  record::IdentityId identity;
  record::MessageId message;  // that brought it
  std::string source_key;
  record::EntryClass entry_class;
  std::optional<base::Instant> effective;
  base::Instant stored;
  std::uint16_t encoding_version = 1;
  std::uint64_t number = 0;         // the store's own, counted from 1 and never given twice
  std::uint16_t key_id = 0;         // 0: protected by the disk's encryption alone
  std::string bytes;                // wire/: the immutable, disclosable fields
  std::vector<record::Link> links;  // by source key: beside the bytes, never disclosed as such
  record::Likeness likeness;        // beside the bytes too
};

// From one item of a segment to another of the same source; links to what is not current are left
// out.
struct SegmentLink {
  std::uint32_t target = 0;    // its place among the items
  std::uint32_t relation = 0;  // among the segment's relations
};

// One item of a segment: which slice of the bytes, and what a decision needs of it.
struct SegmentItem {
  record::EntryId id;
  std::uint64_t number = 0;  // as StoredEntry's
  base::Digest digest{};     // SHA-256 of its bytes, then of its id's
  record::ClassIndex entry_class = 0;
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::int64_t effective_micros = 0;  // since 1970; the least value where the entry has no time
  std::uint16_t encoding_version = 1;
  std::uint32_t first_link = 0;  // among the segment's links
  std::uint32_t links = 0;
  std::uint32_t first_key = 0;  // among the segment's keys (record::Likeness)
  std::uint32_t keys = 0;
  record::Holding holding = record::Holding::kNothing;
};
struct Segment {
  std::uint64_t record_version = 0;
  std::vector<record::EntryClass> classes;  // by ClassIndex, interned for this segment
  std::vector<SegmentItem>
      items;  // current entries, newest first within a section, sections in their order
  std::vector<SegmentLink> links;
  std::vector<std::string> relations;
  std::vector<std::uint64_t> keys;
  std::string bytes;
  std::uint32_t superseded = 0;  // entries kept that are not current
};

// What a source said of a section: the newest per source, section and standing of its number.
struct SourceStatement {
  record::OdsCode source;
  record::SectionStatement statement;
  base::Instant stored;
  // Said under a number that may not be relied on for sharing (safety.md 13). Filled in when read.
  bool untraced = false;
};

// What a message said of an identity that changed no row: entries that it gave again as they stood,
// keys that it withdrew though none was there, and whole sections (a snapshot).
struct SaidAgain {
  base::Instant at;
  std::vector<record::Section> sections;
  std::vector<std::string> keys;
};

class ReadRecords {
 public:
  virtual ~ReadRecords() = default;
  virtual base::Result<std::shared_ptr<const Segment>> SegmentOf(record::PersonId person) = 0;
  virtual base::Result<std::vector<SourceStatement>> StatementsOf(record::PersonId person) = 0;
  virtual base::Result<std::optional<StoredEntry>> Find(record::EntryId id) = 0;
  // The sources that ever gave anything for this person, with when each last did.
  virtual base::Result<std::vector<std::pair<record::OdsCode, base::Instant>>> SourcesOf(
      record::PersonId person) = 0;
  // When this source last gave anything for anybody; nothing: it never did.
  virtual base::Result<std::optional<base::Instant>> LastHeard(const record::OdsCode& source) = 0;
};

class Records : public virtual ReadRecords {
 public:
  // Stores the entry. A current entry of the same identity and source_key becomes kSuperseded.
  // Where its bytes, links and class, of which its likeness follows, are the same as the current
  // one's, nothing is written but that its source gave it again, and false is returned.
  virtual base::Result<bool> Put(const StoredEntry& entry) = 0;
  // The source says that it was wrong or is gone. False where there is no such current entry.
  virtual base::Result<bool> Withdraw(record::IdentityId identity, const std::string& source_key,
                                      base::Instant at) = 0;
  // After a snapshot: current entries of these sections whose key is not among `kept` become
  // kNoLongerSent.
  virtual base::Result<std::uint32_t> KeepOnly(record::IdentityId identity,
                                               std::span<const record::Section> sections,
                                               std::span<const std::string> kept,
                                               base::Instant at) = 0;
  // After a newer version of a document: current entries whose key begins with `document` and '/',
  // and is not among `kept`, become kNoLongerSent, but for those that were stored after `at`.
  virtual base::Result<std::uint32_t> KeepOnlyBelow(record::IdentityId identity,
                                                    const std::string& document,
                                                    std::span<const std::string> kept,
                                                    base::Instant at) = 0;
  virtual base::Result<void> PutStatement(record::IdentityId identity,
                                          const SourceStatement& statement) = 0;
  virtual base::Result<void> NoteSaidAgain(record::IdentityId identity, const SaidAgain& said) = 0;
  // Whether its source said anything of this entry, or of its whole section, after `since`: gave,
  // gave again, or withdrew it. What came before that is history.
  struct Word {
    record::IdentityId identity;
    std::string source_key;
    std::optional<record::Section> section;  // nothing: whatever it is in
    base::Instant since;
  };
  virtual base::Result<bool> WasSaidSince(const Word& word) = 0;
  // A snapshot without a statement on a section takes back what was said of it.
  virtual base::Result<void> DropStatements(record::IdentityId identity,
                                            std::span<const record::Section> sections) = 0;
};

}  // namespace milecastle::store

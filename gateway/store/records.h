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

// Of what stands behind an entry's labels, that which no rule of the gateway gave: never disclosed.
struct LabelOrigin {
  std::vector<std::string> said;  // by its source, in its words, of which rules make labels
  // Labels, `headline:…` among them, of which nobody knows what gave them: those of entries that
  // were stored before origins were.
  std::vector<std::string> kept;
  bool operator==(const LabelOrigin&) const = default;
};

struct StoredEntry {
  record::EntryId id;
  record::IdentityId identity;
  record::MessageId message;  // that brought it
  std::string source_key;
  record::EntryClass entry_class;  // with the labels that it has without its links
  std::optional<base::Instant> effective;
  base::Instant stored;
  std::uint16_t encoding_version = 1;
  std::uint64_t number = 0;         // the store's own, counted from 1 and never given twice
  std::uint16_t key_id = 0;         // 0: protected by the disk's encryption alone
  std::string bytes;                // wire/: the immutable, disclosable fields
  std::vector<record::Link> links;  // by source key: beside the bytes, never disclosed as such
  record::Likeness likeness;        // beside the bytes too
  LabelOrigin origin = {};
  // The rules that gave its labels (store/labels.h), where it is to be put. Not kept.
  base::Digest labelled_by{};
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
  std::uint16_t system = 0;  // among the segment's record systems
};
// Allergies and alerts that their source withdrew, and allergies that its newer list or document
// left out; it did not send them again.
struct WithdrawnClass {
  record::ClassIndex entry_class = 0;
  std::uint32_t count = 0;
  std::uint16_t system = 0;  // among the segment's record systems
};
struct Segment {
  std::uint64_t record_version = 0;
  // By ClassIndex, interned for this segment; with the labels that came by links, in either
  // direction, from what is current, was withdrawn or is no longer sent (record/label_flow.h).
  std::vector<record::EntryClass> classes;
  std::vector<SegmentItem>
      items;  // current entries, newest first within a section, sections in their order
  std::vector<SegmentLink> links;
  std::vector<std::string> relations;
  std::vector<std::uint64_t> keys;
  std::string bytes;
  std::uint32_t superseded = 0;  // entries kept that are not current
  std::vector<WithdrawnClass> withdrawn;
  std::vector<std::string> systems = {};  // record systems (record/record_system.h)
};

// One version of an entry, as it was taken.
struct EntryVersion {
  record::MessageId message;  // that brought it
  record::Standing standing = record::Standing::kCurrent;
  record::Verification verification = record::Verification::kUnstated;
  base::Instant stored;
  std::optional<base::Instant> ended;  // when it ceased to be current
  // An older version than one that its source had given before: it never was current.
  bool came_late = false;
};

// What was taken of one entry. A source that stands for the same thing under another key is another
// entry.
struct EntryHistory {
  // Its items are the versions, the last that came first, without links. The last word's class
  // bears the labels that a segment gives it. Those of all others bear the labels of all versions,
  // those that are not among the items too, and those that come to the items by their links: an old
  // one tells of the new one.
  Segment segment;
  std::vector<EntryVersion> versions;  // of the items, in their order
  // The place among the items of what its source said last, whatever came late since.
  std::size_t last_word = 0;
  record::ClassIndex asked = 0;  // of the version that was asked for, which may not be an item
  // Of older ones, which are kept and not among the items: their classes, each once.
  std::vector<record::ClassIndex> beyond;
};

// How much of a history is read at once.
struct HistoryLimit {
  std::size_t versions = 100;  // at least 2; the last word is given whatever came since
  std::size_t bytes = std::size_t{16} << 20;  // the last word is given whatever its size is
};

// What a record system of a source said of a section: the newest per source, system, section and
// standing of its number.
struct SourceStatement {
  record::OdsCode source;
  record::SectionStatement statement;
  base::Instant stored;
  // Said under a number that may not be relied on for sharing (safety.md 13). Filled in when read.
  bool untraced = false;
  // How the keys of the system that said so begin. Empty: it was said before that was kept, and is
  // taken the place of by whichever system of the source speaks next.
  std::string system = {};
};

// What a message said of an identity that changed no row: entries that it gave again as they stood,
// keys that it withdrew though none was there, whole sections (a snapshot), and documents that it
// replaced whole (their keys, with '/').
struct SaidAgain {
  base::Instant at;
  std::vector<record::Section> sections;
  std::vector<std::string> keys;
  std::string system = {};  // whose sections they are: how its keys begin
};

// What became of an entry that was given.
struct Placed {
  struct Superseded {
    record::EntryClass entry_class;
    std::string bytes;
  };
  bool is_new = false;                        // false: it stands as it is already
  std::optional<Superseded> superseded = {};  // an allergy or alert alone
  explicit operator bool() const { return is_new; }
};

class ReadRecords {
 public:
  virtual ~ReadRecords() = default;
  virtual base::Result<std::shared_ptr<const Segment>> SegmentOf(record::PersonId person) = 0;
  virtual base::Result<std::vector<SourceStatement>> StatementsOf(record::PersonId person) = 0;
  virtual base::Result<std::optional<StoredEntry>> Find(record::EntryId id) = 0;
  // Of the entry that this is a version of; without items where the person has none such.
  virtual base::Result<EntryHistory> HistoryOf(record::PersonId person, record::EntryId id,
                                               const HistoryLimit& limit) = 0;
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
  // one's, nothing is written but that its source gave it again. Where the store follows other
  // rules than gave its labels, theirs are given first (store/labels.h).
  virtual base::Result<Placed> Put(const StoredEntry& entry) = 0;
  // Stores an older version than what its source gave, or ended, before: as one that was never
  // current. False: a version of the same content is kept already.
  virtual base::Result<bool> PutOlder(const StoredEntry& entry) = 0;
  // The source says that it was wrong or is gone. The class of what that ended; nothing where there
  // is no such current entry.
  virtual base::Result<std::optional<record::EntryClass>> Withdraw(record::IdentityId identity,
                                                                   const std::string& source_key,
                                                                   base::Instant at) = 0;
  // After a snapshot of a record system: current entries of these sections whose key begins with
  // `system`, and is not among `kept`, become kNoLongerSent.
  virtual base::Result<std::uint32_t> KeepOnly(record::IdentityId identity,
                                               const std::string& system,
                                               std::span<const record::Section> sections,
                                               std::span<const std::string> kept,
                                               base::Instant at) = 0;
  // After a newer version of a document: current entries whose key begins with `document` and '/',
  // or that are linked to it as its parts and were given by nobody else, and whose key is not among
  // `kept`, become kNoLongerSent, but for those that were stored after `at`.
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
    std::string system = {};  // whose section it is, as in SaidAgain
  };
  virtual base::Result<bool> WasSaidSince(const Word& word) = 0;
  // Which version the source gave, or ended, last of what stands under a key; nothing: it did not
  // say. Noted anew, it takes the place of the one before, whatever their order.
  virtual base::Result<std::optional<record::Version>> VersionOf(record::IdentityId identity,
                                                                 const std::string& key) = 0;
  virtual base::Result<void> NoteVersion(record::IdentityId identity, const std::string& key,
                                         const record::Version& version) = 0;
  // A system's snapshot without a statement on a section takes back what it said of it.
  virtual base::Result<void> DropStatements(record::IdentityId identity, const std::string& system,
                                            std::span<const record::Section> sections) = 0;
};

}  // namespace milecastle::store

#include "inside/segment_builder.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "inside/entry_row.h"
#include "inside/fields.h"
#include "inside/patients_table.h"
#include "inside/query.h"
#include "inside/reader_classes.h"
#include "record/label_flow.h"
#include "record/labels.h"
#include "record/record_system.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

struct Part {
  EntryRow entry;
  const record::EntryClass* entry_class = nullptr;
  std::int64_t effective = kNoTime;
  bool untraced = false;
  std::vector<std::string> by_links = {};  // labels that came to it (record/label_flow.h)
};

// Classes of one segment by their number in the store, apart for entries of untraced identities and
// for those to which labels came.
using Interned =
    std::map<std::tuple<std::int64_t, bool, std::vector<std::string>>, record::ClassIndex>;

// Sections in their order, newest first within one; what has no time comes last.
bool Before(const Part& left, const Part& right) {
  return std::tuple(left.entry_class->section, right.effective, right.entry.stored,
                    right.entry.seq) <
         std::tuple(right.entry_class->section, left.effective, left.entry.stored, left.entry.seq);
}

base::Result<std::vector<EntryRow>> CurrentEntries(Connection& connection,
                                                   record::PersonId person) {
  return All(connection,
             "SELECT * FROM entries WHERE standing = 1 AND identity IN"
             " (SELECT id FROM identities WHERE person = ?)",
             kEntriesTable, {person}, &ReadEntry);
}

base::Result<std::set<record::IdentityId>> UntracedIdentities(Connection& connection,
                                                              record::PersonId person) {
  const auto identities = IdentitiesIn(connection, person);
  if (!identities) return identities.error();
  std::set<record::IdentityId> untraced;
  for (const Identity& identity : *identities) {
    if (!identity.shareable) untraced.insert(identity.id);
  }
  return untraced;
}

record::EntryClass ClassOf(const Part& part) {
  record::EntryClass entry_class = *part.entry_class;
  record::AddLabels(part.by_links, entry_class);
  if (part.untraced) record::AddLabels({std::string(record::kUntracedLabel)}, entry_class);
  return entry_class;
}

void Append(Segment& segment, Interned& interned, const Part& part) {
  const auto [index, added] =
      interned.try_emplace(std::tuple(part.entry.entry_class, part.untraced, part.by_links),
                           static_cast<record::ClassIndex>(segment.classes.size()));
  if (added) segment.classes.push_back(ClassOf(part));
  const std::string& bytes = part.entry.bytes;
  segment.items.push_back({.id = part.entry.id,
                           .number = static_cast<std::uint64_t>(part.entry.seq),
                           .digest = base::Sha256(bytes, part.entry.id.uuid.AsBytes()),
                           .entry_class = index->second,
                           .offset = static_cast<std::uint32_t>(segment.bytes.size()),
                           .size = static_cast<std::uint32_t>(bytes.size()),
                           .effective_micros = part.effective,
                           .encoding_version = part.entry.encoding_version,
                           .first_key = static_cast<std::uint32_t>(segment.keys.size()),
                           .keys = static_cast<std::uint32_t>(part.entry.likeness.keys.size()),
                           .holding = part.entry.likeness.holding,
                           .system = record::SystemIn(segment.systems, part.entry.source_key)});
  const auto& keys = part.entry.likeness.keys;
  segment.keys.insert(segment.keys.end(), keys.begin(), keys.end());
  segment.bytes += bytes;
}

// Keys become places: within one source's identity for the patient, and among what is current.
class Linker {
 public:
  Linker(const std::vector<Part>& parts, Segment& segment) : parts_(parts), segment_(segment) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      places_.emplace(
          std::pair(parts[i].entry.identity, std::string_view(parts[i].entry.source_key)),
          static_cast<std::uint32_t>(i));
    }
  }

  void Link() {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      SegmentItem& item = segment_.items[i];
      item.first_link = static_cast<std::uint32_t>(segment_.links.size());
      for (const record::Link& link : parts_[i].entry.links) {
        const auto target =
            places_.find(std::pair(parts_[i].entry.identity, std::string_view(link.key)));
        if (target == places_.end()) continue;
        segment_.links.push_back({.target = target->second, .relation = RelationOf(link.relation)});
      }
      item.links = static_cast<std::uint32_t>(segment_.links.size()) - item.first_link;
    }
  }

 private:
  std::uint32_t RelationOf(const std::string& relation) {
    const auto [known, added] =
        relations_.try_emplace(relation, static_cast<std::uint32_t>(segment_.relations.size()));
    if (added) segment_.relations.push_back(relation);
    return known->second;
  }

  const std::vector<Part>& parts_;
  Segment& segment_;
  std::map<std::pair<record::IdentityId, std::string_view>, std::uint32_t> places_;
  std::map<std::string, std::uint32_t> relations_;
};

// In the order of a segment. `classes` outlives the parts.
base::Result<std::vector<Part>> PartsOf(Session& session, record::PersonId person,
                                        ReaderClasses& classes) {
  auto entries = CurrentEntries(session.connection, person);
  if (!entries) return entries.error();
  const auto untraced = UntracedIdentities(session.connection, person);
  if (!untraced) return untraced.error();
  std::vector<Part> parts;
  for (EntryRow& entry : *entries) {
    if (auto labelled = classes.Label(entry); !labelled) return labelled.error();
    const auto entry_class = classes.Find(entry.entry_class);
    if (!entry_class) return entry_class.error();
    const auto effective = entry.effective;
    const bool of_untraced = untraced->contains(entry.identity);
    parts.push_back({.entry = std::move(entry),
                     .entry_class = *entry_class,
                     .effective = effective ? effective->time_since_epoch().count() : kNoTime,
                     .untraced = of_untraced});
  }
  std::sort(parts.begin(), parts.end(), &Before);
  return parts;
}

// What was withdrawn, or is no longer sent: whatever is linked to it would still give it away. An
// entry that its source sent again is not among them, for the newer word counts. Without its bytes.
struct Ended {
  std::int64_t seq = 0;
  record::IdentityId identity;
  std::int64_t entry_class = 0;
  record::Standing standing = record::Standing::kWithdrawn;
  std::string source_key;
  record::Likeness likeness;
};
base::Result<std::vector<Ended>> EndedEntries(Connection& connection, record::PersonId person) {
  auto running = Running::Start(
      connection,
      "SELECT seq, identity, class, standing, source_key, likeness FROM entries AS old"
      " WHERE standing IN (3, 4)"
      " AND identity IN (SELECT id FROM identities WHERE person = ?) AND NOT EXISTS"
      " (SELECT 1 FROM entries WHERE identity = old.identity AND standing = 1"
      " AND source_key = old.source_key)",
      std::array{Value(person)});
  if (!running) return running.error();
  std::vector<Ended> ended;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) return ended;
    Row row(running->statement(), 1);
    Ended& one = ended.emplace_back();
    one.seq = row.seq();
    one.identity = row.IdOf<record::IdentityId>();
    one.entry_class = row.Int();
    one.standing = static_cast<record::Standing>(row.Int());
    one.source_key = row.Text();
    if (const auto likeness = row.Maybe(&Row::Bytes)) {
      one.likeness = Unpack<record::Likeness>(*likeness).value_or(record::Likeness());
    }
    if (row.broken()) return BrokenRow(kEntriesTable);
  }
}

base::Result<void> LabelThoseDue(Session& session, std::vector<Ended>& ended,
                                 ReaderClasses& classes) {
  for (Ended& one : ended) {
    if (!classes.IsDue(one.seq)) continue;
    auto row = First(session.connection, "SELECT * FROM entries WHERE seq = ?", kEntriesTable,
                     {one.seq}, &ReadEntry);
    if (!row) return row.error();
    if (!*row) continue;
    if (auto labelled = classes.Label(**row); !labelled) return labelled;
    one.entry_class = (*row)->entry_class;
    one.likeness = std::move((*row)->likeness);
  }
  return {};
}

// Those of them that bore a label.
base::Result<std::vector<Part>> EndedWithLabels(Session& session, const std::vector<Ended>& ended,
                                                ReaderClasses& classes) {
  std::vector<Part> parts;
  for (const Ended& one : ended) {
    const auto entry_class = classes.Find(one.entry_class);
    if (!entry_class) return entry_class.error();
    if ((*entry_class)->labels.empty()) continue;
    auto row = First(session.connection, "SELECT * FROM entries WHERE seq = ?", kEntriesTable,
                     {one.seq}, &ReadEntry);
    if (!row) return row.error();
    if (*row) parts.push_back({.entry = **std::move(row), .entry_class = *entry_class});
  }
  return parts;
}

// Of a list or document that leaves an alert out, it is over; one that leaves an allergy out may
// have lost it, unless it said that it was over, or wrong.
bool IsAllergyThatStood(const Ended& one, const record::EntryClass& entry_class) {
  return entry_class.kind == record::Kind::kAllergy &&
         one.likeness.holding != record::Holding::kEnded &&
         one.likeness.holding != record::Holding::kDenied &&
         entry_class.verification != record::Verification::kEnteredInError &&
         entry_class.verification != record::Verification::kRefuted;
}

// What each identity's source tells of, by whatever key it names it (record/likeness.h).
class Likes {
 public:
  void Add(const record::IdentityId& identity, const record::Likeness& likeness) {
    for (const std::uint64_t key : likeness.keys) keys_.emplace(identity, key);
  }
  bool HasAnyOf(const record::IdentityId& identity, const record::Likeness& likeness) const {
    return std::any_of(likeness.keys.begin(), likeness.keys.end(), [&](std::uint64_t key) {
      return !record::IsMark(key) && keys_.contains({identity, key});
    });
  }

 private:
  std::set<std::pair<record::IdentityId, std::uint64_t>> keys_;
};

// What a reader must be told that it is gone: each once.
base::Result<std::vector<Ended>> ToBeTold(const std::vector<Ended>& ended,
                                          const std::vector<Part>& parts, ReaderClasses& classes) {
  std::vector<Ended> told;
  if (ended.empty()) return told;
  Likes likes;
  for (const Part& part : parts) likes.Add(part.entry.identity, part.entry.likeness);
  for (const Ended& one : ended) {
    const auto known = classes.Find(one.entry_class);
    if (!known) return known.error();
    const record::EntryClass& entry_class = **known;
    if (one.standing == record::Standing::kWithdrawn) {
      if (record::IsWarning(entry_class.section, entry_class.kind)) told.push_back(one);
    } else if (IsAllergyThatStood(one, entry_class) &&
               !likes.HasAnyOf(one.identity, one.likeness)) {
      told.push_back(one);
      likes.Add(one.identity, one.likeness);
    }
  }
  return told;
}

// What a view tells of allergies and alerts that are gone is decided by their class.
base::Result<void> AddWithdrawn(Session& session, record::PersonId person,
                                const std::vector<Ended>& told, ReaderClasses& classes,
                                Segment& segment) {
  if (told.empty()) return {};
  const auto untraced = UntracedIdentities(session.connection, person);
  if (!untraced) return untraced.error();
  std::map<std::pair<record::EntryClass, std::uint16_t>, std::uint32_t> counts;
  for (const Ended& one : told) {
    const auto known = classes.Find(one.entry_class);
    if (!known) return known.error();
    record::EntryClass entry_class = **known;
    if (untraced->contains(one.identity)) {
      record::AddLabels({std::string(record::kUntracedLabel)}, entry_class);
    }
    ++counts[{std::move(entry_class), record::SystemIn(segment.systems, one.source_key)}];
  }
  for (auto& [of, count] : counts) {
    const auto at = static_cast<record::ClassIndex>(segment.classes.size());
    segment.classes.push_back(of.first);
    segment.withdrawn.push_back({at, count, of.second});
  }
  return {};
}

record::LabelNode NodeOf(const Part& part) {
  return {.scope = part.entry.identity.uuid.AsBytes(),
          .key = part.entry.source_key,
          .links = part.entry.links,
          .entry_class = part.entry_class};
}

// What is linked to a sensitive entry bears its labels, whichever of the two came first.
void LabelByLinks(std::vector<Part>& parts, const std::vector<Part>& ended) {
  std::vector<record::LabelNode> nodes;
  nodes.reserve(parts.size() + ended.size());
  std::transform(parts.begin(), parts.end(), std::back_inserter(nodes), &NodeOf);
  std::transform(ended.begin(), ended.end(), std::back_inserter(nodes), &NodeOf);
  auto came = record::LabelsByLinks(nodes);
  if (came.empty()) return;
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].by_links = std::move(came[i]);
}

base::Result<EntryRow> EntryNumbered(Session& session, std::int64_t seq) {
  auto row = First(session.connection, "SELECT * FROM entries WHERE seq = ?", kEntriesTable, {seq},
                   &ReadEntry);
  if (!row) return row.error();
  if (!*row) return base::Error{base::ErrorId::kStoreCorrupt, "entries", "a row is gone"};
  return **std::move(row);
}

// The versions of an entry, the last that came first, as many as the limit allows.
base::Result<std::vector<Part>> VersionsOf(Session& session, const EntryRow& of,
                                           const HistoryLimit& limit, ReaderClasses& classes,
                                           bool& truncated) {
  auto running = Running::Start(
      session.connection,
      "SELECT seq, length(bytes) FROM entries WHERE identity = ? AND standing IN (1, 2, 3, 4)"
      " AND source_key = ? ORDER BY seq DESC LIMIT ?",
      std::array{Value(of.identity), Value(of.source_key),
                 Value(static_cast<std::int64_t>(limit.versions) + 1)});
  if (!running) return running.error();
  std::vector<std::int64_t> seqs;
  std::uint64_t bytes = 0;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) break;
    Row row(running->statement(), 1);
    bytes += static_cast<std::uint64_t>(row.Int());
    truncated = seqs.size() == limit.versions || (!seqs.empty() && bytes > limit.bytes);
    if (truncated) break;
    seqs.push_back(row.seq());
  }
  std::vector<Part> versions;
  for (const std::int64_t seq : seqs) {
    auto row = EntryNumbered(session, seq);
    if (!row) return row.error();
    if (auto labelled = classes.Label(*row); !labelled) return labelled.error();
    const auto entry_class = classes.Find(row->entry_class);
    if (!entry_class) return entry_class.error();
    const auto effective = row->effective;
    versions.push_back({.entry = *std::move(row),
                        .entry_class = *entry_class,
                        .effective = effective ? effective->time_since_epoch().count() : kNoTime});
  }
  return versions;
}

// Of every version that there is.
base::Result<std::set<std::string>> OwnLabelsOfAll(Session& session, const EntryRow& of,
                                                   ReaderClasses& classes) {
  auto running = Running::Start(
      session.connection,
      "SELECT seq, class FROM entries WHERE identity = ? AND standing IN (1, 2, 3, 4)"
      " AND source_key = ?",
      std::array{Value(of.identity), Value(of.source_key)});
  if (!running) return running.error();
  std::set<std::int64_t> numbers;
  std::vector<std::int64_t> due;  // whose rules have changed since: labelled as they are read
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) break;
    Row row(running->statement(), 1);
    numbers.insert(row.Int());
    if (classes.IsDue(row.seq())) due.push_back(row.seq());
  }
  for (const std::int64_t seq : due) {
    auto row = EntryNumbered(session, seq);
    if (!row) return row.error();
    if (auto labelled = classes.Label(*row); !labelled) return labelled.error();
    numbers.insert(row->entry_class);
  }
  std::set<std::string> labels;
  for (const std::int64_t number : numbers) {
    const auto entry_class = classes.Find(number);
    if (!entry_class) return entry_class.error();
    labels.insert((*entry_class)->labels.begin(), (*entry_class)->labels.end());
  }
  return labels;
}

// Those that come to the versions by their links, from what else is current or ended.
base::Result<void> AddLabelsByLinks(Session& session, record::PersonId person,
                                    const std::vector<Part>& versions, ReaderClasses& classes,
                                    std::set<std::string>& labels) {
  const auto parts = PartsOf(session, person, classes);
  if (!parts) return parts.error();
  auto ended = EndedEntries(session.connection, person);
  if (!ended) return ended.error();
  if (auto due = LabelThoseDue(session, *ended, classes); !due) return due;
  const auto labelled = EndedWithLabels(session, *ended, classes);
  if (!labelled) return labelled.error();
  std::vector<record::LabelNode> nodes;
  std::transform(versions.begin(), versions.end(), std::back_inserter(nodes), &NodeOf);
  const EntryRow& own = versions.front().entry;
  for (const auto* others : {&*parts, &*labelled}) {
    for (const Part& part : *others) {
      const EntryRow& entry = part.entry;
      const bool is_own = entry.identity == own.identity && entry.source_key == own.source_key;
      if (!is_own) nodes.push_back(NodeOf(part));
    }
  }
  const auto came = record::LabelsByLinks(nodes);
  for (std::size_t i = 0; i < versions.size() && i < came.size(); ++i) {
    labels.insert(came[i].begin(), came[i].end());
  }
  return {};
}

EntryVersion VersionOf(const Part& part) {
  const EntryRow& entry = part.entry;
  return {.message = entry.message,
          .standing = entry.standing,
          .verification = part.entry_class->verification,
          .stored = entry.stored,
          .ended = entry.ended,
          .came_late = entry.ended && *entry.ended < entry.stored};
}

}  // namespace

base::Result<EntryHistory> BuildHistory(Session& session, record::PersonId person,
                                        const EntryRow& of, const HistoryLimit& limit) {
  EntryHistory history;
  auto classes = ReaderClasses::Of(session);
  if (!classes) return classes.error();
  auto versions = VersionsOf(session, of, limit, *classes, history.truncated);
  if (!versions) return versions.error();
  if (versions->empty()) return history;
  auto labels = OwnLabelsOfAll(session, of, *classes);
  if (!labels) return labels.error();
  const auto added = AddLabelsByLinks(session, person, *versions, *classes, *labels);
  if (!added) return added.error();
  const auto untraced = UntracedIdentities(session.connection, person);
  if (!untraced) return untraced.error();
  Interned interned;
  for (Part& version : *versions) {
    version.by_links.assign(labels->begin(), labels->end());
    version.untraced = untraced->contains(of.identity);
    history.versions.push_back(VersionOf(version));
    Append(history.segment, interned, version);
  }
  return history;
}

base::Result<Segment> BuildSegment(Session& session, const Person& person) {
  auto classes = ReaderClasses::Of(session);
  if (!classes) return classes.error();
  auto parts = PartsOf(session, person.id, *classes);
  if (!parts) return parts.error();
  auto ended = EndedEntries(session.connection, person.id);
  if (!ended) return ended.error();
  if (auto due = LabelThoseDue(session, *ended, *classes); !due) return due.error();
  const auto labelled = EndedWithLabels(session, *ended, *classes);
  if (!labelled) return labelled.error();
  LabelByLinks(*parts, *labelled);
  std::size_t bytes = 0;
  for (const Part& part : *parts) bytes += part.entry.bytes.size();
  if (bytes > std::numeric_limits<std::uint32_t>::max()) {
    return base::Error{base::ErrorId::kOverloaded, "the record store",
                       "one person's record is larger than 4 GiB"};
  }

  Segment segment;
  segment.record_version = person.record_version;
  segment.bytes.reserve(bytes);
  segment.items.reserve(parts->size());
  Interned interned;
  for (const Part& part : *parts) Append(segment, interned, part);
  Linker(*parts, segment).Link();
  const auto told = ToBeTold(*ended, *parts, *classes);
  if (!told) return told.error();
  if (auto added = AddWithdrawn(session, person.id, *told, *classes, segment); !added) {
    return added.error();
  }
  const auto superseded = Number(session.connection,
                                 "SELECT count(*) FROM entries WHERE standing != 1 AND identity IN"
                                 " (SELECT id FROM identities WHERE person = ?)",
                                 {person.id});
  if (!superseded) return superseded.error();
  segment.superseded = static_cast<std::uint32_t>(superseded->value_or(0));
  return segment;
}

}  // namespace milecastle::store::sqlite

#include "inside/segment_parts.h"

#include <algorithm>

#include "inside/fields.h"
#include "inside/patients_table.h"
#include "inside/query.h"
#include "record/label_flow.h"
#include "record/labels.h"
#include "record/record_system.h"

namespace milecastle::store::sqlite {
namespace {

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

record::EntryClass ClassOf(const Part& part) {
  record::EntryClass entry_class = *part.entry_class;
  record::AddLabels(part.by_links, entry_class);
  if (part.untraced) record::AddLabels({std::string(record::kUntracedLabel)}, entry_class);
  return entry_class;
}

}  // namespace

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

record::ClassIndex Intern(Segment& segment, Interned& interned, const Part& part) {
  const auto [index, added] =
      interned.try_emplace(std::tuple(part.entry.entry_class, part.untraced, part.by_links),
                           static_cast<record::ClassIndex>(segment.classes.size()));
  if (added) segment.classes.push_back(ClassOf(part));
  return index->second;
}

void Append(Segment& segment, Interned& interned, const Part& part) {
  const record::ClassIndex index = Intern(segment, interned, part);
  const std::string& bytes = part.entry.bytes;
  segment.items.push_back({.id = part.entry.id,
                           .number = static_cast<std::uint64_t>(part.entry.seq),
                           .digest = base::Sha256(bytes, part.entry.id.uuid.AsBytes()),
                           .entry_class = index,
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

base::Result<void> Label(Part& part, ReaderClasses& classes) {
  if (auto labelled = classes.Label(part.entry); !labelled) return labelled;
  const auto entry_class = classes.Find(part.entry.entry_class);
  if (!entry_class) return entry_class.error();
  part.entry_class = *entry_class;
  const auto effective = part.entry.effective;
  part.effective = effective ? effective->time_since_epoch().count() : kNoTime;
  return {};
}

base::Result<std::vector<Part>> PartsOf(Session& session, record::PersonId person,
                                        ReaderClasses& classes) {
  auto entries = CurrentEntries(session.connection, person);
  if (!entries) return entries.error();
  const auto untraced = UntracedIdentities(session.connection, person);
  if (!untraced) return untraced.error();
  std::vector<Part> parts;
  parts.reserve(entries->size());
  for (EntryRow& entry : *entries) {
    Part& part = parts.emplace_back(Part{.entry = std::move(entry)});
    if (auto labelled = Label(part, classes); !labelled) return labelled.error();
    part.untraced = untraced->contains(part.entry.identity);
  }
  std::sort(parts.begin(), parts.end(), &Before);
  return parts;
}

base::Result<std::vector<Part>> EndedParts(Session& session, record::PersonId person,
                                           ReaderClasses& classes) {
  std::vector<Part> ended;
  base::Result<void> labelled;
  const auto read =
      Each(session.connection,
           "SELECT * FROM entries AS old WHERE standing IN (3, 4)"
           " AND identity IN (SELECT id FROM identities WHERE person = ?) AND NOT EXISTS"
           " (SELECT 1 FROM entries WHERE identity = old.identity AND standing = 1"
           " AND source_key = old.source_key)",
           kEntriesTable, {person}, [&](Row& row) {
             Part& part = ended.emplace_back(Part{.entry = ReadEntry(row)});
             if (labelled && !row.broken()) labelled = Label(part, classes);
             part.entry.bytes = {};
           });
  if (!read) return read.error();
  if (!labelled) return labelled.error();
  return ended;
}

record::LabelNode NodeOf(const Part& part) {
  return {.scope = part.entry.identity.uuid.AsBytes(),
          .key = part.entry.source_key,
          .links = part.entry.links,
          .entry_class = part.entry_class};
}

void AddLabelled(const std::vector<Part>& ended, std::vector<record::LabelNode>& nodes) {
  for (const Part& part : ended) {
    if (!part.entry_class->labels.empty()) nodes.push_back(NodeOf(part));
  }
}

}  // namespace milecastle::store::sqlite

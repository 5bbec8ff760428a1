#include "inside/segment_parts.h"

#include <algorithm>
#include <array>

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

record::LabelNode NodeOf(const Part& part) {
  return {.scope = part.entry.identity.uuid.AsBytes(),
          .key = part.entry.source_key,
          .links = part.entry.links,
          .entry_class = part.entry_class};
}

}  // namespace milecastle::store::sqlite

#include "inside/segment_builder.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "inside/entry_row.h"
#include "inside/patients_table.h"
#include "inside/query.h"
#include "record/labels.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

struct Part {
  EntryRow entry;
  const record::EntryClass* entry_class = nullptr;
  std::int64_t effective = kNoTime;
  bool untraced = false;
};

// Classes of one segment by their number in the store, apart for entries of untraced identities.
using Interned = std::map<std::pair<std::int64_t, bool>, record::ClassIndex>;

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
  if (part.untraced) {
    entry_class.labels.emplace_back(record::kUntracedLabel);
    std::sort(entry_class.labels.begin(), entry_class.labels.end());
  }
  return entry_class;
}

void Append(Segment& segment, Interned& interned, Part& part) {
  const auto [index, added] =
      interned.try_emplace(std::pair(part.entry.entry_class, part.untraced),
                           static_cast<record::ClassIndex>(segment.classes.size()));
  if (added) segment.classes.push_back(ClassOf(part));
  segment.items.push_back({.id = part.entry.id,
                           .entry_class = index->second,
                           .offset = static_cast<std::uint32_t>(segment.bytes.size()),
                           .size = static_cast<std::uint32_t>(part.entry.bytes.size()),
                           .effective_micros = part.effective,
                           .encoding_version = part.entry.encoding_version});
  segment.bytes += part.entry.bytes;
}

}  // namespace

base::Result<Segment> BuildSegment(Session& session, const Person& person) {
  auto entries = CurrentEntries(session.connection, person.id);
  if (!entries) return entries.error();
  const auto untraced = UntracedIdentities(session.connection, person.id);
  if (!untraced) return untraced.error();
  std::map<std::int64_t, record::EntryClass> classes;
  std::vector<Part> parts;
  std::size_t bytes = 0;
  for (EntryRow& entry : *entries) {
    auto known = classes.find(entry.entry_class);
    if (known == classes.end()) {
      auto found = session.classes.Find(entry.entry_class);
      if (!found) return found.error();
      known = classes.emplace(entry.entry_class, *std::move(found)).first;
    }
    bytes += entry.bytes.size();
    const auto effective = entry.effective;
    const bool of_untraced = untraced->contains(entry.identity);
    parts.push_back({.entry = std::move(entry),
                     .entry_class = &known->second,
                     .effective = effective ? effective->time_since_epoch().count() : kNoTime,
                     .untraced = of_untraced});
  }
  if (bytes > std::numeric_limits<std::uint32_t>::max()) {
    return base::Error{base::ErrorId::kOverloaded, "the record store",
                       "one person's record is larger than 4 GiB"};
  }
  std::sort(parts.begin(), parts.end(), &Before);

  Segment segment;
  segment.record_version = person.record_version;
  segment.bytes.reserve(bytes);
  segment.items.reserve(parts.size());
  Interned interned;
  for (Part& part : parts) Append(segment, interned, part);
  const auto superseded = Number(session.connection,
                                 "SELECT count(*) FROM entries WHERE standing != 1 AND identity IN"
                                 " (SELECT id FROM identities WHERE person = ?)",
                                 {person.id});
  if (!superseded) return superseded.error();
  segment.superseded = static_cast<std::uint32_t>(superseded->value_or(0));
  return segment;
}

}  // namespace milecastle::store::sqlite

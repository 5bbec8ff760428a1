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

void Append(Segment& segment, Interned& interned, const Part& part) {
  const auto [index, added] =
      interned.try_emplace(std::pair(part.entry.entry_class, part.untraced),
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
                           .holding = part.entry.likeness.holding});
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

base::Result<const record::EntryClass*> ClassNumbered(
    Session& session, std::int64_t number, std::map<std::int64_t, record::EntryClass>& classes) {
  auto known = classes.find(number);
  if (known == classes.end()) {
    auto found = session.classes.Find(number);
    if (!found) return found.error();
    known = classes.emplace(number, *std::move(found)).first;
  }
  return &known->second;
}

// In the order of a segment. `classes` outlives the parts.
base::Result<std::vector<Part>> PartsOf(Session& session, record::PersonId person,
                                        std::map<std::int64_t, record::EntryClass>& classes) {
  auto entries = CurrentEntries(session.connection, person);
  if (!entries) return entries.error();
  const auto untraced = UntracedIdentities(session.connection, person);
  if (!untraced) return untraced.error();
  std::vector<Part> parts;
  for (EntryRow& entry : *entries) {
    const auto entry_class = ClassNumbered(session, entry.entry_class, classes);
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

}  // namespace

base::Result<Segment> BuildSegment(Session& session, const Person& person) {
  std::map<std::int64_t, record::EntryClass> classes;
  const auto parts = PartsOf(session, person.id, classes);
  if (!parts) return parts.error();
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
  const auto superseded = Number(session.connection,
                                 "SELECT count(*) FROM entries WHERE standing != 1 AND identity IN"
                                 " (SELECT id FROM identities WHERE person = ?)",
                                 {person.id});
  if (!superseded) return superseded.error();
  segment.superseded = static_cast<std::uint32_t>(superseded->value_or(0));
  return segment;
}

}  // namespace milecastle::store::sqlite

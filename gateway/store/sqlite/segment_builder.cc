#include "inside/segment_builder.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <set>

#include "inside/query.h"
#include "inside/segment_parts.h"
#include "record/label_flow.h"
#include "record/labels.h"
#include "record/record_system.h"

namespace milecastle::store::sqlite {
namespace {

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

// Of a list or document that leaves an alert out, it is over; one that leaves an allergy out may
// have lost it, unless it said that it was over, or wrong.
bool IsAllergyThatStood(const Part& one, const record::EntryClass& entry_class) {
  return entry_class.kind == record::Kind::kAllergy &&
         one.entry.likeness.holding != record::Holding::kEnded &&
         one.entry.likeness.holding != record::Holding::kDenied &&
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
std::vector<const Part*> ToBeTold(const std::vector<Part>& ended, const std::vector<Part>& parts) {
  std::vector<const Part*> told;
  if (ended.empty()) return told;
  Likes likes;
  for (const Part& part : parts) likes.Add(part.entry.identity, part.entry.likeness);
  for (const Part& one : ended) {
    const record::EntryClass& entry_class = *one.entry_class;
    if (one.entry.standing == record::Standing::kWithdrawn) {
      if (record::IsWarning(entry_class.section, entry_class.kind)) told.push_back(&one);
    } else if (IsAllergyThatStood(one, entry_class) &&
               !likes.HasAnyOf(one.entry.identity, one.entry.likeness)) {
      told.push_back(&one);
      likes.Add(one.entry.identity, one.entry.likeness);
    }
  }
  return told;
}

// What a view tells of allergies and alerts that are gone is decided by their class.
base::Result<void> AddWithdrawn(Session& session, record::PersonId person,
                                const std::vector<const Part*>& told, Segment& segment) {
  if (told.empty()) return {};
  const auto untraced = UntracedIdentities(session.connection, person);
  if (!untraced) return untraced.error();
  std::map<std::pair<record::EntryClass, std::uint16_t>, std::uint32_t> counts;
  for (const Part* one : told) {
    record::EntryClass entry_class = *one->entry_class;
    if (untraced->contains(one->entry.identity)) {
      record::AddLabels({std::string(record::kUntracedLabel)}, entry_class);
    }
    ++counts[{std::move(entry_class), record::SystemIn(segment.systems, one->entry.source_key)}];
  }
  for (auto& [of, count] : counts) {
    const auto at = static_cast<record::ClassIndex>(segment.classes.size());
    segment.classes.push_back(of.first);
    segment.withdrawn.push_back({at, count, of.second});
  }
  return {};
}

// What is linked to a sensitive entry bears its labels, whichever of the two came first.
void LabelByLinks(std::vector<Part>& parts, const std::vector<Part>& ended) {
  std::vector<record::LabelNode> nodes;
  nodes.reserve(parts.size() + ended.size());
  std::transform(parts.begin(), parts.end(), std::back_inserter(nodes), &NodeOf);
  AddLabelled(ended, nodes);
  auto came = record::LabelsByLinks(nodes);
  if (came.empty()) return;
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].by_links = std::move(came[i]);
}

}  // namespace

base::Result<Segment> BuildSegment(Session& session, const Person& person) {
  auto classes = ReaderClasses::Of(session);
  if (!classes) return classes.error();
  auto parts = PartsOf(session, person.id, *classes);
  if (!parts) return parts.error();
  const auto ended = EndedParts(session, person.id, *classes);
  if (!ended) return ended.error();
  LabelByLinks(*parts, *ended);
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
  const auto told = ToBeTold(*ended, *parts);
  if (auto added = AddWithdrawn(session, person.id, told, segment); !added) return added.error();
  const auto superseded = Number(session.connection,
                                 "SELECT count(*) FROM entries WHERE standing != 1 AND identity IN"
                                 " (SELECT id FROM identities WHERE person = ?)",
                                 {person.id});
  if (!superseded) return superseded.error();
  segment.superseded = static_cast<std::uint32_t>(superseded->value_or(0));
  return segment;
}

}  // namespace milecastle::store::sqlite

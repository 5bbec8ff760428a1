#include "store/merged_segment.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "record/label_flow.h"
#include "record/record_system.h"

namespace milecastle::store {
namespace {

using record::Section;

constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

class Merger {
 public:
  Merger(const Segment& kept, std::span<const GivenAnew> given) : kept_(kept), given_(given) {}

  Segment Make() && {
    out_.record_version = kept_.record_version;
    out_.superseded = kept_.superseded;
    out_.relations = kept_.relations;
    out_.systems = kept_.systems;
    AddKept();
    AddWithdrawn();
    for (std::uint32_t i = 0; i < given_.size(); ++i) AddGiven(i);
    LabelGiven();
    std::stable_sort(parts_.begin(), parts_.end(), [](const Part& left, const Part& right) {
      return left.section != right.section ? left.section < right.section
                                           : left.effective > right.effective;
    });
    for (const Part& part : parts_) Append(part);
    for (std::uint32_t place = 0; place < parts_.size(); ++place) Link(place);
    return std::move(out_);
  }

 private:
  struct Part {
    Section section = Section::kDemographics;
    std::int64_t effective = kNoTime;
    const SegmentItem* item = nullptr;                // kept
    std::uint32_t place = 0;                          // of it there
    const StoredEntry* entry = nullptr;               // or given
    std::uint32_t given = 0;                          // by whom
    const record::EntryClass* entry_class = nullptr;  // of that, with the labels of its links
  };

  bool IsReplaced(const record::EntryClass& entry_class, std::size_t system) const {
    // One source may answer twice, each time for other sections.
    return std::any_of(given_.begin(), given_.end(), [&](const GivenAnew& given) {
      const auto& covers = given.covers;
      return given.source == entry_class.source && given.system == SystemNumbered(system) &&
             std::find(covers.begin(), covers.end(), entry_class.section) != covers.end();
    });
  }

  // None for what stands under no system's key.
  std::string_view SystemNumbered(std::size_t number) const {
    return number < kept_.systems.size() ? std::string_view(kept_.systems[number])
                                         : std::string_view();
  }

  void AddKept() {
    for (std::uint32_t place = 0; place < kept_.items.size(); ++place) {
      const SegmentItem& item = kept_.items[place];
      const record::EntryClass& entry_class = kept_.classes.at(item.entry_class);
      if (IsReplaced(entry_class, item.system)) continue;
      parts_.push_back({.section = entry_class.section,
                        .effective = item.effective_micros,
                        .item = &item,
                        .place = place});
    }
  }

  void AddWithdrawn() {
    for (const WithdrawnClass& each : kept_.withdrawn) {
      const record::EntryClass& entry_class = kept_.classes.at(each.entry_class);
      if (!IsReplaced(entry_class, each.system)) {
        out_.withdrawn.push_back({Interned(entry_class), each.count, each.system});
      }
    }
  }

  void AddGiven(std::uint32_t index) {
    for (const StoredEntry& entry : given_[index].entries) {
      const auto& time = entry.effective;
      parts_.push_back({.section = entry.entry_class.section,
                        .effective = time ? time->time_since_epoch().count() : kNoTime,
                        .entry = &entry,
                        .given = index});
    }
  }

  // As what is stored is labelled: a source may answer twice, once with its record and once with
  // the letters about it.
  void LabelGiven() {
    std::vector<Part*> parts;
    std::vector<record::LabelNode> nodes;
    for (Part& part : parts_) {
      if (part.entry == nullptr) continue;
      parts.push_back(&part);
      nodes.push_back({.scope = given_[part.given].source.text(),
                       .key = part.entry->source_key,
                       .links = part.entry->links,
                       .entry_class = &part.entry->entry_class});
    }
    const auto came = record::LabelsByLinks(nodes);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      record::EntryClass& entry_class = labelled_.emplace_back(parts[i]->entry->entry_class);
      if (!came.empty()) record::AddLabels(came[i], entry_class);
      parts[i]->entry_class = &entry_class;
    }
  }

  record::ClassIndex Interned(const record::EntryClass& entry_class) {
    const auto [at, added] =
        classes_.try_emplace(entry_class, static_cast<record::ClassIndex>(out_.classes.size()));
    if (added) out_.classes.push_back(entry_class);
    return at->second;
  }

  void Append(const Part& part) {
    const auto place = static_cast<std::uint32_t>(out_.items.size());
    SegmentItem item;
    if (part.item != nullptr) {
      item = *part.item;
      item.entry_class = Interned(kept_.classes.at(part.item->entry_class));
      places_of_kept_.emplace(part.place, place);
    } else {
      item = ItemOf(*part.entry, *part.entry_class);
      places_of_given_.emplace(std::pair(part.given, std::string_view(part.entry->source_key)),
                               place);
    }
    const std::string_view bytes =
        part.item != nullptr
            ? std::string_view(kept_.bytes).substr(part.item->offset, part.item->size)
            : std::string_view(part.entry->bytes);
    item.offset = static_cast<std::uint32_t>(out_.bytes.size());
    out_.bytes += bytes;
    AppendKeys(part, item);
    out_.items.push_back(item);
  }

  void AppendKeys(const Part& part, SegmentItem& item) {
    const auto first = static_cast<std::uint32_t>(out_.keys.size());
    if (part.item != nullptr) {
      for (std::uint32_t i = 0; i < item.keys; ++i) {
        out_.keys.push_back(kept_.keys.at(item.first_key + i));
      }
    } else {
      const auto& keys = part.entry->likeness.keys;
      out_.keys.insert(out_.keys.end(), keys.begin(), keys.end());
      item.keys = static_cast<std::uint32_t>(keys.size());
      item.holding = part.entry->likeness.holding;
    }
    item.first_key = first;
  }

  SegmentItem ItemOf(const StoredEntry& entry, const record::EntryClass& entry_class) {
    const auto& time = entry.effective;
    return {.id = entry.id,
            .digest = base::Sha256(entry.bytes, entry.id.uuid.AsBytes()),
            .entry_class = Interned(entry_class),
            .size = static_cast<std::uint32_t>(entry.bytes.size()),
            .effective_micros = time ? time->time_since_epoch().count() : kNoTime,
            .encoding_version = entry.encoding_version,
            .system = record::SystemIn(out_.systems, entry.source_key)};
  }

  std::uint32_t RelationOf(const std::string& relation) {
    const auto known = std::find(out_.relations.begin(), out_.relations.end(), relation);
    if (known == out_.relations.end()) {
      out_.relations.push_back(relation);
      return static_cast<std::uint32_t>(out_.relations.size() - 1);
    }
    return static_cast<std::uint32_t>(known - out_.relations.begin());
  }

  void Link(std::uint32_t place) {
    SegmentItem& item = out_.items[place];
    item.first_link = static_cast<std::uint32_t>(out_.links.size());
    const Part& part = parts_[place];
    part.item != nullptr ? LinkKept(*part.item) : LinkGiven(part);
    item.links = static_cast<std::uint32_t>(out_.links.size()) - item.first_link;
  }

  void LinkKept(const SegmentItem& item) {
    for (std::uint32_t i = item.first_link; i < item.first_link + item.links; ++i) {
      const SegmentLink& link = kept_.links.at(i);
      const auto target = places_of_kept_.find(link.target);
      if (target == places_of_kept_.end()) continue;
      out_.links.push_back({.target = target->second, .relation = link.relation});
    }
  }

  void LinkGiven(const Part& part) {
    for (const record::Link& link : part.entry->links) {
      const auto target = places_of_given_.find(std::pair(part.given, std::string_view(link.key)));
      if (target == places_of_given_.end()) continue;
      out_.links.push_back({.target = target->second, .relation = RelationOf(link.relation)});
    }
  }

  const Segment& kept_;
  std::span<const GivenAnew> given_;
  Segment out_;
  std::vector<Part> parts_;
  std::deque<record::EntryClass> labelled_;
  std::map<record::EntryClass, record::ClassIndex> classes_;
  std::map<std::uint32_t, std::uint32_t> places_of_kept_;
  std::map<std::pair<std::uint32_t, std::string_view>, std::uint32_t> places_of_given_;
};

}  // namespace

Segment Merged(const Segment& kept, std::span<const GivenAnew> given) {
  return Merger(kept, given).Make();
}

}  // namespace milecastle::store

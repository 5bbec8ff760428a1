#include "disclose/live.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

namespace milecastle::disclose {
namespace {

using gather::Given;
using gather::Outcome;
using record::Section;
using store::Segment;
using store::SegmentItem;
using store::StoredEntry;

constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

bool MayHold(const Held& held, const record::OdsCode& source, base::Instant now) {
  const auto& evidence = held.facts.evidence;
  return std::any_of(held.sources.begin(), held.sources.end(),
                     [&](const auto& each) { return each.first == source; }) ||
         std::any_of(held.found.identities.begin(), held.found.identities.end(),
                     [&](const auto& each) { return each.source == source; }) ||
         std::any_of(evidence.begin(), evidence.end(), [&](const record::Evidence& each) {
           return each.kind == record::EvidenceKind::kRegisteredPractice &&
                  each.organisation == source && record::LiveAt(each.period, now);
         });
}

// GP Connect's direct care; keeping somebody safe is a part of it, an inquiry into them is not.
bool IsCare(record::Purpose purpose) {
  constexpr std::array kCare = {record::Purpose::kDirectCare, record::Purpose::kEmergency,
                                record::Purpose::kReferral, record::Purpose::kMeeting,
                                record::Purpose::kSafeguarding};
  return std::find(kCare.begin(), kCare.end(), purpose) != kCare.end();
}

bool IsAskedFor(const decide::Request& request, Section section) {
  const auto& sections = request.sections;
  return sections.empty() || std::find(sections.begin(), sections.end(), section) != sections.end();
}

// What of a source may be asked for; fills in why nothing is.
std::vector<Section> SectionsFor(const decide::Decision& decision, const gather::LiveSource& source,
                                 LiveState& state) {
  std::vector<Section> sections;
  bool hidden = false;
  state.kind = LiveState::Kind::kNotWanted;
  for (const Section section : source.sections()) {
    if (!IsAskedFor(decision.request(), section)) continue;
    const decide::Verdict& verdict = decision.LineOf(source.organisation(), section);
    hidden = hidden || verdict.outcome == decide::Outcome::kHide;
    if (verdict.shows()) {
      sections.push_back(section);
    } else {
      state.kind = LiveState::Kind::kNotPermitted;
      state.section = section;
    }
  }
  if (!sections.empty()) {
    state.kind = LiveState::Kind::kAsked;
  } else if (hidden) {
    state.kind = LiveState::Kind::kNotTheirs;
  }
  if (IsCare(decision.request().purpose)) return sections;
  if (state.kind == LiveState::Kind::kAsked) state.kind = LiveState::Kind::kNotForPurpose;
  return {};
}

// One segment of two: what is stored and stays, and what was given.
class Merger {
 public:
  Merger(const Segment& stored, const std::vector<Given>& given) : stored_(stored), given_(given) {}

  std::shared_ptr<const Segment> Make() && {
    out_.record_version = stored_.record_version;
    out_.superseded = stored_.superseded;
    out_.relations = stored_.relations;
    AddStored();
    for (std::uint32_t i = 0; i < given_.size(); ++i) AddGiven(i);
    std::stable_sort(parts_.begin(), parts_.end(), [](const Part& left, const Part& right) {
      return left.section != right.section ? left.section < right.section
                                           : left.effective > right.effective;
    });
    for (const Part& part : parts_) Append(part);
    for (std::uint32_t place = 0; place < parts_.size(); ++place) Link(place);
    return std::make_shared<const Segment>(std::move(out_));
  }

 private:
  struct Part {
    Section section = Section::kDemographics;
    std::int64_t effective = kNoTime;
    const SegmentItem* item = nullptr;   // of the store
    std::uint32_t place = 0;             // of it there
    const StoredEntry* entry = nullptr;  // or given
    std::uint32_t given = 0;             // by whom
  };

  bool IsReplaced(const record::EntryClass& entry_class) const {
    const auto by = std::find_if(given_.begin(), given_.end(), [&](const Given& given) {
      return given.source == entry_class.source && given.outcome == Outcome::kReturned;
    });
    if (by == given_.end()) return false;
    return std::find(by->covers.begin(), by->covers.end(), entry_class.section) != by->covers.end();
  }

  void AddStored() {
    for (std::uint32_t place = 0; place < stored_.items.size(); ++place) {
      const SegmentItem& item = stored_.items[place];
      const record::EntryClass& entry_class = stored_.classes.at(item.entry_class);
      if (IsReplaced(entry_class)) continue;
      parts_.push_back({entry_class.section, item.effective_micros, &item, place});
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
      item.entry_class = Interned(stored_.classes.at(part.item->entry_class));
      places_of_stored_.emplace(part.place, place);
    } else {
      item = ItemOf(*part.entry);
      places_of_given_.emplace(std::pair(part.given, std::string_view(part.entry->source_key)),
                               place);
    }
    const std::string_view bytes =
        part.item != nullptr
            ? std::string_view(stored_.bytes).substr(part.item->offset, part.item->size)
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
        out_.keys.push_back(stored_.keys.at(item.first_key + i));
      }
    } else {
      const auto& keys = part.entry->likeness.keys;
      out_.keys.insert(out_.keys.end(), keys.begin(), keys.end());
      item.keys = static_cast<std::uint32_t>(keys.size());
      item.holding = part.entry->likeness.holding;
    }
    item.first_key = first;
  }

  SegmentItem ItemOf(const StoredEntry& entry) {
    const auto& time = entry.effective;
    return {.id = entry.id,
            .digest = base::Sha256(entry.bytes, entry.id.uuid.AsBytes()),
            .entry_class = Interned(entry.entry_class),
            .size = static_cast<std::uint32_t>(entry.bytes.size()),
            .effective_micros = time ? time->time_since_epoch().count() : kNoTime,
            .encoding_version = entry.encoding_version};
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
    part.item != nullptr ? LinkStored(*part.item) : LinkGiven(part);
    item.links = static_cast<std::uint32_t>(out_.links.size()) - item.first_link;
  }

  void LinkStored(const SegmentItem& item) {
    for (std::uint32_t i = item.first_link; i < item.first_link + item.links; ++i) {
      const store::SegmentLink& link = stored_.links.at(i);
      const auto target = places_of_stored_.find(link.target);
      if (target == places_of_stored_.end()) continue;
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

  const Segment& stored_;
  const std::vector<Given>& given_;
  Segment out_;
  std::vector<Part> parts_;
  std::map<record::EntryClass, record::ClassIndex> classes_;
  std::map<std::uint32_t, std::uint32_t> places_of_stored_;
  std::map<std::pair<std::uint32_t, std::string_view>, std::uint32_t> places_of_given_;
};

void ReplaceStatements(const Given& given, Held& held) {
  std::erase_if(held.statements, [&](const store::SourceStatement& said) {
    const auto& covers = given.covers;
    return said.source == given.source &&
           std::find(covers.begin(), covers.end(), said.statement.section) != covers.end();
  });
  for (const record::SectionStatement& statement : given.statements) {
    held.statements.push_back({given.source, statement, given.at, !given.identity->shareable});
  }
}

// Who the source says that the person is, in place of what it said before. Its traced number stays
// traced where this answer says nothing of tracing.
void ReplaceIdentity(const Given& given, Held& held) {
  auto& identities = held.found.identities;
  const auto known = std::find_if(identities.begin(), identities.end(), [&](const auto& identity) {
    return identity.source == given.source;
  });
  if (known == identities.end()) {
    identities.push_back(*given.identity);
  } else {
    known->demographics = given.identity->demographics;
    known->updated = given.at;
    known->shareable = given.identity->shareable;
  }
}

// When what it sends of itself last came is left as it is: of other sections that is as old as
// ever.
void NoteSource(const Given& given, Held& held) {
  const bool known = std::any_of(held.sources.begin(), held.sources.end(),
                                 [&](const auto& each) { return each.first == given.source; });
  if (!known) held.sources.emplace_back(given.source, given.at);
}

// What only tightens counts at once.
void TightenFacts(const Given& given, Held& held) {
  if (given.location_protection &&
      *given.location_protection != record::LocationProtection::kNone) {
    held.facts.location_flags.push_back(
        {*given.location_protection, given.source.text(), given.at});
  }
  auto& untraced = held.facts.untraced_sources;
  const bool known = std::find(untraced.begin(), untraced.end(), given.source) != untraced.end();
  if (!given.identity->shareable && !known) untraced.push_back(given.source);
}

}  // namespace

LivePlan PlanOf(const decide::Decision& decision, const Held& held,
                const gather::LiveSources& sources) {
  LivePlan plan;
  plan.states.reserve(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const record::OdsCode& organisation = sources[i]->organisation();
    LiveState state{.source = organisation};
    if (decision.SpeaksOf(organisation) && MayHold(held, organisation, decision.decided_at())) {
      auto sections = SectionsFor(decision, *sources[i], state);
      if (!sections.empty()) plan.whom.push_back({i, std::move(sections)});
    }
    plan.states.push_back(std::move(state));
  }
  return plan;
}

void Note(Live& live) {
  for (const Given& given : live.given) {
    for (LiveState& state : live.states) {
      if (state.source != given.source || state.kind != LiveState::Kind::kAsked) continue;
      state.outcome = given.outcome;
      state.at = given.at;
    }
  }
}

void Merge(const std::vector<Given>& all, Held& held) {
  held.segment = Merger(*held.segment, all).Make();
  for (const Given& given : all) {
    if (given.outcome != Outcome::kReturned) continue;
    ReplaceStatements(given, held);
    ReplaceIdentity(given, held);
    NoteSource(given, held);
    TightenFacts(given, held);
  }
}

}  // namespace milecastle::disclose

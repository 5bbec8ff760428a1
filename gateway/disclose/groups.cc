#include "disclose/groups.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

namespace milecastle::disclose {
namespace {

using record::Holding;
using Places = std::vector<std::uint32_t>;  // of items in the segment

const record::OdsCode& SourceOf(const store::Segment& segment, std::uint32_t place) {
  return segment.classes.at(segment.items.at(place).entry_class).source;
}

bool AreOfSeveralSources(const store::Segment& segment, const Places& places) {
  return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) {
    return SourceOf(segment, place) != SourceOf(segment, places.front());
  });
}

Places Compared(const store::Segment& segment, std::span<const decide::Shown> freed) {
  Places places;
  for (const decide::Shown& shown : freed) {
    if (segment.items.at(shown.position()).keys > 0) places.push_back(shown.position());
  }
  return places;
}

// Sets of places that share keys, joined one by one.
class Joined {
 public:
  explicit Joined(std::size_t count) : heads_(count) {
    std::iota(heads_.begin(), heads_.end(), 0U);
  }
  std::size_t HeadOf(std::size_t one) {
    while (heads_[one] != one) one = heads_[one] = heads_[heads_[one]];
    return one;
  }
  // The earlier head stays.
  void Join(std::size_t one, std::size_t other) {
    const auto [first, second] = std::minmax({HeadOf(one), HeadOf(other)});
    heads_[second] = first;
  }

 private:
  std::vector<std::size_t> heads_;
};

std::vector<Places> Alike(const store::Segment& segment, const Places& places) {
  Joined joined(places.size());
  std::unordered_map<std::uint64_t, std::size_t> first_of;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const store::SegmentItem& item = segment.items[places[i]];
    for (std::uint32_t key = item.first_key; key < item.first_key + item.keys; ++key) {
      const auto [known, is_new] = first_of.emplace(segment.keys.at(key), i);
      if (!is_new) joined.Join(known->second, i);
    }
  }
  std::map<std::size_t, Places> groups;
  for (std::size_t i = 0; i < places.size(); ++i) groups[joined.HeadOf(i)].push_back(places[i]);
  std::vector<Places> alike;
  for (auto& [head, group] : groups) alike.push_back(std::move(group));
  return alike;
}

// What each source holds: what stands anywhere in it stands, whatever ended there before.
std::vector<Holding> HoldingsOf(const store::Segment& segment, const Places& group) {
  std::map<std::string_view, Holding> by_source;
  for (const std::uint32_t place : group) {
    Holding& holding = by_source[SourceOf(segment, place).text()];
    const Holding told = segment.items[place].holding;
    if (holding != Holding::kStands && told != Holding::kNothing) holding = told;
  }
  std::vector<Holding> holdings;
  for (const auto& [source, holding] : by_source) holdings.push_back(holding);
  return holdings;
}

std::vector<std::string> ConflictsOf(const std::vector<Holding>& holdings) {
  const auto some = [&](Holding holding) {
    return std::find(holdings.begin(), holdings.end(), holding) != holdings.end();
  };
  std::vector<std::string> conflicts;
  if (!some(Holding::kStands)) return conflicts;
  if (some(Holding::kEnded)) conflicts.emplace_back("active_and_ended");
  if (some(Holding::kDenied)) conflicts.emplace_back("active_and_denied");
  return conflicts;
}

}  // namespace

std::vector<wire::ShownGroup> GroupsOf(const store::Segment& segment,
                                       std::span<const decide::Shown> freed) {
  std::vector<wire::ShownGroup> groups;
  const Places compared = Compared(segment, freed);
  if (!AreOfSeveralSources(segment, compared)) return groups;
  for (const Places& alike : Alike(segment, compared)) {
    if (!AreOfSeveralSources(segment, alike)) continue;
    wire::ShownGroup& group = groups.emplace_back();
    for (const std::uint32_t place : alike) {
      group.ids.push_back(segment.items[place].id.uuid.AsBytes());
    }
    group.conflicts = ConflictsOf(HoldingsOf(segment, alike));
  }
  return groups;
}

}  // namespace milecastle::disclose

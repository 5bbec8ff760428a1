#include "disclose/groups.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace milecastle::disclose {
namespace {

using record::Holding;
constexpr std::string_view kDenied = "active_and_denied";
using Places = std::vector<std::uint32_t>;  // of items in the segment

const record::OdsCode& SourceOf(const store::Segment& segment, std::uint32_t place) {
  return segment.classes.at(segment.items.at(place).entry_class).source;
}

std::span<const std::uint64_t> KeysOf(const store::Segment& segment, std::uint32_t place) {
  const store::SegmentItem& item = segment.items.at(place);
  return std::span(segment.keys).subspan(item.first_key, item.keys);
}

bool Has(const store::Segment& segment, std::uint32_t place, std::uint64_t mark) {
  const auto keys = KeysOf(segment, place);
  return std::find(keys.begin(), keys.end(), mark) != keys.end();
}

Holding HoldingAt(const store::Segment& segment, std::uint32_t place) {
  return segment.items.at(place).holding;
}

// Of one source a denial that is certainly older was overtaken by what it denied. A day is within
// what two times of different precision may differ by.
bool IsOvertaken(const store::Segment& segment, std::uint32_t denial, std::uint32_t standing) {
  constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kDay = 24LL * 60 * 60 * 1'000'000;
  const std::int64_t denied = segment.items.at(denial).effective_micros;
  const std::int64_t told = segment.items.at(standing).effective_micros;
  if (denied == kNoTime || told == kNoTime) return false;
  return SourceOf(segment, denial) == SourceOf(segment, standing) && denied < told - kDay;
}

// Of two denials; one without a time may be the newest.
bool IsNewer(const store::Segment& segment, std::uint32_t one, std::uint32_t other) {
  constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();
  const std::int64_t time = segment.items.at(one).effective_micros;
  const std::int64_t than = segment.items.at(other).effective_micros;
  return than != kNoTime && (time == kNoTime || time > than);
}

bool AreOfSeveralSources(const store::Segment& segment, const Places& places) {
  return std::any_of(places.begin(), places.end(), [&](std::uint32_t place) {
    return SourceOf(segment, place) != SourceOf(segment, places.front());
  });
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
    for (const std::uint64_t key : KeysOf(segment, places[i])) {
      if (record::IsMark(key)) continue;
      const auto [known, is_new] = first_of.emplace(key, i);
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

// Whether one source denies what the same source says, and did not say so since. Of each source the
// newest denial and the oldest word are enough.
bool DeniesItsOwn(const store::Segment& segment, const Places& group) {
  struct Said {
    std::optional<std::uint32_t> denied = {};
    std::optional<std::uint32_t> told = {};
  };
  const auto time = [&](std::uint32_t place) { return segment.items[place].effective_micros; };
  std::map<std::string_view, Said> by_source;
  for (const std::uint32_t place : group) {
    Said& said = by_source[SourceOf(segment, place).text()];
    const Holding holding = HoldingAt(segment, place);
    if (holding == Holding::kStands && (!said.told || time(place) < time(*said.told))) {
      said.told = place;
    }
    const bool is_denial = holding == Holding::kDenied;
    if (is_denial && (!said.denied || IsNewer(segment, place, *said.denied))) said.denied = place;
  }
  return std::any_of(by_source.begin(), by_source.end(), [&](const auto& source) {
    const Said& said = source.second;
    return said.denied && said.told && !IsOvertaken(segment, *said.denied, *said.told);
  });
}

std::vector<std::string> ConflictsOf(const std::vector<Holding>& holdings) {
  const auto some = [&](Holding holding) {
    return std::find(holdings.begin(), holdings.end(), holding) != holdings.end();
  };
  std::vector<std::string> conflicts;
  if (!some(Holding::kStands)) return conflicts;
  if (some(Holding::kEnded)) conflicts.emplace_back("active_and_ended");
  if (some(Holding::kDenied)) conflicts.emplace_back(kDenied);
  return conflicts;
}

// What denies, and of each source the newest of it.
struct Denials {
  std::map<std::string_view, std::uint32_t> newest;
  Places all;
};

bool IsDenied(const store::Segment& segment, const Denials& denials, std::uint32_t place) {
  const std::string_view source = SourceOf(segment, place).text();
  const auto own = denials.newest.find(source);
  if (denials.newest.size() > (own == denials.newest.end() ? 0U : 1U)) return true;
  return own != denials.newest.end() && !IsOvertaken(segment, own->second, place);
}

// Denials that have one mark and the allergies that have the other and stand, or of which their
// source does not say otherwise. Empty: nothing is denied.
Places DeniedIn(const store::Segment& segment, const Places& places, std::uint64_t denies,
                std::uint64_t is_of) {
  Denials denials;
  for (const std::uint32_t place : places) {
    if (HoldingAt(segment, place) != Holding::kDenied || !Has(segment, place, denies)) continue;
    denials.all.push_back(place);
    const auto [known, is_new] = denials.newest.emplace(SourceOf(segment, place).text(), place);
    if (!is_new && IsNewer(segment, place, known->second)) known->second = place;
  }
  Places group = denials.all;
  for (const std::uint32_t place : places) {
    const Holding holding = HoldingAt(segment, place);
    const bool may_stand = holding == Holding::kStands || holding == Holding::kNothing;
    if (may_stand && Has(segment, place, is_of) && IsDenied(segment, denials, place)) {
      group.push_back(place);
    }
  }
  if (group.size() == denials.all.size()) return {};
  std::sort(group.begin(), group.end());
  return group;
}

wire::ShownGroup Shown(const store::Segment& segment, const Places& places,
                       std::vector<std::string> conflicts) {
  wire::ShownGroup group;
  group.conflicts = std::move(conflicts);
  for (const std::uint32_t place : places) {
    group.ids.push_back(segment.items.at(place).id.uuid.AsBytes());
  }
  return group;
}

std::vector<std::string> ConflictsIn(const store::Segment& segment, const Places& alike) {
  std::vector<std::string> conflicts = ConflictsOf(HoldingsOf(segment, alike));
  const bool is_told = std::find(conflicts.begin(), conflicts.end(), kDenied) != conflicts.end();
  if (!is_told && DeniesItsOwn(segment, alike)) conflicts.emplace_back(kDenied);
  return conflicts;
}

// The allergies of which a denial of their kind ("no known drug allergies") says that there are
// none, with what denies them: one group for each kind, however many there are of either.
void AddDeniedKinds(const store::Segment& segment, const Places& places,
                    std::vector<wire::ShownGroup>& groups) {
  constexpr auto kKinds = std::to_array<std::pair<std::uint64_t, std::uint64_t>>(
      {{record::kDeniesAllergies, record::kIsAllergy},
       {record::kDeniesDrugAllergies, record::kMayBeOfDrug},
       {record::kDeniesFoodAllergies, record::kIsOfFood}});
  for (const auto& [denies, is_of] : kKinds) {
    const Places group = DeniedIn(segment, places, denies, is_of);
    if (!group.empty()) groups.push_back(Shown(segment, group, {std::string(kDenied)}));
  }
}

}  // namespace

std::vector<wire::ShownGroup> GroupsOf(const store::Segment& segment,
                                       const std::vector<std::uint32_t>& freed) {
  std::vector<wire::ShownGroup> groups;
  const bool is_denied = std::any_of(freed.begin(), freed.end(), [&](std::uint32_t place) {
    return HoldingAt(segment, place) == Holding::kDenied;
  });
  if (!is_denied && !AreOfSeveralSources(segment, freed)) return groups;
  for (const Places& alike : Alike(segment, freed)) {
    if (!AreOfSeveralSources(segment, alike) && !DeniesItsOwn(segment, alike)) continue;
    groups.push_back(Shown(segment, alike, ConflictsIn(segment, alike)));
  }
  if (is_denied) AddDeniedKinds(segment, freed, groups);
  return groups;
}

}  // namespace milecastle::disclose

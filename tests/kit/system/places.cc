#include "kit/system/places.h"

#include <array>
#include <cstdio>

#include "kit/system/town.h"

namespace milecastle::kit {
namespace {

struct Row {
  std::string_view code, name, kind;
  int place;
  std::string_view adapter, transport;  // empty: sends nothing
  int days;
};
constexpr std::string_view kNone;
constexpr auto kRows = std::to_array<Row>({
    {"ZT1", "Riverside Hospitals", "acute", 0, "acute", "grpc", 1},
    {"ZT2", "Castle Hill Hospital", "acute", 1, "acute", "grpc", 1},
    {"ZT3", "Heathland General Hospital", "acute", 2, "acute", "mllp", 1},
    {"ZC1", "Three Rivers Community Trust", "community", 0, "community", "grpc", 1},
    {"ZM1", "Three Rivers Mental Health", "mental_health", 0, "community", "grpc", 1},
    {"ZA1", "Three Rivers Ambulance and 111", "ambulance", 0, "community", "grpc", 1},
    {"ZO1", "Riverside Out of Hours", "urgent_care", 0, "community", "grpc", 1},
    {"ZU1", "Castle Hill Urgent Treatment Centre", "urgent_care", 1, "community", "grpc", 1},
    {"ZP1", "Larkspur Pharmacies", "pharmacy", 0, "community", "grpc", 1},
    {"ZH1", "Willow Bank Hospice", "hospice", 0, "community", "grpc", 7},
    {"ZH2", "Beacon Hospice", "hospice", 2, "community", "grpc", 7},
    {"ZL1", "Riverside Borough Council", "social_care", 0, "social_care", "folder", 120},
    {"ZL2", "Eastbrook Council", "social_care", 0, "social_care", "folder", 120},
    {"ZL3", "Castle Hill Borough Council", "social_care", 1, "social_care", "folder", 120},
    {"ZL4", "Norden Council", "social_care", 1, "social_care", "folder", 120},
    {"ZL5", "Heathland Borough Council", "social_care", 2, "social_care", "folder", 120},
    {"ZL6", "Southmoor County Council", "social_care", 2, "social_care", "folder", 120},
    {"ZI1", "Three Rivers Integrated Care Board, the gateway's host", "host", 0, kNone, kNone, 0},
    {"LOCALLINK", "Riverside Link Workers", "third_sector", 0, "third_sector", "folder", 7},
    {"LOCALHILL", "Castle Hill Connect", "third_sector", 1, "third_sector", "folder", 7},
    {"LOCALHEATH", "Heathland Social Prescribing", "third_sector", 2, "third_sector", "grpc", 7},
    {"LOCALFRIENDS", "Three Rivers Befriending", "third_sector", 0, "canonical", "grpc", 7},
    {"LOCALHAVEN", "Haven", "third_sector", 0, "third_sector", "folder", 7},
});
constexpr std::size_t kTrusts = 18;
constexpr int kNorthern = 90;  // practices of the first supplier

std::vector<FeedOf> MakeFeeds() {
  std::vector<FeedOf> feeds = {{"gp-first-supplier", "primary", "grpc", {}, 1},
                               {"gp-second-supplier", "primary", "grpc", {}, 1}};
  for (int i = 0; i < kPractices; ++i) {
    feeds[i < kNorthern ? 0 : 1].organisations.push_back(PracticeCode(i));
  }
  for (const Row& row : kRows) {
    if (row.adapter.empty()) continue;
    std::string name(row.code);
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    // What a council, a sheet or a program of a charity's own says of a number is no trace.
    const bool silent =
        row.adapter == "social_care" || row.adapter == "third_sector" || row.adapter == "canonical";
    feeds.push_back({name + "-feed",
                     std::string(row.adapter),
                     std::string(row.transport),
                     {std::string(row.code)},
                     row.days,
                     silent});
  }
  return feeds;
}

}  // namespace

std::string PracticeCode(int practice) { return "Z" + std::to_string(80'001 + practice); }

std::string_view PlaceId(int place) {
  constexpr auto kIds = std::to_array<std::string_view>({"riverside", "castle-hill", "heathland"});
  return kIds.at(static_cast<std::size_t>(place));
}

std::string_view TrustOf(int place) { return kRows.at(static_cast<std::size_t>(place)).code; }

std::string_view CouncilOf(int place, bool second) {
  constexpr auto kCouncils =
      std::to_array<std::string_view>({"ZL1", "ZL2", "ZL3", "ZL4", "ZL5", "ZL6"});
  return kCouncils.at(static_cast<std::size_t>(place * 2 + (second ? 1 : 0)));
}

const std::vector<Organisation>& Organisations() {
  static const std::vector<Organisation> all = [] {
    std::vector<Organisation> made;
    const auto add = [&made](const Row& row) {
      made.push_back(
          {std::string(row.code), std::string(row.name), std::string(row.kind), row.place});
    };
    for (std::size_t i = 0; i < kTrusts; ++i) add(kRows.at(i));
    for (int i = 0; i < kPractices; ++i) {
      made.push_back({PracticeCode(i), "Surgery " + std::to_string(i + 1) + " (made up)", "primary",
                      i % kPlaces});
    }
    for (std::size_t i = kTrusts; i < kRows.size(); ++i) add(kRows.at(i));
    return made;
  }();
  return all;
}

const std::vector<FeedOf>& Feeds() {
  static const std::vector<FeedOf> feeds = MakeFeeds();
  return feeds;
}

const std::string& FeedFor(std::string_view organisation) {
  for (const FeedOf& feed : Feeds()) {
    if (feed.organisations.front() == organisation) return feed.name;
  }
  const bool second = organisation >= PracticeCode(kNorthern);
  return Feeds().at(second ? 1 : 0).name;
}

std::string SenderOn(const FeedOf& feed) {
  return feed.adapter == "primary" ? "ZI1/gp-extract" : feed.organisations.front() + "/loader";
}

}  // namespace milecastle::kit

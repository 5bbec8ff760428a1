// A service directory: what services there are, for whom, when and where. No patient data.
//
// Where a service's address must not be known (a refuge), it is not here at all: whoever makes a
// DirectoryService leaves it out, so that nothing behind can list it (safety.md 26).
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace milecastle::record {

enum class ServiceStatus : std::uint8_t { kActive = 1, kInactive, kDefunct, kTemporarilyClosed };
std::string_view NameOf(ServiceStatus status);  // "active", "temporarily closed" …
std::optional<ServiceStatus> ServiceStatusOf(std::string_view name);

struct ServiceTerm {
  std::string id;
  std::string name;
  std::string taxonomy;
  bool operator==(const ServiceTerm&) const = default;
};

struct ServiceLocation {
  std::string name;
  std::string type;  // physical, postal, virtual
  std::vector<std::string> lines;
  std::string postcode;
  std::vector<std::string> accessibility;
  bool operator==(const ServiceLocation&) const = default;
};

enum class Weekday : std::uint8_t {
  kMonday = 0,
  kTuesday,
  kWednesday,
  kThursday,
  kFriday,
  kSaturday,
  kSunday
};
std::optional<Weekday> WeekdayOf(std::string_view code);  // "MO" … "SU"
constexpr std::uint8_t BitOf(Weekday day) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(day));
}

// On which days a schedule says that the service is open, and from when until when that counts.
struct OpenDays {
  std::uint8_t days = 0;  // BitOf
  std::string from;       // "2026-11-22"; empty: not said
  std::string until;      // its last day
  bool operator==(const OpenDays&) const = default;
};

struct DirectoryService {
  std::string id;
  std::string name;
  ServiceStatus status = ServiceStatus::kInactive;
  std::string organisation_id;
  std::string organisation;  // its name, where it came along
  std::string description;
  std::string alert;
  std::string url;
  std::string email;
  std::vector<std::string> phones;
  std::string fees;
  std::optional<int> minimum_age;
  std::optional<int> maximum_age;
  std::vector<std::string> schedules;  // "weekly, TH,FR, 10:00:00 to 18:00:00", as sent
  std::vector<OpenDays> open;          // of those schedules, the ones that name days
  std::vector<std::string> costs;      // "35 per 1 hour session, Under 18s", as sent
  std::vector<std::string> areas;
  std::vector<ServiceTerm> terms;
  std::vector<ServiceLocation> locations;
  bool address_kept_back = false;  // neither places nor texts that may tell of them are here
  std::string assured;
  std::string last_modified;
  bool operator==(const DirectoryService&) const = default;
};

// What is asked for; what is empty matters not.
struct ServiceQuery {
  std::string words;     // each stands somewhere in name, description, organisation or a term
  std::string term;      // the id or the name of a taxonomy term
  std::string postcode;  // its beginning: "NE28"; of a place, or named in an area
  std::optional<int> age;
  std::optional<ServiceStatus> status;
  std::optional<Weekday> open_on;  // by a schedule that counts on the day `today`
  std::string today = {};          // "2026-11-22"; empty: by a schedule of whatever time
};
// Without regard to capitals. A service without ages is for everybody; one whose schedules name no
// days is open on none, for nobody said so.
bool Matches(const DirectoryService& service, const ServiceQuery& query);

// All text in lower case, as far as it is ASCII.
std::string FoldedName(std::string_view name);

// A file of a directory that is kept as tables, by the name that says which table it is.
struct DirectoryTable {
  std::string_view name;  // "services.csv"
  std::string_view bytes;
};

// What was read of one page, item or file of a directory.
struct DirectoryPage {
  std::uint64_t number = 1;
  std::uint64_t total = 1;             // pages
  std::optional<std::uint64_t> items;  // of all pages, where it is said
  std::uint64_t entries = 0;           // items of this page, whatever they are
  std::vector<DirectoryService> services;
  std::vector<ServiceTerm> terms;
  std::size_t others =
      0;  // taxonomies, and organisations without services: nothing is made of them
  std::vector<base::Error> refused;      // services, and other items, that could not be read
  std::vector<std::string> unread;       // the ids of those of them that have one
  std::vector<std::string> not_carried;  // names of members: "funding"
};

}  // namespace milecastle::record

// A service directory: what services there are, for whom, when and where. No patient data.
//
// Where a service's address must not be known (a refuge), it is not here at all: whoever makes a
// DirectoryService leaves it out, so that nothing behind can list it (safety.md 26).
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
};
// Without regard to capitals. A service without ages is for everybody.
bool Matches(const DirectoryService& service, const ServiceQuery& query);

}  // namespace milecastle::record

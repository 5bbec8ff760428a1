#include "record/directory.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "base/text.h"

namespace milecastle::record {
namespace {

using Status = std::pair<ServiceStatus, std::string_view>;
constexpr std::array<Status, 4> kStatuses = {
    {{ServiceStatus::kActive, "active"},
     {ServiceStatus::kInactive, "inactive"},
     {ServiceStatus::kDefunct, "defunct"},
     {ServiceStatus::kTemporarilyClosed, "temporarily closed"}}};

std::string Lower(std::string_view text, bool with_spaces = true) {
  std::string lower;
  for (const char c : text) {
    if (c == ' ' && !with_spaces) continue;
    lower += base::Lower(c);
  }
  return lower;
}

bool HasWords(const DirectoryService& service, std::string_view words) {
  std::string all = service.name + '\n' + service.description + '\n' + service.organisation;
  for (const ServiceTerm& term : service.terms) all += '\n' + term.name;
  all = Lower(all);
  std::istringstream each(Lower(words));
  for (std::string word; each >> word;) {
    if (all.find(word) == std::string::npos) return false;
  }
  return true;
}

bool HasTerm(const DirectoryService& service, std::string_view wanted) {
  return std::any_of(service.terms.begin(), service.terms.end(), [&](const ServiceTerm& term) {
    return term.id == wanted || Lower(term.name) == Lower(wanted);
  });
}

bool IsNear(const DirectoryService& service, std::string_view postcode) {
  const std::string wanted = Lower(postcode, false);
  const auto begins = [&](const ServiceLocation& location) {
    return Lower(location.postcode, false).starts_with(wanted);
  };
  const auto names = [&](const std::string& area) {
    return Lower(area, false).find(wanted) != std::string::npos;
  };
  return std::any_of(service.locations.begin(), service.locations.end(), begins) ||
         std::any_of(service.areas.begin(), service.areas.end(), names);
}

// Dates of one form compare as their texts do.
bool IsOpen(const DirectoryService& service, const ServiceQuery& query) {
  return std::any_of(service.open.begin(), service.open.end(), [&](const OpenDays& each) {
    if ((each.days & BitOf(*query.open_on)) == 0) return false;
    if (query.today.empty()) return true;
    const bool begun = each.from.empty() || each.from <= query.today;
    return begun && (each.until.empty() || query.today <= each.until);
  });
}

}  // namespace

std::optional<Weekday> WeekdayOf(std::string_view code) {
  constexpr std::array<std::string_view, 7> kCodes = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
  const auto* const found = std::find(kCodes.begin(), kCodes.end(), code);
  if (found == kCodes.end()) return std::nullopt;
  return static_cast<Weekday>(found - kCodes.begin());
}

std::string FoldedName(std::string_view name) { return Lower(name); }

std::string_view NameOf(ServiceStatus status) {
  const auto* const found = std::find_if(kStatuses.begin(), kStatuses.end(),
                                         [&](const Status& one) { return one.first == status; });
  return found == kStatuses.end() ? std::string_view() : found->second;
}

std::optional<ServiceStatus> ServiceStatusOf(std::string_view name) {
  for (const auto& [status, known] : kStatuses) {
    if (known == name) return status;
  }
  return std::nullopt;
}

bool Matches(const DirectoryService& service, const ServiceQuery& query) {
  if (query.status && service.status != *query.status) return false;
  if (query.age && service.minimum_age && *query.age < *service.minimum_age) return false;
  if (query.age && service.maximum_age && *query.age > *service.maximum_age) return false;
  if (!query.term.empty() && !HasTerm(service, query.term)) return false;
  if (query.open_on && !IsOpen(service, query)) return false;
  if (!query.postcode.empty() && !IsNear(service, query.postcode)) return false;
  return query.words.empty() || HasWords(service, query.words);
}

}  // namespace milecastle::record

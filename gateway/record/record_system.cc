#include "record/record_system.h"

#include <algorithm>

namespace milecastle::record {
namespace {

// What is empty names nothing.
void Put(const std::string& prefix, std::string& key) {
  if (!key.empty()) key.insert(0, prefix);
}

void Put(const std::string& prefix, Draft& draft) {
  Put(prefix, draft.source_key);
  Put(prefix, draft.entry.group);
  for (Link& link : draft.entry.links) Put(prefix, link.key);
}

}  // namespace

std::string OfSystem(std::string_view system) { return std::string(system) + kAfterSystem; }

std::string_view SystemOf(std::string_view key) {
  const std::size_t end = key.find(kAfterSystem);
  return end == std::string_view::npos ? std::string_view() : key.substr(0, end);
}

std::uint16_t SystemIn(std::vector<std::string>& systems, std::string_view key) {
  const auto known = std::find(systems.begin(), systems.end(), SystemOf(key));
  const auto place = static_cast<std::uint16_t>(known - systems.begin());
  if (known == systems.end()) systems.emplace_back(SystemOf(key));
  return place;
}

void PutInSystem(std::string_view system, Contribution& contribution) {
  const std::string prefix = OfSystem(system);
  for (Draft& draft : contribution.drafts) Put(prefix, draft);
  for (std::string& key : contribution.withdrawn_keys) Put(prefix, key);
  for (std::string& key : contribution.replaced_documents) Put(prefix, key);
  for (PreferenceClaim& claim : contribution.preferences) Put(prefix, claim.key);
}

}  // namespace milecastle::record

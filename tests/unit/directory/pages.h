// Pages of a directory for these tests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record/directory.h"
#include "store/directory.h"

namespace milecastle::directory {

inline record::DirectoryService Service(const std::string& id) {
  return {.id = id,
          .name = "Service " + id,
          .status = record::ServiceStatus::kActive,
          .organisation_id = "o1"};
}

inline record::DirectoryPage Page(std::uint64_t number, std::uint64_t total,
                                  const std::vector<std::string>& ids,
                                  std::optional<std::uint64_t> items = {}) {
  record::DirectoryPage page;
  page.number = number;
  page.total = total;
  page.items = items;
  page.entries = ids.size();
  for (const std::string& id : ids) page.services.push_back(Service(id));
  return page;
}

inline std::vector<std::string> IdsOf(const store::DirectoryReading& reading) {
  std::vector<std::string> ids;
  for (const auto& service : reading.services) ids.push_back(service.id);
  return ids;
}

}  // namespace milecastle::directory

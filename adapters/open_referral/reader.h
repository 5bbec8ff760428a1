// Open Referral UK 3.0 (HSDS-UK): a page or an item of a service directory, as its JSON stands at
// /services, /services/{id}, /service_at_locations, /taxonomies, /taxonomy_terms or in an
// organisation with its services.
//
// A service needs id, name, status and its organisation's id; one without is refused by itself, and
// the others of its page are read. What is read of it is what a person looks for; parts that are
// not are listed by their names, once for each page.
//
// A service that is a refuge, or one like it, by its name or by a taxonomy term, is read without
// its places, contacts, schedules and texts: none of them may tell where it is.
//
// Thread-safety: pure. Failure: in the Result and in `refused`; Errors name places, no values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "record/directory.h"

namespace milecastle::open_referral {

struct Page {
  std::uint64_t number = 1;
  std::uint64_t total = 1;  // pages
  std::vector<record::DirectoryService> services;
  std::vector<record::ServiceTerm> terms;
  std::size_t others =
      0;  // taxonomies, and organisations without services: nothing is made of them
  std::vector<base::Error> refused;
  std::vector<std::string> not_carried;  // names of members: "funding"
};

base::Result<Page> Read(std::string_view json);

}  // namespace milecastle::open_referral

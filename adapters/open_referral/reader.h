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
// `/services` lists services without their places, schedules and terms, `/services/{id}` gives one
// with all of them: only there is a refuge known by its terms.
//
// Thread-safety: pure. Failure: in the Result and in `refused`; Errors name places, no values.
#pragma once

#include <string_view>

#include "base/result.h"
#include "record/directory.h"

namespace milecastle::open_referral {

base::Result<record::DirectoryPage> Read(std::string_view json);

}  // namespace milecastle::open_referral

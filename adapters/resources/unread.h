// Why a part of a bundle that nobody read is not carried, in words that a person at the source can
// act on.
//
// Thread-safety: any thread. Failure: none.
#pragma once

#include <cstddef>
#include <vector>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/owners.h"
#include "resources/release.h"

namespace milecastle::resources {

// The unread parts below `root`. Of the same element of the same type of resource the first is
// listed, with the number of the others; whole resources are listed one by one.
std::vector<record::NotCarried> ExplainUnread(const fhir::Element& root, const Release& release);

// The same for each patient, once all were read: what is nobody's is listed with `rest`.
struct Shares {
  std::size_t patients = 1;  // at least one
  std::size_t rest = 0;      // below `patients`
};
std::vector<std::vector<record::NotCarried>> ExplainUnreadOf(const fhir::Element& root,
                                                             const Release& release,
                                                             const Owners& owners,
                                                             const Shares& shares);

}  // namespace milecastle::resources

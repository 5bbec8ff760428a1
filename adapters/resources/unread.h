// Why a part of a bundle that nobody read is not carried, in words that a person at the source can
// act on.
//
// Thread-safety: any thread. Failure: none.
#pragma once

#include <vector>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/release.h"

namespace milecastle::resources {

// The unread parts below `bundle`. Of the same element of the same type of resource the first is
// listed, with the number of the others; whole resources are listed one by one.
std::vector<record::NotCarried> ExplainUnread(const fhir::Element& bundle, const Release& release);

}  // namespace milecastle::resources

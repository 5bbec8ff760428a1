// What in a resource changes the meaning of all the rest: rules that nobody here understands, and
// words for what was not done, which each release of FHIR has its own of.
//
// Thread-safety: as fhir/document.h. Failure: what is not plainly false counts as said.
#pragma once

#include <string_view>

#include "fhir/document.h"
#include "record/entry.h"
#include "resources/context.h"
#include "resources/release.h"

namespace milecastle::resources {

// Why nothing may be made of a resource: it has a modifier extension in any part, or a word of
// another release by which it could mean the opposite. Empty: something may.
std::string_view WhyNotUnderstood(const Release& release, const fhir::Element& resource);

// By a member that its release has for it, a flag or the reason of one, whatever the status; not
// where a flag says that it was done.
bool SaysNotDone(const Release& release, const fhir::Element& resource);

// The patient will not come, whatever the booking says.
bool IsDeclined(const Context& context, const fhir::Element& appointment);

// It is asked that something is not done.
void Deny(record::Entry* entry);

}  // namespace milecastle::resources

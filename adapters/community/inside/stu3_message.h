// Messages and documents of FHIR STU3: ITK3 (Transfer of Care, GP Connect's Update Record and Send
// Document). What is the same in both releases is read as R4 is; what GP Connect's profiles say is
// read as a practice's answer is.
//
// Thread-safety: pure. Failure: Errors name places and published words, no values.
#pragma once

#include "base/result.h"
#include "fhir/document.h"
#include "resources/bundle.h"
#include "resources/reading.h"
#include "resources/subjects.h"

namespace milecastle::community {

// Whether a resource names a profile of STU3.
bool IsStu3(const fhir::Element& resource);
// Whether a message, or what it holds, does.
bool IsStu3(const fhir::Element& root, const resources::Bundle& content);

// Of a bundle of which IsStu3 holds. A profile of UK Core in it is an Error: it is of two releases.
base::Result<resources::Contributions> ReadStu3(resources::Bundle& content,
                                                resources::SubjectOptions options);

}  // namespace milecastle::community

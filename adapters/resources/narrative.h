// A FHIR narrative (a `div` of XHTML) as plain text.
//
// Nothing of the markup is kept, and nothing in it is run, fetched or shown: scripts and styles are
// left out with what they hold. Text that the source struck out says so; a superscript is written
// with "^" (10^9), as everywhere (base/scripts.h). Whatever the bytes are, the work grows with
// their number and no faster.
//
// Thread-safety: any thread. Failure: none; what is no markup stays as it stands.
#pragma once

#include <string>
#include <string_view>

#include "fhir/document.h"
#include "record/entry.h"

namespace milecastle::resources {

std::string PlainText(std::string_view xhtml);

// The narrative of a resource that says what no code of it says ("additional"), as free text of its
// entry. Any other repeats what is coded.
void ReadNarrative(const fhir::Element& resource, record::Entry* entry);

}  // namespace milecastle::resources

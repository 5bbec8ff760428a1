// A document: its Composition, and what that makes of the resources around it. STU3 and R4 write it
// alike; of which types entries are made, the context's release says.
//
// Thread-safety: as resources/context.h. Failure: as resources/context.h.
#pragma once

#include <string>

#include "fhir/document.h"
#include "resources/context.h"

namespace milecastle::r4 {

// Of the identifier that the versions of a document share; empty where it has no value.
std::string KeyOfDocument(const fhir::Element& identifier);
// Its labels, and where its sections put what they name. Before the readers of resources.
void ReadDocuments(resources::Context& context);
// The document with its sections, and the bytes of a letter that they hold (Binary).
void ReadComposition(resources::Context& context, const fhir::Element& resource);
// After all else: whatever came in a bundle that is a document is a part of it, and no fact where
// it was entered in error as a whole.
void SettleDocument(resources::Context& context);

}  // namespace milecastle::r4

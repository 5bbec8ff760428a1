// How a resource says that it stands: the words of its status, with all their codings.
//
// One concept may hold several codings and a text, of several lists and in any case. The strictest
// that is known counts: one that takes a statement back is never outvoted by one that makes it.
//
// Thread-safety: as fhir/document.h. Failure: a word that nobody knows leaves what it would say
// unstated; of a verification status that must not be (IsOfUnknownStanding).
#pragma once

#include "fhir/document.h"
#include "record/entry.h"
#include "resources/release.h"

namespace milecastle::resources {

void ReadStatus(const Release& release, const fhir::Element& resource, record::Entry* entry);

// Whether a verification status says something of which no word is known: it may say that the
// resource is not so, and so it is no fact. Looks without marking.
bool IsOfUnknownStanding(const Release& release, const fhir::Element& resource);

}  // namespace milecastle::resources

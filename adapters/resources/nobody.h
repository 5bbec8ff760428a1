// Messages that speak of no patient: organisations, professionals, places, services and their free
// slots, devices that are nobody's, definitions, requests, errors and notices that name nobody,
// answers to a search that found nothing, and proofs that are the source's own. They are taken, so
// that the sender need not send them again and an operator can count them; of each resource one
// line says why nothing of it is carried.
//
// Such a message is a contribution that claims nobody and holds those lines alone: it makes no
// person, and waits for nobody.
//
// Nothing of a message is taken so in which any resource, contained ones included, is of a type
// that may speak of a patient. An error that tells of somebody's dissent is refused too: their
// choice would be lost, and is to be sent again with their Patient.
//
// Thread-safety: pure. Failure: nothing for a message that may speak of a patient.
#pragma once

#include <optional>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/bundle.h"

namespace milecastle::resources {

// Of a Bundle with its entries, or of one resource. An empty Bundle is none, but an empty searchset
// is: nothing was found, of somebody whom it does not name.
std::optional<record::Contribution> OfNobody(const Bundle& bundle);

}  // namespace milecastle::resources

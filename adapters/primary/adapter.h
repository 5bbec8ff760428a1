// The primary-care adapter: what GP Connect practices answer (FHIR STU3, as JSON or XML) to
// contributions.
//
// An Access Record Structured bundle is a snapshot of what a practice holds on one patient: each
// section whose list is in it replaces what that practice sent before. What the practice says of a
// section as a whole (nothing recorded, items left out as confidential, a transfer not finished)
// becomes a statement that the view's manifest shows.
//
// Parts of records are carried too, and replace no section: answers to searches (patients,
// documents, appointments), resources alone, and bundles whose patient is named by a reference
// (resources/logical_ids.h). Organisations, professionals, free slots, definitions and requests are
// nobody's (resources/nobody.h). A Binary alone, and an appointment that is only asked for, are
// refused.
//
// Everything in a bundle is carried or listed: reading marks what was read (fhir/document.h), and
// what nobody read is listed as not carried. Order of entries means nothing: a shuffled bundle
// makes the same contribution.
//
// GP Connect's errors (OperationOutcome) never mean 'none held': dissent becomes a preference,
// everything else says that the practice's sections are unavailable. An outcome that names no
// patient is nobody's, and one of dissent is refused, to be sent again with its Patient.
//
// Of a request to register somebody is read who that is, and not that they are registered.
//
// Thread-safety: any thread. Failure: in the Reading; Errors name places and codes of published
// lists, no values.
#pragma once

#include <memory>

#include "port/adapter.h"

namespace milecastle::primary {

std::unique_ptr<port::Adapter> MakeAdapter();

}  // namespace milecastle::primary

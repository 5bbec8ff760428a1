// The community adapter: UK Core FHIR R4, as JSON or XML, to contributions.
//
// A message is a Bundle (collection, searchset, transaction or batch of POST and PUT, document, or
// message: ITK3's holds a document), or one resource that names its patient. One that speaks of
// several patients becomes a contribution for each, and nothing of one is in another's.
//
// Everything is carried or listed: reading marks what was read (fhir/document.h), and what nobody
// read is listed as not carried. The resources are read by resources/r4.
//
// Thread-safety: any thread. Failure: in the Reading; Errors name places and published types, no
// values.
#pragma once

#include <memory>

#include "port/adapter.h"

namespace milecastle::community {

std::unique_ptr<port::Adapter> MakeAdapter();

}  // namespace milecastle::community

// UK Core FHIR R4: a Bundle (collection, searchset, transaction or batch of POST and PUT, document,
// or message: ITK3's holds a document), or one resource that names its patient. One that speaks of
// several patients becomes a contribution for each, and nothing of one is in another's.
//
// The resources are read by resources/r4.
//
// Thread-safety: any thread. Failure: in the Reading; Errors name places and published types, no
// values.
#pragma once

#include <string_view>

#include "port/adapter.h"

namespace milecastle::community {

port::Reading ReadFhir(std::string_view message, const port::Feed& feed);  // JSON
port::Reading ReadFhirXml(std::string_view message, const port::Feed& feed);

}  // namespace milecastle::community

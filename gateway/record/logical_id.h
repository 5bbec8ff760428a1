// Logical ids: how one FHIR server names its record of a patient ("Patient/7").
//
// Such an id is a local identifier of its source, and weaker than a hospital's number: it names a
// record of one server, by the address of that server or, where none is given, of the feed. It says
// nothing of anybody beyond its source, so that nobody is traced by it; and it may be given to
// another record later, so that it never outweighs what else is said of a patient. One that the
// source has given to two patients is disputed: it names nobody until an officer settles whose it
// is.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <string_view>

#include "record/patient.h"

namespace milecastle::record {

inline constexpr std::string_view kLogicalIdType = "fhir-id";  // LocalIdentifier::type

inline constexpr std::string_view kDisputedIdType = "fhir-id-disputed";

inline bool IsDisputedId(const LocalIdentifier& local) { return local.type == kDisputedIdType; }
inline bool IsLogicalId(const LocalIdentifier& local) {
  return local.type == kLogicalIdType || IsDisputedId(local);
}
inline LocalIdentifier Disputed(LocalIdentifier id) {
  id.type = kDisputedIdType;
  return id;
}

}  // namespace milecastle::record

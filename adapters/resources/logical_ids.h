// Whom a reference names that leads out of its bundle: "Patient/7" is an identifier in the
// namespace of the server that keeps the record (record/logical_id.h).
//
// The namespace is the base address of that server: of an absolute reference its own, of a relative
// one that of the fullUrl of the entry in which it stands. Where neither says it, it is the feed:
// one feed's relative ids are those of one server. The two are never taken for each other, since
// "Patient/7" of one server is somebody else than that of the next. Whatever a bundle names for
// itself alone (urn:uuid:, #contained, an id that a POST brings) names nobody outside it.
//
// Thread-safety: pure; looks without marking. Failure: nothing for what is no such name.
#pragma once

#include <optional>
#include <string>

#include "fhir/document.h"
#include "record/patient.h"

namespace milecastle::resources {

struct Naming {
  std::string feed;  // the record system of the feed (port/feed.h)
  // Whether a reference out of the bundle names a record of the server: not in documents and
  // messages, which stand for themselves.
  bool references = false;
  // Whether the id of a Patient is that of the server's record: of answers to searches, of what is
  // to be kept under it (PUT), and of a Patient alone.
  bool patients = false;
};

// Whether a name is of a server by its address; else it is of the feed, or no id of a record.
bool NamesServer(const record::LocalIdentifier& name);

// `within` is the resource that holds the reference.
std::optional<record::LocalIdentifier> NameOfReference(const Naming& naming,
                                                       const fhir::Element& reference,
                                                       const fhir::Element& within);
std::optional<record::LocalIdentifier> NameOfPatient(const Naming& naming,
                                                     const fhir::Element& patient);

}  // namespace milecastle::resources

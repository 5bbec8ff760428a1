// CDA R2 documents (HL7 ClinicalDocument) to contributions: NHS non-coded CDA, NHS 111 and
// integrated urgent care reports, C-CDA.
//
// A message is a ClinicalDocument alone, or an ITK DistributionEnvelope of some, in SOAP or not.
// Each document is one contribution, and no part of one can come into another's: a document is read
// from its own element, and identifiers within it are resolved within it.
//
// The narrative is what its author signed, so it is kept whatever the entries say: each section as
// a statement under a PRSB heading (sections.h), in plain text. Beside it stand entries for what is
// coded and certain: who does not state what a coded entry depends on (status, mood, negation,
// subject) gets none, and the narrative speaks. A document and all that came in it go as one: a
// newer version of it (setId), or one that replaces it (relatedDocument RPLC), takes its place, and
// a nullified one is withdrawn.
//
// Thread-safety: any thread, one Document each. Failure: in the Reading; Errors name places, no
// values.
#pragma once

#include <string_view>

#include "port/adapter.h"
#include "xml/document.h"

namespace milecastle::cda {

// ClinicalDocument, DistributionEnvelope, or a SOAP envelope.
bool IsDocument(const xml::Node& root);

// Whether CDA or its envelopes have an element or attribute of that name (xml::IsName).
bool IsName(std::string_view space, std::string_view name);

// `message` is the bytes that `document` was made from.
port::Reading Read(const xml::Document& document, std::string_view message, const port::Feed& feed);

}  // namespace milecastle::cda

// What stands around the resources: who sends, which message it is, what kind of bundle.
//
// Thread-safety: pure. Failure: Errors name places and published words, no values.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "fhir/document.h"
#include "port/adapter.h"
#include "resources/bundle.h"

namespace milecastle::community {

// What a Bundle is, as far as reading it goes.
struct Kind {
  std::string_view type;   // Bundle.type
  std::string_view event;  // of the envelope
  bool about_one = true;   // what does not say whose it is belongs to the one patient
  // Whether a reference that leads out of it names a record of the sender's server; what stands for
  // itself has no such references.
  bool names_beyond = false;
};
const Kind* KindOf(std::string_view bundle_type);

// The MessageHeader of a message; nothing where there is none.
fhir::Element HeaderOf(const fhir::Element& message);

// Control id, event and time. `digest_of` names what names itself nowhere.
port::Envelope EnvelopeOf(const fhir::Element& root, std::string_view digest_of);

// The ODS code of the organisation that speaks: the header's sender or endpoint, the document's
// custodian or author, the patients' managing organisation; empty where nothing says it. Patients
// of several organisations are an Error: a message speaks for one.
base::Result<std::string> SenderOf(const fhir::Element& root, const resources::Bundle& content);

}  // namespace milecastle::community

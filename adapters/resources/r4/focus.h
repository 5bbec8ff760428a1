// Whose a section of a document is: FHIR R4, Composition.section.focus.
//
// Thread-safety: as resources/context.h. Failure: a focus that leads to nobody who is the patient
// is somebody else's.
#pragma once

#include <string>

#include "fhir/document.h"
#include "record/entry.h"
#include "resources/context.h"

namespace milecastle::r4 {

struct About {
  record::Subject subject = record::Subject::kPatient;
  std::string words;  // of somebody else, as far as the source says whose
};

// A section without a focus is of whom the section around it is. `document` is the Composition.
About AboutOf(const resources::Context& context, const fhir::Element& section,
              const fhir::Element& document, const About& around);

}  // namespace milecastle::r4

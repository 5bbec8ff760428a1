// Whose word a Consent is. For r4/ alone.
//
// Thread-safety: as resources/context.h. Failure: none; who cannot be placed is said to be so.
#pragma once

#include "resources/context.h"

namespace milecastle::r4 {

// In rising order of what counts where several gave it.
enum class Giver {
  kUnsaid,
  kProfessional,
  kOther,     // a relative, a carer, another patient
  kUnplaced,  // somebody of whom nobody can tell whether they are the patient
  kPatient,
};
Giver GiverOf(resources::Context& context, const fhir::Element& consent);

}  // namespace milecastle::r4

// The Patient resource: what every release says alike of who a person is and of the people around
// them.
//
// Thread-safety: as Context. Failure: what cannot be read is noted by Context::Miss and left out.
#pragma once

#include <string_view>

#include "fhir/document.h"
#include "record/contribution.h"
#include "resources/context.h"

namespace milecastle::resources {

// By which names the source knows whom the contribution is about, besides the Patient; without a
// Patient they are all that there is. After ReadPerson: an identifier of the person's own comes
// first.
void ReadNames(Context& context);
// Identifiers with their tracing, names, addresses, telecoms, birth date, sex, ethnic category and
// death: into the patient's claim.
void ReadPerson(Context& context);
// The extension NHSCommunication: languages, and whether an interpreter is needed.
void ReadCommunication(Context& context);
// Patient.contact: an entry for each.
void ReadContacts(Context& context);
// PDS confidentiality: R is a national location flag; sources repeat it on their Patient.
void ReadProtection(Context& context);

// An entry that is read off the Patient resource itself: "Patient/<id>/<part>".
record::Draft PatientDraft(Context& context, record::Section section, record::Kind kind,
                           std::string_view part);

}  // namespace milecastle::resources

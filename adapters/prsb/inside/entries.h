// What stands under a heading, as entries. For prsb/ alone.
//
// Thread-safety: one thread. Failure: what cannot be read stays unread, and is listed by whoever
// accounts for the message.
#pragma once

#include "fhir/document.h"
#include "headings.h"
#include "port/mapping.h"
#include "record/contribution.h"

namespace milecastle::prsb {

// Who gave the person the identifiers that are not the NHS number.
struct Issuer {
  std::string authority;  // empty: nobody knows
  std::string type;
};
// "Person demographics".
void ReadDemographics(const fhir::Element& group, const port::Mapping& mapping,
                      const Issuer& issuer, record::PatientClaim& claim);

void ReadHeading(const fhir::Element& heading, const Heading& as, const port::Mapping& mapping,
                 record::Contribution& into);

}  // namespace milecastle::prsb

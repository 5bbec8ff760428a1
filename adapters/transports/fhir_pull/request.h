// One question of GP Connect (Access Record Structured, Access Document), as the bytes of an HTTP
// request: headers, the token that says for whom it is asked, and the Parameters or the address.
//
// The token is made anew for each request and is not signed (`alg: none`): the specification wants
// it for the provider's audit. Who we are is said by our certificate.
//
// Thread-safety: functions without state. Failure: none.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/uuid.h"
#include "https/client.h"
#include "record/identifiers.h"
#include "record/requester.h"
#include "record/sections.h"

namespace milecastle::fhir_pull {

// One provider's address and names, as configured.
struct Provider {
  std::string name;  // ours for it, in logs and metrics
  std::string host;  // a name or a numeric address; the certificate's
  std::uint16_t port = 443;
  std::string base;       // path of its FHIR base, "/Z99001/STU3/1"; without a slash at the end
  std::string from_asid;  // of the system that asks
  std::string to_asid;    // of the one that is asked
  std::string system;     // what calls itself so in the token: `iss` and the device's model
};

// Which sections it can be asked for; each belongs to one of the Parameters.
const std::vector<record::Section>& Sections();

struct Question {
  record::NhsNumber nhs_number;
  record::Requester requester;
  std::vector<record::Section> sections;  // of Sections()
};

https::Request RequestFor(const Question& question, const Provider& provider,
                          const base::Uuid& trace_id, base::Instant now);

// GP Connect Access Document, at a provider whose base is that of documents: who the person is
// there, which documents there are of them, and one of these. Ids are record::IsFhirId: nothing
// that a practice wrote is ever put into a path that is more than one segment.
https::Request PatientSearchFor(const Question& question, const Provider& provider,
                                const base::Uuid& trace_id, base::Instant now);
https::Request DocumentSearchFor(const Question& question, const std::string& patient_id,
                                 const Provider& provider, const base::Uuid& trace_id,
                                 base::Instant now);
https::Request BinaryFor(const Question& question, const std::string& binary_id,
                         const Provider& provider, const base::Uuid& trace_id, base::Instant now);

// Its parts.
std::string UrlOf(const Provider& provider);
std::string ParametersFor(const Question& question);
std::string TokenFor(const Question& question, const Provider& provider, base::Instant now);

}  // namespace milecastle::fhir_pull

// The community adapter: UK Core FHIR R4 (inside/fhir_message.h), Booking and Referral Standard
// messages among it (inside/bars.h), ITK3 messages of STU3 (inside/stu3_message.h), and CDA
// documents (cda/documents.h) to contributions. Which of them a message is, its first bytes and its
// profiles tell.
//
// Everything is carried or listed: reading marks what was read, and what nobody read is listed as
// not carried.
//
// Thread-safety: any thread. Failure: in the Reading; Errors name places, no values.
#pragma once

#include <memory>

#include "port/adapter.h"

namespace milecastle::community {

std::unique_ptr<port::Adapter> MakeAdapter();

}  // namespace milecastle::community

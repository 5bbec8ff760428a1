// Which segments of a message speak of which patient: ORU^R01's PATIENT_RESULT groups (HL7 v2.8.2
// section 7.3.1), each from its PID to the next.
//
// Thread-safety: pure. Failure: a segment of a patient that stands before the first of several PIDs
// is an Error of the whole message: in such a message the order of the groups is not to be trusted,
// and what is somebody's would be read as somebody else's.
#pragma once

#include <vector>

#include "base/result.h"
#include "hl7v2/message.h"

namespace milecastle::acute {

using Segments = std::vector<hl7v2::Segment>;

struct Parts {
  Segments heading;             // MSH, SFT, UAC, EVN: of the message, and of nobody
  Segments aside;               // local segments and notes before the first PID: read for nobody
  std::vector<Segments> parts;  // at least one
};

// A message with one PID or none is one part as it stands, in whatever order; with `several` false
// any message is.
base::Result<Parts> PartsOf(const hl7v2::Message& message, bool several);

}  // namespace milecastle::acute

// Which segments of a message speak of which patient: ORU^R01's PATIENT_RESULT groups (HL7 v2.8.2
// section 7.3.1) and the groups of A40 (section 3.3.40), each from its PID to the next.
//
// Thread-safety: pure. Failure: none; segments that stand before the first PID are a part without
// one, for whose they are is not said.
#pragma once

#include <vector>

#include "hl7v2/message.h"

namespace milecastle::acute {

using Segments = std::vector<hl7v2::Segment>;

struct Parts {
  Segments heading;             // MSH, SFT, UAC, EVN: of the message, and of nobody
  std::vector<Segments> parts;  // at least one
};

// A message with one PID or none is one part as it stands, in whatever order; with `several` false
// any message is.
Parts PartsOf(const hl7v2::Message& message, bool several);

}  // namespace milecastle::acute

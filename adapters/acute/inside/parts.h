// Which segments of a message speak of which patient: ORU^R01's PATIENT_RESULT groups (HL7 v2.8.2
// section 7.3.1), BAR^P02's, the two patients of A17, A24 and A37, and the groups of A39 to A44
// (section 3.3.40), each from its PID to the next.
//
// Thread-safety: pure. Failure: of several patients, groups out of order are an Error of the whole
// message: what is somebody's would be read as somebody else's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "hl7v2/message.h"

namespace milecastle::acute {

using Segments = std::vector<hl7v2::Segment>;

struct Parts {
  Segments heading;  // MSH, SFT, UAC, EVN: of the message, and of nobody
  Segments aside;    // local segments (not ZU1 to ZU8) and notes before the first PID: nobody's
  std::vector<Segments> parts;  // at least one
};

// What a message's event lets it speak of: of one patient; of several, each from its PID to the
// next; of several merges or moves.
enum class Grouping : std::uint8_t { kOne, kResults, kMerges };

// A message with one PID or none is one part as it stands, in whatever order; with kOne any message
// is. Of several, nothing of a patient stands before the first PID, and each group of merges is
// PID, [PD1], MRG, [PV1].
base::Result<Parts> PartsOf(const hl7v2::Message& message, Grouping grouping);

// "PID[1]-3" for "PID-3", as the place of an error in one of several groups.
std::string PlaceAmongSeveral(std::string place);

}  // namespace milecastle::acute

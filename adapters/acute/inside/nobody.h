// Messages that speak of no patient: master files, acknowledgements, the state of a bed, of
// equipment or of a clinic's times, and orders of stock. They are taken, so that the sender need
// not send them again and an operator can count them; nothing of them is carried.
//
// A question is none of them, though it names nobody: who asks waits for an answer, and a feed has
// none.
//
// Thread-safety: pure. Failure: nothing for a message with any segment that may be a patient's.
#pragma once

#include <optional>
#include <string_view>

#include "hl7v2/message.h"
#include "record/contribution.h"

namespace milecastle::acute {

// One line for each kind of segment but MSH; it claims nobody, makes no person and waits for none.
std::optional<record::Contribution> OfNobody(const hl7v2::Message& message, std::string_view code,
                                             std::string_view trigger);

}  // namespace milecastle::acute

// Whether a correction speaks of those whom the wrong message spoke of.
//
// One person alone corrects a message: that may put right what it says, and not of whom. Each
// patient keeps a name that the wrong message gave them: the NHS number, where it gave one that can
// be right, else a local identifier of theirs; where it gave neither, nothing can be held against
// the correction. A message that could not be read is searched for whatever may be an NHS number.
//
// Thread-safety: pure. Failure: none. Linear in the message's bytes.
#pragma once

#include "message.h"

namespace milecastle::receive {

bool SpeakOfTheSame(const Message& wrong, const Message& right);

}  // namespace milecastle::receive

// Contributions that were made outside the process: the bytes of a milecastle.v1.Contribution, as
// adapters in other languages send them.
//
// Read to the letter: what the contract does not know, what stands twice, what contradicts itself
// or leads nowhere is refused with its path ("patients[0].drafts[2].entry.status"), and never with
// a value. Nothing is guessed. `proto/milecastle/v1/contribution.proto` says what is refused whole,
// and what for its patient alone.
//
// Thread-safety: functions without state. Failure: kMessageUnparseable, kMessageInvalid or
// kPatientMissing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "record/contribution.h"

namespace milecastle::wire {

struct ContributionHeader {
  std::string control_id;
  std::string event;
  std::string sender;
  std::optional<record::When> sent;
};

struct Contributions {
  ContributionHeader header;  // as far as it can be read, even of a refused message
  std::optional<base::Error> refused;
  std::vector<base::Result<record::Contribution>> patients;  // empty where it was refused
};

Contributions ReadContributions(std::string_view bytes);

}  // namespace milecastle::wire

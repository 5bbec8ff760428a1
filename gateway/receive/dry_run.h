// What a file would become, without a gateway: for adapter authors and for trying out a feed.
//
// Reads, checks the sender where the feed names organisations, and normalises; stores nothing and
// settles nobody's identity. Thread-safety: pure. Failure: inside each message's result.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "normalise/normaliser.h"
#include "port/adapter.h"
#include "port/feed.h"

namespace milecastle::receive {

enum class DryOutcome : std::uint8_t { kAccepted = 1, kRejected, kUnsupported };
std::string_view NameOf(DryOutcome outcome);  // "accepted", "rejected", "unsupported"

struct DryPatient {
  std::optional<base::Error> error;   // why one of several would be quarantined unread
  std::string_view nhs_number_state;  // identify::NumberStateOf; empty where there is an error
  record::Contribution contribution;  // without its drafts, which became items
  std::vector<normalise::Item> items;
};

struct DryMessage {
  std::size_t index = 0;  // in the file, from 0
  DryOutcome outcome = DryOutcome::kRejected;
  std::optional<base::Error> error;
  port::Envelope envelope;
  std::vector<DryPatient> patients;  // empty where the message was refused
};

// One result per message of the file, in its order; empty for an empty file. A feed that names no
// organisation takes every sender, and a message that names none is taken for one organisation's.
std::vector<DryMessage> DryRun(const port::Adapter& adapter,
                               const normalise::Normaliser& normaliser, const port::Feed& feed,
                               std::string_view file);

}  // namespace milecastle::receive

// What is written to the audit log: an event with an opaque payload, and its form in an outbox row.
//
// The payload is made by the writer of the event (who, for which patient, why, what was decided)
// and is opaque here: audit/ keeps it beside the leaf, never in it. Encode makes the bytes that a
// store keeps in its outbox row until they are drained to the log; Decode gives the same Entry
// back. Thread-safety: values. Failure: Decode of anything but the bytes of Encode is
// kAuditCorrupt.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/uuid.h"

namespace milecastle::audit {

// On disk: a number keeps its meaning for ever, and new kinds are added at the end.
enum class Kind : std::uint8_t {
  kView = 1,             // a record was shown, in whole or in part, or was empty
  kRefusal = 2,          // a request was decided and nothing was shown
  kIngest = 3,           // a message was accepted, was a duplicate or waits for an identity
  kMessageRejected = 4,  // a message was refused or quarantined
  kConsent = 5,          // a patient's preference was recorded or withdrawn
  kIdentity = 6,         // link, unlink, merge, unmerge, queue work
  kPolicy = 7,           // a policy was loaded, or a load was refused
  kExplain = 8,          // a decision was explained without disclosure
  kAuditRead = 9,        // this log was searched or read
  kAdministration = 10,  // start, stop, keys, disposal, configuration
  kReferral = 11,        // a referral or a meeting
  kEmergency = 12,       // a record was shown under emergency access
};

bool IsKnown(Kind kind);
std::string_view NameOf(Kind kind);  // "view", "message_rejected"; "unknown" for what is not known

using EventId = base::Uuid;  // UUIDv7, made by the writer of the event

// 8 MiB: more is no audit payload but a disclosure, and belongs in the store.
inline constexpr std::size_t kMaxPayloadBytes = std::size_t{8} << 20;

struct Entry {
  EventId event_id;
  Kind kind = Kind::kView;
  std::string payload;
  std::uint32_t key_id = 0;  // what encrypts the payload; 0: disk encryption alone

  bool operator==(const Entry&) const = default;
};

std::string Encode(const Entry& entry);
base::Result<Entry> Decode(std::string_view bytes);

}  // namespace milecastle::audit

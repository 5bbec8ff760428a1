// What an adapter is: it reads messages of one sector into contributions, and words the replies of
// its protocol.
//
// An adapter MUST be pure: no I/O, no clock, no state that outlives a call. It MUST account for
// every part of a message, as carried or as not carried. It MUST NOT put a value of a message into
// an Error.
//
// Thread-safety: every method may be called from any thread. Failure: values, never exceptions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "port/feed.h"
#include "record/contribution.h"
#include "record/identifiers.h"

namespace milecastle::port {

// What can be read off a message before anything in it is believed. Filled as far as possible even
// for a refused one.
struct Envelope {
  std::string control_id;  // HL7 MSH-10, FHIR Bundle.identifier or id; empty where there is none
  std::string event;       // "ADT^A01", "gp-connect-structured"
  std::string sender;      // the sending organisation's code, as sent
  std::optional<record::When> sent;
};

// What one message says of each patient whom it speaks of, in its order: never empty. A message
// that cannot be taken at all is one refusal. Where one patient of several cannot be read, the
// others are; an adapter MUST NOT let any part of a message into two contributions but its header.
struct Reading {
  Envelope envelope;
  std::vector<base::Result<record::Contribution>> patients;
};
Reading ReadingOf(Envelope envelope, base::Result<record::Contribution> alone);

enum class Disposition : std::uint8_t {
  kAccepted = 1,
  kDuplicate,         // seen before, byte for byte; nothing changed
  kQuarantined,       // kept, not applied: a person must look
  kAwaitingIdentity,  // kept and normalised; whose it is, is not settled
  kRejected,          // journalled, never to be sent again as it is
  kFailed,            // nothing was committed; send again later
};
std::string_view NameOf(Disposition disposition);  // "accepted", "awaiting_identity" …

// What became of one patient of several: kAccepted, kQuarantined, kAwaitingIdentity, or, in a
// message that is taken again for another of them, kDuplicate.
struct PatientOutcome {
  Disposition disposition = Disposition::kFailed;
  std::optional<base::Error> error;  // for kQuarantined: where and why
  std::size_t entries = 0;           // that were given, or wait
  std::size_t read = 0;              // that the message has, whatever becomes of them
  // Taken again, of bytes of which the sender was told before that they were taken.
  bool repeated = false;
};

// Of a message that speaks of several patients `disposition` and `error` are those of the patient
// who most needs a person (quarantined, then awaiting identity, then accepted), the rest is the
// sum; it is committed as one. Who sends is told less of it (told.h).
struct Outcome {
  Disposition disposition = Disposition::kFailed;
  std::optional<base::Error> error;  // for kQuarantined, kRejected and kFailed: where and why
  std::optional<record::MessageId> message;  // its place in the journal, where it has one
  std::size_t entries = 0;
  std::vector<record::NotCarried> not_carried;
  std::vector<PatientOutcome> patients = {};  // in the message's order; empty where it has but one
  std::size_t read = 0;                       // as a patient's, like `repeated`
  bool repeated = false;
  std::vector<record::NotCarried> untold = {};  // lines more, for the journal alone
};

class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual std::string_view name() const = 0;

  virtual Mappable mappable() const { return {}; }

  // The messages in one file, each of which can be read by itself: a part of a large table begins
  // with the table's header again. Never empty for a file that holds anything: what cannot be split
  // is one message, and so is a message that is split again.
  virtual std::vector<std::string> Split(std::string_view file, const Feed& feed) const = 0;

  virtual Reading Read(std::string_view message, const Feed& feed) const = 0;

  // The bytes that the protocol answers with once the outcome is durable; empty where it answers
  // nothing. `outcome` is as the sender is told it (told.h).
  virtual std::string Reply(std::string_view message, const Feed& feed, const Outcome& outcome,
                            base::Instant now) const = 0;
};

}  // namespace milecastle::port

// One message on its way in, read and normalised, before anything is known of whose it is.
//
// Thread-safety: a value. Failure: Read puts what is wrong with the message into `refused`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "identify/trace.h"
#include "normalise/normaliser.h"
#include "port/adapter.h"
#include "port/feed.h"
#include "store/records.h"

namespace milecastle::receive {

// One patient whom a message speaks of.
struct Patient {
  std::uint32_t number = 0;                 // from 1; 0 where the message speaks of one alone
  std::optional<base::Error> refused;       // could not be read, though others of the message were
  record::Contribution contribution;        // without its drafts
  std::vector<store::StoredEntry> entries;  // its drafts, whole but for their identity
  std::vector<record::Version> versions;    // of the entries, in their order
};

struct Message {
  record::MessageId id;
  std::shared_ptr<const port::Feed> feed;
  std::string bytes;
  base::Instant received;
  std::optional<base::Error> refused;  // set before reading by a transport, or by reading
  // Read again later than `received`: what its source said since of the same stands (mend.h).
  bool late = false;

  base::Digest digest{};
  port::Envelope envelope;
  std::optional<record::OdsCode> source;  // absent where it was refused
  std::vector<Patient> patients;          // empty where it was refused

  std::shared_ptr<const identify::Tracer> tracer;  // none: nobody is traced
};

// Fills in the lower half. `adapter` may be null: refused.
void Read(const port::Adapter* adapter, const normalise::Normaliser& normaliser, Message& message);

}  // namespace milecastle::receive

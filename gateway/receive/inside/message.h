// One message on its way in, read and normalised, before anything is known of whose it is.
//
// Thread-safety: a value. Failure: Read puts what is wrong with the message into `refused`.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "normalise/normaliser.h"
#include "port/adapter.h"
#include "port/feed.h"
#include "store/records.h"

namespace milecastle::receive {

struct Message {
  record::MessageId id;
  std::shared_ptr<const port::Feed> feed;
  std::string bytes;
  base::Instant received;
  std::optional<base::Error> refused;  // set before reading by a transport, or by reading

  base::Digest digest{};
  port::Envelope envelope;
  std::optional<record::OdsCode> source;    // absent where it was refused
  record::Contribution contribution;        // without its drafts
  std::vector<store::StoredEntry> entries;  // its drafts, whole but for their identity
};

// Fills in the lower half. `adapter` may be null: refused.
void Read(const port::Adapter* adapter, const normalise::Normaliser& normaliser, Message& message);

}  // namespace milecastle::receive

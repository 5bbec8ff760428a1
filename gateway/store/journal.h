// The journal: every message as it arrived, with what became of it. Written first, never changed in
// its bytes.
//
// Thread-safety: a port lives inside one transaction or snapshot and is used by its thread alone.
// Failure: kStoreUnavailable; kStoreCorrupt where a row does not match its digest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"
#include "base/result.h"
#include "record/contribution.h"
#include "record/identifiers.h"

namespace milecastle::store {

// What became of one patient of a message that speaks of several.
struct JournalPatient {
  std::string disposition;
  std::string error_name;  // as JournalRow's
  std::string error_place;
  std::string error_advice;
  std::uint32_t entries = 0;
  bool operator==(const JournalPatient&) const = default;
};

struct JournalRow {
  record::MessageId id;
  std::string feed;
  std::string control_id;
  std::string event;
  std::string sender;
  std::string disposition;  // port::NameOf: "accepted" …
  std::string error_name;   // base::LineOf(id).name; empty for none
  std::string error_place;
  std::string error_advice;
  base::Instant received;
  base::Digest digest{};  // SHA-256 of the bytes
  std::uint32_t entries = 0;
  std::vector<record::NotCarried> not_carried;
  std::string bytes;
  // In the message's order; empty where it speaks of one alone. Then `disposition` is GravestOf
  // them, and `entries` their sum.
  std::vector<JournalPatient> patients = {};
  // For whom it speaks; empty: it was refused before that was known, or is of before it was kept.
  std::string organisation = {};
  // When a person was done with it, where it was rejected or quarantined.
  std::optional<base::Instant> done = {};
};

// Whether a person is to look at it: it was rejected or quarantined, and nobody is done with it.
bool IsOpen(const JournalRow& row);

// Which of several patients most needs a person, by their dispositions: the first that is
// quarantined, else that awaits its identity, else that was accepted, else the first. From 0.
std::size_t GravestOf(std::span<const std::string_view> dispositions);

// The disposition of one patient (from 1), or of a message about one alone (0); nothing where the
// row knows of no such patient.
std::optional<std::string> DispositionOf(const JournalRow& row, std::uint32_t patient);

struct FeedState {
  std::string feed;
  base::Instant last_received;
  std::optional<base::Instant> last_accepted;
  std::vector<std::pair<std::string, std::uint64_t>> by_disposition;
};

// How many messages of a feed and an organisation came out so, and why.
struct OutcomeCount {
  std::string feed;
  std::string organisation;  // as JournalRow's
  std::string disposition;
  std::string error;  // as JournalRow's error_name
  std::uint64_t messages = 0;
  std::uint64_t open = 0;  // with which nobody is done (IsOpen)
  base::Instant last_received;
};

// What a person did about a message that was rejected or quarantined.
struct Mending {
  record::MessageId message;
  std::string act;     // "corrected", "replayed", "closed"
  std::string by;      // issuer and user
  std::string reason;  // a code of the policy
  std::string error;   // why it had been rejected or quarantined: JournalRow's error_name then
  base::Instant at;
  std::optional<record::MessageId> correction = {};  // the message that says it right
};

inline constexpr std::size_t kRepeatedAmong = 64;

// What a message is known by when it is sent again.
struct Sent {
  std::string feed;
  std::string control_id;
  base::Digest digest{};
};

class ReadJournal {
 public:
  virtual ~ReadJournal() = default;
  virtual base::Result<std::optional<JournalRow>> Find(record::MessageId id) = 0;
  // The newest row of this feed and control id received at or after `since`, without its bytes.
  virtual base::Result<std::optional<JournalRow>> FindByControlId(const std::string& feed,
                                                                  const std::string& control_id,
                                                                  base::Instant since) = 0;
  // What a message repeats: the rows of its feed, control id and bytes that are no duplicates
  // themselves, newest first, without their bytes. Looked for among the newest kRepeatedAmong of
  // its control id, so that a sender who gives all messages one does not slow the others.
  virtual base::Result<std::vector<JournalRow>> FindRepeated(const Sent& sent) = 0;
  virtual base::Result<std::vector<FeedState>> Feeds() = 0;
  virtual base::Result<std::uint64_t> Count() = 0;
  // From sums that are kept with the rows, as Feeds: no scan of the journal.
  virtual base::Result<std::vector<OutcomeCount>> Counts() = 0;
  // Those that are open (IsOpen), in the order of their coming, after `after` where it is given;
  // without their bytes.
  virtual base::Result<std::vector<JournalRow>> Open(std::size_t limit,
                                                     std::optional<record::MessageId> after) = 0;
  // Of the message, and of that which it corrects; oldest first.
  virtual base::Result<std::vector<Mending>> MendingsOf(record::MessageId id) = 0;
};

class Journal : public virtual ReadJournal {
 public:
  virtual base::Result<void> Append(const JournalRow& row) = 0;
  // For what was queued and is settled now: only the outcome columns change. `patient` as
  // DispositionOf's; kNotFound where the row knows of no such patient.
  struct Settled {
    std::uint32_t patient = 0;
    std::string disposition;
    std::uint32_t entries = 0;
    // A person decided so: nobody is to look at the message again, unless for another patient of
    // it.
    std::optional<base::Instant> done = {};
  };
  virtual base::Result<void> SetOutcome(record::MessageId id, const Settled& settled) = 0;
  // For what is read again: disposition, error, entries, not carried, patients, organisation and
  // `done` become those of `row`; all else stays.
  virtual base::Result<void> SetRead(const JournalRow& row) = 0;
  virtual base::Result<void> AddMending(const Mending& mending) = 0;
};

}  // namespace milecastle::store

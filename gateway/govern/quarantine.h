// The quarantine's desk: messages that were rejected or quarantined are listed, shown, read again,
// corrected and closed, each decided by role, audited, and only then answered.
//
// An officer of scope "own" has the messages of their own organisation. One that was refused before
// it was known for whom it speaks belongs to the organisation of its feed, where that speaks for
// one alone; else to who works all. A message that names a protected identity (safety.md 14) is not
// here. A list holds reasons and places; the bytes are shown by `quarantine.show` alone, and the
// log keeps their digest.
//
// Thread-safety: any thread. Failure: kNotPermitted, kNotFound; kConflict where somebody is done
// with it; kArgumentInvalid for a code that the policy does not list; what a message is refused for
// when it is read again; the store's and the log's errors.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "govern/act.h"

namespace milecastle::govern {

// What became of a message that was read again, or of its correction.
struct MendedMessage {
  store::JournalRow row;
  std::size_t held_back = 0;  // entries that its source said something of since
  bool changed = true;        // false: it was done before
};
struct MendedBy {
  std::string user;
  base::Instant at;
};
using Mend = std::function<base::Result<MendedMessage>(store::Transaction&, const MendedBy&)>;

// Handed in by who knows feeds and adapters.
struct QuarantineParts {
  // The message of a row read again; or, with bytes, their correction of it. kNotFound where its
  // feed is no longer configured.
  std::function<base::Result<Mend>(const store::JournalRow&, std::optional<std::string>)> prepare;
  // For whom a feed may speak; nothing where it is no longer configured.
  std::function<std::vector<record::OdsCode>(const std::string& feed)> organisations_of;
};

struct HeldQuery {
  std::string feed;  // empty: all
  std::size_t limit = 50;
  std::optional<record::MessageId> after;
};
struct HeldAtDesk {
  store::JournalRow row;  // with its bytes
  std::vector<store::Mending> mendings;
};

class QuarantineDesk {
 public:
  template <class T>
  using Done = std::function<void(base::Result<Audited<T>>)>;

  QuarantineDesk(Parts parts, QuarantineParts quarantine)
      : parts_(parts), quarantine_(std::move(quarantine)) {}

  // Without their bytes.
  void List(const record::Requester& officer, const HeldQuery& query,
            const Done<std::vector<store::JournalRow>>& done) const;
  void Show(const record::Requester& officer, record::MessageId id,
            const Done<HeldAtDesk>& done) const;
  void Replay(const record::Requester& officer, record::MessageId id, const std::string& why,
              const Done<MendedMessage>& done) const;
  struct Correction {
    std::string bytes;
    std::string why;
  };
  void Correct(const record::Requester& officer, record::MessageId id, Correction correction,
               const Done<MendedMessage>& done) const;
  void Close(const record::Requester& officer, record::MessageId id, const std::string& why,
             const Done<store::JournalRow>& done) const;

 private:
  bool Reaches(const Act& act, const store::JournalRow& row) const;
  // Of one moment, where the act reaches it and it names nobody who is protected.
  base::Result<HeldAtDesk> HeldFor(const Act& act, record::MessageId id) const;
  base::Result<std::vector<store::JournalRow>> Held(const Act& act, const HeldQuery& query) const;

  struct Mending;
  void Do(const Act& act, Mending mending, const Done<MendedMessage>& done) const;

  Parts parts_;
  QuarantineParts quarantine_;
};

}  // namespace milecastle::govern

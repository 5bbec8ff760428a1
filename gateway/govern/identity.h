// An identity officer's work: the queues, and linking and unlinking (safety.md 13–15).
//
// Whether the officer may do it was decided by the caller (govern/identity_desk.h), who commits
// each change together with its audit entry. Messages that waited for a change are applied in the
// same transaction, in the order of their arrival. Severed persons can be neither linked nor
// unlinked; what was theirs goes back to them when it is unlinked from another.
//
// Thread-safety: every method may be called from any thread; a change runs on the store's writer
// thread. Lifetime: the parts outlive it and the changes that it gave.
// Failure: kNotFound, kConflict (closed meanwhile, or more messages arrived: look again and
// repeat), kNotPermitted (protected), the store's errors.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "govern/act.h"
#include "identify/trace.h"
#include "store/store.h"

namespace milecastle::govern {

struct Officer {
  std::string by;            // issuer and user, as written into history and audit
  std::string organisation;  // ODS code
  std::string why;           // the officer's reason as a code, kept in the log with the change
};

// One message that waits, ready to be applied once its identity (or, where it has none, its person)
// is settled. main.cc passes receive's.
using Replay = std::function<base::Result<void>(
    store::Transaction&, const std::optional<record::IdentityId>&, const record::PersonId&)>;
// `patient` as QueueItem's.
using PrepareReplay =
    std::function<base::Result<Replay>(const store::JournalRow&, std::uint32_t patient)>;

struct IdentityParts {
  store::Store& store;
  const base::Clock& clock;
  PrepareReplay prepare;
  std::shared_ptr<const identify::Tracer> tracer = {};  // none: no link is explained by it
};

struct IdentityChange {
  record::PersonId person{};  // where the identity, or the message, is now
  std::size_t messages_applied = 0;
  // What another person has to confirm of it, and by when.
  std::optional<record::QueueItemId> to_confirm{};
  std::optional<base::Instant> confirm_by{};
};

// The resolution of an item that gave way to others when somebody whom it names was severed.
inline constexpr std::string_view kReplaced = "replaced";

// A merge review, or the severed person's part of one that was taken apart.
bool IsMergeReview(const store::QueueItem& item);

// Whether what is looked at stands; undone: a severing alone.
enum class Ending : std::uint8_t { kStands, kUndone };

struct PersonShown {
  store::Person person;
  std::vector<store::Identity> identities;
  std::vector<store::LinkEvent> history;
};

class IdentityWork {
 public:
  explicit IdentityWork(IdentityParts parts) : parts_(std::move(parts)) {}

  // Reading. `kinds` empty: all. `organisation`: items of that organisation alone, but for kinds
  // that are looked at `everywhere`; empty: all.
  struct QueueQuery {
    std::vector<store::QueueKind> kinds;
    std::string organisation;
    std::vector<store::QueueKind> everywhere = {};
    std::size_t limit = 100;
    std::optional<record::QueueItemId> after;
    std::function<bool(const store::QueueItem&)> wants = {};  // empty: all
  };
  base::Result<std::vector<store::QueueItem>> Queue(const QueueQuery& query) const;
  // What to look at before the item is closed, as keys. While a merge or unlink is under review,
  // any protection of where somebody is holds for both records; from its close on, each has what
  // its own sources said last (safety.md 12, 15):
  //   location_protection_differs  of two words on these records, one protects and one does not
  //   location_protected           all words on them protect; one of them may have none of its own
  static base::Result<std::vector<std::string>> CautionsOf(store::Snapshot& snapshot,
                                                           const store::QueueItem& item);
  base::Result<PersonShown> Show(record::PersonId person) const;
  // Of a history, what names no severed person other than `person`.
  base::Result<std::vector<store::LinkEvent>> WithoutSevered(
      record::PersonId person, std::vector<store::LinkEvent> history) const;
  base::Result<std::optional<record::PersonId>> Find(const record::NhsNumber& number) const;

  const identify::Tracer* tracer() const { return parts_.tracer.get(); }

  // Whose is it? `person` absent: a new person of the waiting identity's own; of a match review one
  // must be named, and the whole unidentified person goes to them.
  base::Result<Change<IdentityChange>> Settle(const Officer& officer, record::QueueItemId item,
                                              std::optional<record::PersonId> person) const;
  Change<IdentityChange> Unlink(const Officer& officer, record::IdentityId identity) const;
  // The officer's `why` is how it came out. The last merge review of a person ends its time of
  // tighter consent; a message that waits is turned away, and never applied; the candidates of a
  // match review are kept apart from whom it is about, and never asked about again.
  Change<IdentityChange> Close(const Officer& officer, record::QueueItemId item,
                               Ending ending = Ending::kStands) const;
  // From now on this person is never linked, suggested or queued together with another: what they
  // share in the queues is taken apart, an item for each, and the tighter consent holds for each
  // until theirs is closed. It holds at once, for protection cannot wait, and asks for a second
  // person `within` this time; until then it can be undone. kConflict where it was done before, and
  // where the person's identities were all merged away: unlink them first, or it would protect
  // nothing.
  Change<IdentityChange> Sever(const Officer& officer, record::PersonId person,
                               std::chrono::seconds within) const;

  // Who saw either record in the time when they were wrongly one (safety.md 15): newest first.
  base::Result<std::vector<store::TrailRow>> ShownBetween(
      const std::vector<record::NhsNumber>& numbers, base::Instant from, base::Instant until) const;

 private:
  IdentityParts parts_;
};

}  // namespace milecastle::govern

// Work for people: messages whose patient is not settled, links to judge, reviews that a rule
// demands.
//
// Thread-safety and failure: as journal.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "record/identifiers.h"

namespace milecastle::store {

enum class QueueKind : std::uint8_t {
  kAwaitingIdentity = 1,  // a message waits until its patient is settled
  kMergeReview,           // after a merge or unlink: check consents and who was shown what
  kProtectedIdentity,     // a feed tried to link identities that must stay apart, or a severed
                          // person's part of a merge review: the named role alone sees it
  kNullReview,            // a `""` on an allergy, alert, objection, hiding flag or NHS number; a
                          // link, deletion or move of patients on their source's word
  kConflictingDuplicate,  // the same control id with other bytes
  kBreakGlassReview,      // derived from the audit log by leaf
  kSelfDeclaredReview,    // likewise
  kPatientNotice,         // a notice to the patient, waiting for human review
  kChoiceReview,          // a choice on somebody else's word, which binds nobody, or a refusal that
                          // is not plain, which withholds until this is closed: ask the person
  kUnreadPatient,         // one patient of several in a message that could not be read
  kSeverReview,           // a severing that a second person has not yet confirmed or undone
  kMatchReview,           // somebody without an NHS number who may be a person that is known
};
std::string_view KeyOf(QueueKind kind);
std::optional<QueueKind> QueueKindOf(std::string_view key);

// The audit entry that an item is derived from. The event is what it is known by: two logs number
// their leaves alike, and an event that was in doubt in the first may be a leaf of each. Where many
// entries ask for one review, it is instead what they have in common (govern/duties.cc).
struct LeafOrigin {
  std::string origin;  // which log
  std::uint64_t index = 0;
  record::EventId event;
  bool operator==(const LeafOrigin&) const = default;
};

struct QueueItem {
  record::QueueItemId id;
  QueueKind kind = QueueKind::kAwaitingIdentity;
  std::optional<record::MessageId> message;
  std::uint32_t patient = 0;  // which of the message's, from 1; 0: it speaks of one alone
  std::optional<record::IdentityId> identity;
  std::optional<record::PersonId> person;
  std::vector<record::PersonId> candidates;
  std::optional<LeafOrigin> leaf;  // of items that come from the audit log
  std::string organisation;        // whose officer works it
  std::string reason;              // from a fixed list: never a value of a message
  // Whose doing is looked at, as issuer and user; empty: nobody's, or it is of before it was kept.
  std::string caused_by;
  // Of a notice to the person: why it waits, from a fixed list and the policy's labels.
  std::vector<std::string> held_for;
  base::Instant opened;
  std::optional<base::Instant> due;
  std::optional<base::Instant> closed;
  std::string resolution;
  std::string closed_by;

  // It asks for nothing but that its message be read: who mends or closes the message closes it.
  bool IsOfItsMessageAlone() const {
    return kind == QueueKind::kUnreadPatient || kind == QueueKind::kConflictingDuplicate;
  }
};

// Whether a message of these items is one that the named role alone may see.
bool NamesProtected(const std::vector<QueueItem>& items_of_message);

class ReadQueues {
 public:
  virtual ~ReadQueues() = default;
  virtual base::Result<std::optional<QueueItem>> Find(record::QueueItemId id) = 0;
  // Open items, oldest first, after `after` where it is given; an empty list of kinds: all.
  virtual base::Result<std::vector<QueueItem>> Open(const std::vector<QueueKind>& kinds,
                                                    std::size_t limit,
                                                    std::optional<record::QueueItemId> after) = 0;
  virtual base::Result<std::vector<QueueItem>> OpenFor(record::IdentityId identity) = 0;
  // Open and closed, oldest first.
  virtual base::Result<std::vector<QueueItem>> OfMessage(record::MessageId message) = 0;
  // Match reviews of the identity, open and closed, oldest first.
  virtual base::Result<std::vector<QueueItem>> MatchesOf(record::IdentityId identity) = 0;
  // Whether there is, or was until it was closed, an item of the same event, kind, reason and
  // organisation: one duty of one audit entry opens one item. False for an item without a leaf.
  virtual base::Result<bool> HasSameCause(const QueueItem& item) = 0;
};

class Queues : public virtual ReadQueues {
 public:
  virtual base::Result<void> Add(const QueueItem& item) = 0;
  // kConflict where it is closed already.
  virtual base::Result<void> Close(record::QueueItemId id, const std::string& resolution,
                                   const std::string& by, base::Instant at) = 0;
};

}  // namespace milecastle::store

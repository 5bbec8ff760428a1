// The identity officer's desk: who may work the queues, decided and audited, in front of
// IdentityWork.
//
// An officer sees the kinds of item that they may close. Protected items (safety.md 14), and
// notices to the person with what they are held for (safety.md 4), which may be hidden from the
// officer's organisation, are for who works the whole system, and for nobody else. No other item
// shows a severed person, and one that a severing took apart is not there for one organisation. The
// review of an access is never closed by the user whose access it was.
//
// One organisation's officer is told neither the source nor the local identifiers of a candidate of
// a source that has labels: its name would tell them. Who works the whole system is: whose record
// it is cannot be judged without them.
//
// Thread-safety: any thread. Failure: as identity.h; kNotPermitted. A refusal, and whatever else
// could not be done or is not there, is told after it is in the log.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "govern/act.h"
#include "govern/identity.h"

namespace milecastle::govern {

// Why one patient of a message could not be read, for whoever asks the sender to mend it.
struct Unread {
  std::string control_id;
  std::string error;  // base::LineOf(id).name
  std::string place;
  std::string advice;
};
struct QueuedItem {
  store::QueueItem item;
  std::vector<std::string> cautions;  // IdentityWork::CautionsOf
  bool overdue = false;
  std::optional<record::FactId> consent;  // of the review of a choice
  std::optional<Unread> unread;           // of a patient who could not be read
};
struct ItemAtDesk {
  QueuedItem queued;
  std::optional<store::Identity> claim;
  std::vector<store::Identity> candidates;
  // Of these, those whose source is not for this officer to know, nor what it calls them: that of
  // another organisation with labels of its own (safety.md 21, 26), and another organisation's
  // candidate who is location-protected (safety.md 12).
  std::vector<record::IdentityId> unnamed;
  // How alike the claim and each candidate are, as the trace weighs them today; without what the
  // officer may not know of them, and of a location-protected one without where they are.
  struct Match {
    record::PersonId person;
    store::MatchNote note;
  };
  std::vector<Match> matches;
};
struct PersonAtDesk {
  PersonShown person;
  std::vector<store::TrailPlace> disclosures_under_other_links;
};

class IdentityDesk {
 public:
  template <class T>
  using Done = std::function<void(base::Result<Audited<T>>)>;

  IdentityDesk(Parts parts, IdentityWork& work) : parts_(parts), work_(work) {}

  // Kinds empty: all that the officer may close, but for protected ones, which are asked for by
  // name until they are overdue.
  void Queue(const record::Requester& officer, IdentityWork::QueueQuery query,
             const Done<std::vector<QueuedItem>>& done);
  void ShowItem(const record::Requester& officer, record::QueueItemId item,
                const Done<ItemAtDesk>& done);
  void ShowPerson(const record::Requester& officer, record::PersonId person,
                  const Done<PersonAtDesk>& done);
  void ShowPerson(const record::Requester& officer, const record::NhsNumber& number,
                  const Done<PersonAtDesk>& done);
  // An item of any kind, by a code of the policy that says how it came out (kArgumentInvalid for
  // another): `review.close` for the review of an access, `identity.confirm` for a severing, which
  // some codes undo, `identity.link` for all else.
  void Close(const record::Requester& officer, record::QueueItemId item, const std::string& outcome,
             const Done<IdentityChange>& done);
  // A waiting item. Why is a code; the log keeps it with the change.
  void Link(const record::Requester& officer, record::QueueItemId item,
            std::optional<record::PersonId> person, const std::string& why,
            const Done<IdentityChange>& done);
  void Unlink(const record::Requester& officer, record::IdentityId identity, const std::string& why,
              const Done<IdentityChange>& done);
  // Only over the whole system: whom it protects is nobody's own. It holds at once; a second person
  // confirms or undoes it within the policy's time, or it stands in the queue as overdue.
  void Sever(const record::Requester& officer, record::PersonId person, const std::string& why,
             const Done<IdentityChange>& done);

 private:
  base::Result<Change<IdentityChange>> ClosingBy(const Act& act,
                                                 const std::optional<store::QueueItem>& item,
                                                 const std::string& outcome) const;
  base::Result<std::optional<store::QueueItem>> Find(record::QueueItemId item) const;
  Act ActOn(const record::Requester& officer, const std::optional<store::QueueItem>& item) const;
  std::optional<decide::Scope> ClosingScope(const record::Requester& officer,
                                            store::QueueKind kind) const;
  base::Result<void> NarrowTo(const Act& act, IdentityWork::QueueQuery& query) const;
  base::Result<QueuedItem> WithCautions(store::Snapshot& snapshot, store::QueueItem item) const;
  bool ListsByDefault(const store::QueueItem& item) const;
  base::Result<ItemAtDesk> Load(record::QueueItemId item) const;
  base::Result<ItemAtDesk> LoadFor(const Act& act, record::QueueItemId item) const;
  base::Result<ItemAtDesk> ShownFor(const Act& act, record::QueueItemId item) const;
  base::Result<Change<IdentityChange>> ChangeBy(const Act& act, record::QueueItemId item,
                                                std::optional<record::PersonId> person,
                                                const std::string& why) const;
  base::Result<PersonAtDesk> LoadFor(const Act& act, record::PersonId person) const;
  base::Result<void> LeaveOutOfHistory(const Act& act,
                                       std::vector<store::LinkEvent>& history) const;
  base::Result<std::vector<record::NhsNumber>> NumbersOfOthers(const PersonShown& shown) const;
  base::Result<std::vector<store::TrailPlace>> DisclosuresUnderOtherLinks(
      const PersonShown& shown) const;

  Parts parts_;
  IdentityWork& work_;
};

}  // namespace milecastle::govern

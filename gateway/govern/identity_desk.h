// The identity officer's desk: who may work the queues, decided and audited, in front of
// IdentityWork.
//
// Protected items (safety.md 14) are seen by the role that may unlink over the whole system, and by
// nobody else.
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

struct QueuedItem {
  store::QueueItem item;
  std::vector<std::string> cautions;  // IdentityWork::CautionsOf
};
struct ItemAtDesk {
  QueuedItem queued;
  std::optional<store::Identity> claim;
  std::vector<store::Identity> candidates;
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

  void Queue(const record::Requester& officer, IdentityWork::QueueQuery query,
             const Done<std::vector<QueuedItem>>& done);
  void ShowItem(const record::Requester& officer, record::QueueItemId item,
                const Done<ItemAtDesk>& done);
  void ShowPerson(const record::Requester& officer, record::PersonId person,
                  const Done<PersonAtDesk>& done);
  void ShowPerson(const record::Requester& officer, const record::NhsNumber& number,
                  const Done<PersonAtDesk>& done);
  // Why is a code; the log keeps it with the change.
  void Link(const record::Requester& officer, record::QueueItemId item,
            std::optional<record::PersonId> person, const std::string& why,
            const Done<IdentityChange>& done);
  void Unlink(const record::Requester& officer, record::IdentityId identity, const std::string& why,
              const Done<IdentityChange>& done);
  // Only over the whole system: whom it protects is nobody's own.
  void Sever(const record::Requester& officer, record::PersonId person, const std::string& why,
             const Done<IdentityChange>& done);

 private:
  base::Result<ItemAtDesk> Load(record::QueueItemId item) const;
  base::Result<ItemAtDesk> LoadFor(const Act& act, record::QueueItemId item) const;
  base::Result<Change<IdentityChange>> ChangeBy(const Act& act, record::QueueItemId item,
                                                std::optional<record::PersonId> person,
                                                const std::string& why) const;
  base::Result<PersonAtDesk> LoadFor(const Act& act, record::PersonId person) const;
  base::Result<std::vector<store::TrailPlace>> DisclosuresUnderOtherLinks(
      const PersonShown& shown) const;

  Parts parts_;
  IdentityWork& work_;
};

}  // namespace milecastle::govern

// The person's choices: recording, withdrawing and listing them.
//
// A choice is checked before it is kept (decide::ValidateConsent): one that names nobody, or could
// be read as meaning everybody, is refused. It is committed with its audit entry, and answered when
// its leaf is durable. Nothing is deleted. An objection or restriction on somebody else's word
// binds nobody (decide/); with it a review is opened, by which an officer asks the person
// themselves.
//
// Thread-safety: any thread; `done` runs once, on a thread that MUST NOT be blocked.
// Failure: kArgumentInvalid, naming the field; kNotFound where the details match nobody;
// kNotPermitted; the store's and the log's errors.
#pragma once

#include <functional>
#include <vector>

#include "govern/act.h"
#include "identify/lookup.h"

namespace milecastle::govern {

class Consents {
 public:
  using OnRecorded = std::function<void(base::Result<Audited<record::FactId>>)>;
  // To one organisation's officer or ward, another organisation that has labels is not named:
  // its code is left out of the scope, the team and the place of recording (safety.md 21, 26).
  struct Listed {
    record::Consent consent;
    bool names_left_out = false;
  };
  using OnListed = std::function<void(base::Result<Audited<std::vector<Listed>>>)>;

  explicit Consents(Parts parts) : parts_(parts) {}

  // The id, who recorded it, where and when are set here.
  void Record(const record::Requester& requester, const identify::PersonKey& person,
              record::Consent consent, OnRecorded done);
  void Withdraw(const record::Requester& requester, const identify::PersonKey& person,
                record::FactId consent, OnRecorded done);
  void List(const record::Requester& requester, const identify::PersonKey& person,
            const OnListed& done);

 private:
  struct About;
  base::Result<About> Find(const identify::PersonKey& person) const;

  Parts parts_;
};

}  // namespace milecastle::govern

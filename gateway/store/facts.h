// Facts around a record: evidence of relationships, the person's choices, location flags.
//
// A fact stands with the identity that its source spoke of, or, where it was recorded at the
// gateway, with the person. What is known of a person is all of both, and all that was recorded for
// persons whom this one has taken up (an identity of this one was theirs, and they have none left):
// after a merge the tighter holds because all of them are read. While a merge or unlink is under
// review, what restricts (consents but explicit ones, protecting flags) of everybody at the other
// end of a link holds too (safety.md 15); what would open never does.
//
// Every write here advances the person's record_version.
//
// Thread-safety and failure: as journal.h. An owner or person that is not there is kNotFound.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "record/facts.h"

namespace milecastle::store {

using FactOwner = std::variant<record::IdentityId, record::PersonId>;

class ReadFacts {
 public:
  virtual ~ReadFacts() = default;
  // Everything, live or not, over all identities of the person; `active`, `untraced_sources` and
  // `under_merge_review` filled in.
  virtual base::Result<record::PatientFacts> FactsOf(record::PersonId person) = 0;
  // Of that the evidence alone, and of that what has this reference: what one visit or one source
  // said, however many others there are. Nobody's where there is no such person.
  virtual base::Result<std::vector<record::Evidence>> EvidenceOf(record::PersonId person,
                                                                 const std::string& reference) = 0;
  virtual base::Result<std::optional<record::Consent>> FindConsent(record::FactId id) = 0;
  virtual base::Result<std::optional<FactOwner>> OwnerOf(record::FactId id) = 0;
};

class Facts : public virtual ReadFacts {
 public:
  // Replaces the evidence of the same owner, kind, organisation, reference and user, or adds it.
  virtual base::Result<void> PutEvidence(FactOwner owner, const record::Evidence& evidence) = 0;
  virtual base::Result<void> EndEvidence(FactOwner owner, record::EvidenceKind kind,
                                         const record::OdsCode& organisation,
                                         const std::string& reference, base::Instant at) = 0;
  virtual base::Result<void> AddConsent(FactOwner owner, const record::Consent& consent) = 0;
  // kConflict where it is withdrawn already.
  virtual base::Result<void> WithdrawConsent(record::FactId id, base::Instant at,
                                             const std::string& by) = 0;
  // The newest of each owner and said_by is kept.
  virtual base::Result<void> PutLocationFlag(FactOwner owner, const record::LocationFlag& flag) = 0;
};

}  // namespace milecastle::store

// Facts around a record: evidence of relationships, the person's choices, location flags.
//
// A fact stands with the identity that its source spoke of, or, where it was recorded at the
// gateway, with the person. What is known of a person is all of both, over every link: after a
// merge the tighter holds because all of them are read.
//
// Thread-safety and failure: as journal.h.
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
  // Everything, live or not, over all identities of the person; `shareable` and
  // `under_merge_review` filled in.
  virtual base::Result<record::PatientFacts> FactsOf(record::PersonId person) = 0;
  virtual base::Result<std::optional<record::Consent>> FindConsent(record::FactId id) = 0;
  virtual base::Result<std::optional<FactOwner>> OwnerOf(record::FactId id) = 0;
};

class Facts : public virtual ReadFacts {
 public:
  // Replaces the evidence of the same owner, kind, organisation and reference, or adds it.
  virtual base::Result<void> PutEvidence(FactOwner owner, const record::Evidence& evidence) = 0;
  virtual base::Result<void> EndEvidence(FactOwner owner, record::EvidenceKind kind,
                                         const record::OdsCode& organisation,
                                         const std::string& reference, base::Instant at) = 0;
  virtual base::Result<void> AddConsent(FactOwner owner, const record::Consent& consent) = 0;
  virtual base::Result<void> WithdrawConsent(record::FactId id, base::Instant at,
                                             const std::string& by) = 0;
  virtual base::Result<void> PutLocationFlag(
      FactOwner owner, const record::LocationFlag& flag) = 0;  // newest per said_by
};

}  // namespace milecastle::store

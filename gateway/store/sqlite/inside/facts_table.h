// Facts, with the rule of whose facts count for a person.
//
// Thread-safety and failure: as store/facts.h.
#pragma once

#include "inside/patients_table.h"
#include "inside/session.h"
#include "store/facts.h"

namespace milecastle::store::sqlite {

class FactsTable final : public Facts {
 public:
  FactsTable(Session& session, PatientsTable& patients)
      : session_(session), connection_(session.connection), patients_(patients) {}

  base::Result<record::PatientFacts> FactsOf(record::PersonId person) override;
  base::Result<std::vector<record::Evidence>> EvidenceOf(record::PersonId person,
                                                         const std::string& reference) override;
  base::Result<std::optional<record::Consent>> FindConsent(record::FactId id) override;
  base::Result<std::optional<FactOwner>> OwnerOf(record::FactId id) override;

  base::Result<void> PutEvidence(FactOwner owner, const record::Evidence& evidence) override;
  base::Result<void> EndEvidence(FactOwner owner, record::EvidenceKind kind,
                                 const record::OdsCode& organisation, const std::string& reference,
                                 base::Instant at) override;
  base::Result<void> AddConsent(FactOwner owner, const record::Consent& consent) override;
  base::Result<void> WithdrawConsent(record::FactId id, base::Instant at,
                                     const std::string& by) override;
  base::Result<void> PutLocationFlag(FactOwner owner, const record::LocationFlag& flag) override;

 private:
  base::Result<void> Changed(const FactOwner& owner);
  base::Result<std::vector<std::string>> OwnersFor(record::PersonId person);

  Session& session_;
  Connection& connection_;
  PatientsTable& patients_;
};

}  // namespace milecastle::store::sqlite

#include "identify/description.h"

#include "record/doubtful_version.h"

namespace milecastle::identify {
namespace {

// Among the names of versions: no entry's key begins so.
const std::string& Description() {
  static const std::string name = "#patient";
  return name;
}

}  // namespace

base::Result<bool> IsOlderDescription(store::Transaction& transaction,
                                      const record::IdentityId& identity,
                                      const record::PatientClaim& claim, base::Instant received) {
  const auto came = record::NotAfter(claim.version, received);
  if (!came.IsKnown()) return false;
  const auto last = transaction.records().VersionOf(identity, Description());
  if (!last) return last.error();
  return *last && record::OrderOf(came, **last) == record::Order::kOlder;
}

base::Result<bool> IsDoubtfullyOlderDescription(store::Transaction& transaction,
                                                const record::IdentityId& identity,
                                                const record::PatientClaim& claim,
                                                base::Instant received) {
  const auto came = record::NotAfter(claim.version, received);
  if (came.number == 0) return false;
  const auto last = transaction.records().VersionOf(identity, Description());
  if (!last) return last.error();
  return *last && record::IsDoubtfullyOlder(came, **last);
}

base::Result<void> NoteDescription(store::Transaction& transaction,
                                   const record::IdentityId& identity,
                                   const record::PatientClaim& claim, base::Instant received) {
  const auto came = record::NotAfter(claim.version, received);
  if (!came.IsKnown()) return {};
  const auto last = transaction.records().VersionOf(identity, Description());
  if (!last) return last.error();
  if (*last == came) return {};
  return transaction.records().NoteVersion(identity, Description(), came);
}

record::PatientClaim IdentifiersOf(const record::PatientClaim& claim) {
  record::PatientClaim kept;
  kept.nhs_number_as_sent = claim.nhs_number_as_sent;
  kept.tracing = claim.tracing;
  kept.pseudo_person = claim.pseudo_person;
  kept.local_identifiers = claim.local_identifiers;
  return kept;
}

}  // namespace milecastle::identify

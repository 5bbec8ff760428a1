// Facts as rows.
//
// Thread-safety: functions of their arguments. Failure: Row's.
#pragma once

#include "inside/row.h"
#include "record/facts.h"
#include "store/facts.h"

namespace milecastle::store::sqlite {

inline constexpr std::string_view kEvidenceTable = "evidence";
inline constexpr std::string_view kConsentsTable = "consents";
inline constexpr std::string_view kFlagsTable = "location_flags";

// The columns `owner` and `owner_kind`.
Blob OwnerBytes(const FactOwner& owner);
inline std::int64_t OwnerKind(const FactOwner& owner) {
  return static_cast<std::int64_t>(owner.index()) + 1;
}
FactOwner ReadOwner(Row& row);

struct EvidenceRow {
  std::int64_t seq = 0;
  FactOwner owner;
  record::Evidence evidence;
};
EvidenceRow ReadEvidence(Row& row);
Seal SealOfEvidence(const EvidenceRow& row);

struct ConsentRow {
  std::int64_t seq = 0;
  FactOwner owner;
  record::Consent consent;
  std::string withdrawn_by;
};
ConsentRow ReadConsent(Row& row);
// The column `consent`.
std::string BodyOf(const record::Consent& consent);
Seal SealOfConsent(const ConsentRow& row, const std::string& body);

record::LocationFlag ReadFlag(Row& row);

}  // namespace milecastle::store::sqlite

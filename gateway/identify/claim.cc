#include "identify/claim.h"

#include <algorithm>

#include "record/logical_id.h"

namespace milecastle::identify {
namespace {

bool TraceFailed(const record::PatientClaim& claim) {
  return claim.tracing == record::Tracing::kNoMatch || claim.tracing == record::Tracing::kConflict;
}

template <class T>
void Update(const record::Update<T>& update, T& held) {
  if (update.change == record::Update<T>::Change::kSet) held = update.value;
  if (update.change == record::Update<T>::Change::kDelete) held = T{};
}

template <class T>
void Update(const record::Update<T>& update, std::optional<T>& held) {
  if (update.change == record::Update<T>::Change::kSet) held = update.value;
  if (update.change == record::Update<T>::Change::kDelete) held.reset();
}

void AbsorbNumber(const record::PatientClaim& claim, const record::NhsNumber& number,
                  bool share_untraced, store::Identity& identity) {
  const bool same = identity.nhs_number == number;
  if (same && identity.tracing == record::Tracing::kVerified) return;
  identity.nhs_number = number;
  // An empty PID-32 says nothing: what was said of the same number stands.
  if (!same || claim.tracing != record::Tracing::kUnstated) identity.tracing = claim.tracing;
  identity.shareable = IsRelied(identity.tracing, share_untraced);
}

// A source that names its record anew in each message makes no identity long: of the ids of records
// the first stay.
void AbsorbLocals(const std::vector<record::LocalIdentifier>& locals,
                  std::vector<record::LocalIdentifier>& held) {
  constexpr std::ptrdiff_t kMostLogicalIds = 16;
  for (const record::LocalIdentifier& local : locals) {
    const bool is_held = std::find(held.begin(), held.end(), local) != held.end();
    const bool is_full =
        record::IsLogicalId(local) &&
        std::count_if(held.begin(), held.end(), record::IsLogicalId) >= kMostLogicalIds;
    if (!is_held && !is_full) held.push_back(local);
  }
}

}  // namespace

std::optional<record::NhsNumber> UsableNumber(const record::PatientClaim& claim) {
  if (TraceFailed(claim)) return std::nullopt;
  return record::NhsNumber::Parse(claim.nhs_number_as_sent);
}

bool IsRelied(record::Tracing tracing, bool share_untraced) {
  return tracing == record::Tracing::kVerified ||
         (tracing == record::Tracing::kUnstated && share_untraced);
}

std::string_view NumberStateOf(const record::PatientClaim& claim) {
  if (claim.nhs_number_as_sent.empty()) return "absent";
  switch (record::NhsNumber::FaultOf(claim.nhs_number_as_sent)) {
    case record::NhsNumber::Fault::kForm:
      return "wrong_form";
    case record::NhsNumber::Fault::kCheckDigit:
      return "wrong_check_digit";
    case record::NhsNumber::Fault::kPlaceholder:
      return "placeholder";
    case record::NhsNumber::Fault::kNone:
      break;
  }
  return TraceFailed(claim) ? "trace_failed" : "valid";
}

store::Demographics Apply(const record::PatientClaim& claim, store::Demographics held) {
  Update(claim.names, held.names);
  Update(claim.birth_date, held.birth_date);
  Update(claim.sex, held.sex);
  Update(claim.addresses, held.addresses);
  Update(claim.telecoms, held.telecoms);
  Update(claim.language, held.language);
  Update(claim.ethnic_category, held.ethnic_category);
  Update(claim.gp_practice, held.gp_practice);
  Update(claim.gp, held.gp);
  Update(claim.died, held.died);
  Update(claim.deceased, held.deceased);
  return held;
}

void Absorb(const record::PatientClaim& claim, const std::optional<record::NhsNumber>& number,
            bool share_untraced, store::Identity& identity) {
  Absorb(claim, claim.local_identifiers, number, share_untraced, identity);
}

void Absorb(const record::PatientClaim& claim, const std::vector<record::LocalIdentifier>& locals,
            const std::optional<record::NhsNumber>& number, bool share_untraced,
            store::Identity& identity) {
  identity.demographics = Apply(claim, std::move(identity.demographics));
  AbsorbLocals(locals, identity.local_identifiers);
  // Y makes a pseudo-person only where the identity begins; N promotes it; nothing demotes (A.3).
  identity.pseudo_person = identity.pseudo_person && claim.pseudo_person;
  if (!claim.nhs_number_as_sent.empty() && (number || !identity.nhs_number)) {
    identity.nhs_number_as_sent = claim.nhs_number_as_sent;
  }
  if (number) AbsorbNumber(claim, *number, share_untraced, identity);
}

}  // namespace milecastle::identify

#include "decide/action.h"

#include <algorithm>

#include "decide/relationship.h"

namespace milecastle::decide {
namespace {

bool Names(const DutyRole& role, const ActionRequest& request,
           const std::vector<std::string>& groups) {
  const auto has = [](const auto& list, const auto& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  if (!has(role.may, request.action)) return false;
  if (!role.organisations.empty() && !has(role.organisations, *request.requester.organisation)) {
    return false;
  }
  return std::any_of(groups.begin(), groups.end(),
                     [&](const std::string& group) { return has(role.role_groups, group); });
}

// What opens a record, what closes it to an emergency, and what keeps a part of it from those who
// treat the person.
bool OpensOrShutsOut(record::ConsentKind kind) {
  using record::ConsentKind;
  return kind != ConsentKind::kObjection && kind != ConsentKind::kRestriction;
}

// Whether the user's own word that they have a part in the person's care is not enough for it.
// Taking back an explicit consent shows less, and must be easy (UK GDPR article 7(3)); an id that
// is none is taken for what protects.
bool NeedsAVoucher(const ActionRequest& request) {
  using record::ConsentKind;
  if (request.action == Action::kConsentWithdraw) {
    return request.consent == nullptr || request.consent->kind != ConsentKind::kExplicitConsent;
  }
  return request.action == Action::kConsentRecord &&
         (request.consent == nullptr || OpensOrShutsOut(request.consent->kind));
}

// Work on a person's consent needs what care needs: a live relationship; some of it, one that
// somebody else vouches for: what passed through, or a system that attests whose record is open,
// the person's own among them.
bool HasRelationship(const Policy& policy, const ActionRequest& request, base::Instant now) {
  if (request.facts == nullptr) return false;
  Request care;
  care.requester = request.requester;
  care.purpose = record::Purpose::kDirectCare;
  care.nhs_number = request.nhs_number;
  const auto live = LiveRelationships(policy, care, *request.facts, now);
  return std::any_of(live.begin(), live.end(), [&](const Relationship& each) {
    return !NeedsAVoucher(request) || each.rule->kind != record::EvidenceKind::kSelfDeclared;
  });
}

// Separation of duties: who did it does not say that it was right.
bool IsTheirOwn(const ActionRequest& request) {
  const bool looks =
      request.action == Action::kReviewClose || request.action == Action::kIdentityConfirm;
  return looks && request.done_by != DoneBy::kAnother;
}

// What stands against an act that the role may do; kNone: nothing.
Reason Against(const Policy& policy, const DutyRole& role, const ActionRequest& request,
               base::Instant now) {
  if (IsTheirOwn(request)) return Reason::kOwnDoing;
  if (role.needs_relationship && !HasRelationship(policy, request, now)) {
    return Reason::kNoRelationship;
  }
  return Reason::kNone;
}

ActionVerdict Permit(const ActionRequest& request, std::string rule, Scope scope) {
  ActionVerdict verdict;
  verdict.reason = Reason::kNone;
  verdict.rule = std::move(rule);
  verdict.scope = scope;
  verdict.organisation = request.requester.organisation;
  verdict.masks_sensitive_names = !NamesACase(request.case_reference);
  return verdict;
}

}  // namespace

bool ActionVerdict::Reaches(const record::OdsCode& requester,
                            std::span<const record::OdsCode> sources) const {
  if (!permitted()) return false;
  if (scope == Scope::kAll) return true;
  if (!organisation) return false;
  return requester == *organisation ||
         std::find(sources.begin(), sources.end(), *organisation) != sources.end();
}

ActionVerdict DecideAction(const Policy& policy, const ActionRequest& request, base::Instant now) {
  ActionVerdict verdict;
  verdict.rule = "system.duty_roles";
  if (!request.requester.organisation || policy.Find(*request.requester.organisation) == nullptr) {
    verdict.reason = Reason::kUnknownOrganisation;
    verdict.rule = "system.organisations";
    return verdict;
  }
  // Checkpoints and proofs hold no personal data: any certified caller may check the log.
  if (request.action == Action::kAuditProof) {
    return Permit(request, "system.audit_proof", Scope::kOwnOrganisation);
  }
  const std::vector<std::string> groups = policy.GroupsOf(request.requester);
  for (const DutyRole& role : policy.system().duty_roles) {
    if (!Names(role, request, groups)) continue;
    const Reason against = Against(policy, role, request, now);
    if (against != Reason::kNone) {
      if (!verdict.permitted()) verdict.reason = against;
      continue;
    }
    // Of several that permit, the one that reaches further.
    if (!verdict.permitted() || role.scope == Scope::kAll) {
      verdict = Permit(request, "duty_role." + role.id, role.scope);
      verdict.by_relationship = role.needs_relationship;
    }
  }
  if (verdict.reason == Reason::kOwnDoing) verdict.rule = "system.separation_of_duties";
  return verdict;
}

}  // namespace milecastle::decide

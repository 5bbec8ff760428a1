#include "decide/consents.h"

namespace milecastle::decide {
namespace {

using record::ConsentKind;

bool NamesItems(const record::ConsentScope& scope) {
  return !scope.sections.empty() || !scope.sources.empty() || !scope.labels.empty();
}

bool NamesSomething(const record::ConsentScope& scope) {
  return NamesItems(scope) || !scope.consumers.empty() || !scope.purposes.empty();
}

using Problems = std::vector<base::Error>;

void Refuse(Problems& problems, std::string_view field, std::string_view advice) {
  problems.push_back(
      {base::ErrorId::kArgumentInvalid, "consent." + std::string(field), std::string(advice)});
}

// A lock leaves no line, in an emergency too: it is never about everything, nor on somebody else's
// word (safety.md 1, 6).
void CheckSeal(const record::Consent& consent, Problems& problems) {
  if (consent.team.empty()) {
    Refuse(problems, "team", "name the team that may see it: CODE or CODE/team");
  }
  if (consent.kind == ConsentKind::kSealAndLock && consent.by != record::ConsentBy::kPerson) {
    Refuse(problems, "by", "only the person can lock; record a seal instead");
  } else if (consent.by == record::ConsentBy::kSomeoneElse) {
    Refuse(problems, "by", "nobody else can seal a person's record; record whose decision it is");
  }
  if (consent.kind == ConsentKind::kSealAndLock && !NamesItems(consent.scope)) {
    Refuse(problems, "scope",
           "name the sections, sources or labels to lock; a whole record is never hidden");
  }
}

void CheckKind(const record::Consent& consent, Problems& problems) {
  switch (consent.kind) {
    case ConsentKind::kObjection:
      return;
    case ConsentKind::kRestriction:
    case ConsentKind::kExplicitConsent:
      if (!NamesSomething(consent.scope)) {
        Refuse(problems, "scope",
               "names nothing, so it would match nobody; name sections, sources, consumers, "
               "purposes or labels, or record an objection");
      }
      return;
    case ConsentKind::kHide:
      if (!NamesItems(consent.scope)) {
        Refuse(problems, "scope", "name the sections, sources or labels to hide");
      }
      if (consent.by != record::ConsentBy::kPerson) {
        Refuse(problems, "by", "only the person can hide; record a restriction instead");
      }
      return;
    case ConsentKind::kEmergencyRefusal:
      if (consent.by != record::ConsentBy::kPerson || !consent.informed) {
        Refuse(problems, "by",
               "emergency access is refused by the person alone, told what follows; record "
               "by = person and informed = true, or an objection");
      }
      return;
    case ConsentKind::kSeal:
    case ConsentKind::kSealAndLock:
      CheckSeal(consent, problems);
      return;
  }
  Refuse(problems, "kind",
         "write objection, restriction, explicit_consent, emergency_refusal, "
         "seal, seal_and_lock or hide");
}

void CheckScope(const Policy& policy, const record::Consent& consent, Problems& problems) {
  const auto known = [&policy](const std::vector<record::OdsCode>& codes) {
    for (const record::OdsCode& code : codes) {
      if (policy.Find(code) == nullptr) return false;
    }
    return true;
  };
  if (!known(consent.scope.sources)) {
    Refuse(problems, "scope.sources", "name organisations that the policy knows");
  }
  if (!known(consent.scope.consumers)) {
    Refuse(problems, "scope.consumers", "name organisations that the policy knows");
  }
  for (const std::string& label : consent.scope.labels) {
    if (policy.FindLabel(label) != nullptr) continue;
    Refuse(problems, "scope.labels", "name labels that the policy knows");
    break;
  }
}

void CheckTeam(const Policy& policy, const record::Consent& consent, Problems& problems) {
  if (consent.team.empty()) return;
  const auto code = record::OdsCode::Parse(consent.team.substr(0, consent.team.find('/')));
  if (!code || policy.Find(*code) == nullptr) {
    Refuse(problems, "team", "begin with an organisation that the policy knows: CODE or CODE/team");
  }
}

}  // namespace

bool IsInTeam(const record::Requester& requester, std::string_view team) {
  if (team.empty() || !requester.organisation) return false;
  const std::size_t slash = team.find('/');
  if (team.substr(0, slash) != requester.organisation->text()) return false;
  return slash == std::string_view::npos ||
         (!requester.team.empty() && team.substr(slash + 1) == requester.team);
}

std::vector<base::Error> ValidateConsent(const Policy& policy, const record::Consent& consent) {
  Problems problems;
  CheckKind(consent, problems);
  CheckScope(policy, consent, problems);
  CheckTeam(policy, consent, problems);
  if (consent.period.until && *consent.period.until <= consent.period.from) {
    Refuse(problems, "period", "ends before it begins; correct from or until");
  }
  return problems;
}

}  // namespace milecastle::decide

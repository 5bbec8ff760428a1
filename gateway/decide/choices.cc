#include "inside/choices.h"

#include <algorithm>

#include "decide/consents.h"

namespace milecastle::decide {
namespace {

using record::ConsentKind;

bool NamesNothing(const record::ConsentScope& scope) {
  return IsAboutEverything(scope) && scope.consumers.empty() && scope.purposes.empty();
}

// Only the person's own informed word refuses emergency access (safety.md 1).
std::string_view SetAsideRefusal(const record::Consent& consent, const Request& request) {
  if (request.purpose != record::Purpose::kEmergency) return "it is about emergency access";
  if (consent.by != record::ConsentBy::kPerson) return "not the person's own word";
  return consent.informed ? "" : "the person was not told what follows";
}

// Nobody else's word stands between a person and emergency or safeguarding access, whatever it is
// called (safety.md 1). The person's own seal binds both, and denies neither: it opens on a coded
// reason, and is reviewed (safety.md 2).
std::string_view SetAsideSeal(const record::Consent& consent, const Request& request) {
  if (IsInTeam(request.requester, consent.team)) return "the requester is of its team";
  const bool anothers =
      consent.by == record::ConsentBy::kSomeoneElse || consent.by == record::ConsentBy::kProxy;
  return anothers && IsBeyondObjection(request.purpose) ? "not the person's own word" : "";
}

// Why a live choice does not bind this request; empty: it binds.
std::string_view SetAside(const record::Consent& consent, const Context& context,
                          const Request& request, const record::PatientFacts& facts) {
  switch (consent.kind) {
    case ConsentKind::kSeal:
    case ConsentKind::kSealAndLock:
      return SetAsideSeal(consent, request);
    case ConsentKind::kEmergencyRefusal:
      return SetAsideRefusal(consent, request);
    case ConsentKind::kExplicitConsent:
      if (consent.by != record::ConsentBy::kPerson && consent.by != record::ConsentBy::kProxy) {
        return "neither the person's nor a proxy's word";
      }
      return facts.under_merge_review ? "the record is under review after a merge" : "";
    case ConsentKind::kRestriction:
    case ConsentKind::kHide:
      // A group that names nobody matches nobody.
      if (NamesNothing(consent.scope)) return "it names nothing";
      [[fallthrough]];
    case ConsentKind::kObjection:
      break;
  }
  // The code's own floor, whatever a policy says.
  const bool bind = context.purpose != nullptr && context.purpose->objections_bind &&
                    !IsBeyondObjection(request.purpose);
  if (!bind) return "choices of this kind do not deny this purpose";
  // Only the person objects, or who stands for them: an abuser's word would shut out those who
  // treat and protect them. It is kept, and an officer asks the person (govern/consents.h).
  return consent.by == record::ConsentBy::kSomeoneElse ? "not the person's own word" : "";
}

Choices& ListOf(BindingChoices& choices, const record::Consent& consent) {
  switch (consent.kind) {
    case ConsentKind::kSealAndLock:
      return choices.locks;
    case ConsentKind::kSeal:
      return choices.seals;
    case ConsentKind::kHide:
      // Only the person's own hide rule may leave no line (safety.md 6).
      return consent.by == record::ConsentBy::kPerson ? choices.hides : choices.withholding;
    case ConsentKind::kExplicitConsent:
      return choices.explicit_consents;
    case ConsentKind::kObjection:
    case ConsentKind::kRestriction:
    case ConsentKind::kEmergencyRefusal:
      break;
  }
  return choices.withholding;
}

// In the order in which they are the reason (config/policies/README.md), however they came.
int OrderOf(const Choice& choice) {
  if (choice.consent->kind == ConsentKind::kEmergencyRefusal) return 0;
  return choice.consent->kind == ConsentKind::kObjection ? 1 : 2;
}

}  // namespace

BindingChoices ChoicesFor(const Context& context, const Request& request,
                          const record::PatientFacts& facts, base::Instant now) {
  BindingChoices choices;
  const auto& consumer = request.requester.organisation;
  for (const record::Consent& consent : facts.consents) {
    if (!record::LiveAt(consent, now)) continue;
    std::string_view why = SetAside(consent, context, request, facts);
    if (!AllOrHas(consent.scope.purposes, request.purpose)) why = "it names other purposes";
    if (!consumer || !AllOrHas(consent.scope.consumers, *consumer)) {
      why = "it names other consumers";
    }
    choices.uses.push_back({consent.id, consent.kind, why.empty(), std::string(why)});
    if (why.empty()) ListOf(choices, consent).emplace_back(consent);
  }
  std::stable_sort(
      choices.withholding.begin(), choices.withholding.end(),
      [](const Choice& left, const Choice& right) { return OrderOf(left) < OrderOf(right); });
  return choices;
}

bool Choice::Covers(const Item& item) const {
  const record::ConsentScope& scope = consent->scope;
  return sections.Has(item.section) && AllOrHas(scope.sources, *item.source) &&
         (scope.labels.empty() || item.HasAnyOf(scope.labels));
}

const record::Consent* FirstCovering(const Choices& choices, const Item& item) {
  for (const Choice& choice : choices) {
    if (choice.Covers(item)) return choice.consent;
  }
  return nullptr;
}

bool IsAboutEverything(const record::ConsentScope& scope) {
  return scope.sections.empty() && scope.sources.empty() && scope.labels.empty();
}

bool IsAboutSource(const record::ConsentScope& scope, const record::OdsCode& source) {
  return scope.sections.empty() && scope.labels.empty() && AllOrHas(scope.sources, source);
}

}  // namespace milecastle::decide

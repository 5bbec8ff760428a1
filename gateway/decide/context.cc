#include "inside/context.h"

#include <algorithm>

namespace milecastle::decide {
namespace {

// Narrows the time for which the context holds by a day on which something changes.
void Mark(Context& context, base::Instant change, base::Instant now) {
  if (change <= now) {
    context.holds_from = std::max(context.holds_from, change);
  } else {
    context.holds_until = std::min(context.holds_until, change);
  }
}

bool IsLive(const Agreement& agreement, base::Instant now) {
  return record::LiveAt(record::Period{agreement.from, agreement.ended}, now);
}

void AddAgreements(Context& context, const Policy& policy, record::Purpose purpose,
                   base::Instant now) {
  for (const Agreement& agreement : policy.system().agreements) {
    const auto& consumers = agreement.consumers;
    const auto& purposes = agreement.purposes;
    if (std::find(consumers.begin(), consumers.end(), context.organisation->code) ==
            consumers.end() ||
        std::find(purposes.begin(), purposes.end(), purpose) == purposes.end()) {
      continue;
    }
    Mark(context, agreement.from, now);
    if (agreement.ended) Mark(context, *agreement.ended, now);
    if (!IsLive(agreement, now)) continue;
    for (const record::OdsCode& source : agreement.sources) {
      context.agreements[source].push_back(&agreement);
    }
  }
}

void AddLabels(Context& context, const Policy& policy, record::Purpose purpose) {
  for (const auto& [label, rule] : policy.system().labels) {
    if (!rule.statute.empty()) continue;
    const auto& purposes = rule.purposes;
    // Break glass opens what is sensitive; only the law and locks stay shut.
    const bool opens = rule.open || purpose == record::Purpose::kEmergency ||
                       (HasAny(rule.role_groups, context.groups) &&
                        std::find(purposes.begin(), purposes.end(), purpose) != purposes.end());
    if (opens) context.open_labels.Add(rule);
  }
}

void AddLower(Context& context, const Policy& policy, record::Purpose purpose) {
  if (IsBeyondObjection(purpose)) return;
  for (const LowerRule& rule : policy.lower()) {
    if (AllOrHas(rule.consumers, context.organisation->code) && AllOrHas(rule.purposes, purpose) &&
        (rule.role_groups.empty() || HasAny(rule.role_groups, context.groups))) {
      context.lower.push_back(
          {&rule, SectionSet::AllOr(rule.sections), IsInChain(rule, context.organisation)});
    }
  }
}

}  // namespace

bool IsInChain(const LowerRule& rule, const Organisation* organisation) {
  if (organisation == nullptr) return false;
  switch (rule.layer) {
    case LayerKind::kPlace:
      return organisation->place == rule.at;
    case LayerKind::kNeighbourhood:
      return organisation->neighbourhood == rule.at;
    case LayerKind::kOrganisation:
      return organisation->code.text() == rule.at;
  }
  return true;
}

Context CompileContext(const Policy& policy, const record::Requester& requester,
                       record::Purpose purpose, base::Instant now) {
  Context context;
  context.grants_rule = "system.purpose." + std::string(record::KeyOf(purpose)) + ".grants";
  context.organisation = requester.organisation ? policy.Find(*requester.organisation) : nullptr;
  const auto found = policy.system().purposes.find(purpose);
  if (found != policy.system().purposes.end()) context.purpose = &found->second;
  if (context.organisation == nullptr || context.purpose == nullptr) return context;

  context.groups = policy.GroupsOf(requester);
  for (const Grant& grant : context.purpose->grants) {
    if (HasAny(grant.role_groups, context.groups)) {
      context.granted = context.granted | grant.sections;
    }
  }
  context.may_break_glass = HasAny(policy.system().break_glass_right, context.groups);
  // Safeguarding answers to the system layer and statute alone (safety.md 1): whoever may use the
  // purpose may open seals for it, with the coded reason and the review that every opening has
  // (safety.md 2). A lock stays shut.
  const bool for_safeguarding =
      purpose == record::Purpose::kSafeguarding && !context.granted.empty();
  context.may_open_seals = for_safeguarding || HasAny(policy.system().seal_right, context.groups);
  AddAgreements(context, policy, purpose, now);
  AddLabels(context, policy, purpose);
  AddLower(context, policy, purpose);
  context.parts.TellApart(context.granted);
  for (const Narrowing& each : context.lower) context.parts.TellApart(each.sections);
  return context;
}

std::string ContextKey(const record::Requester& requester, record::Purpose purpose) {
  std::vector<std::string_view> roles(requester.roles.begin(), requester.roles.end());
  std::sort(roles.begin(), roles.end());
  std::string key = requester.organisation ? requester.organisation->text() : std::string();
  key += '\0';
  key += static_cast<char>(purpose);
  key += static_cast<char>(requester.assurance);
  for (const std::string_view role : roles) {
    key += '\0';
    key += role;
  }
  return key;
}

}  // namespace milecastle::decide

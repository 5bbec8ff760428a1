#include "decide/relationship.h"

#include <algorithm>

namespace milecastle::decide {
namespace {

using record::EvidenceKind;

const EvidenceRule* RuleOf(const Policy& policy, EvidenceKind kind) {
  const auto found = policy.system().evidence.find(kind);
  return found == policy.system().evidence.end() ? nullptr : &found->second;
}

// An encounter that has ended is evidence of another kind, with its own tail. Where a source never
// said when it ended, it counts as ended when it began: the tighter reading.
struct Reading {
  EvidenceKind kind;
  record::Period period;
};
Reading ReadAt(const record::Evidence& evidence, base::Instant now) {
  Reading reading{evidence.kind, evidence.period};
  if (reading.kind == EvidenceKind::kOpenEncounter && reading.period.until &&
      *reading.period.until <= now) {
    reading.kind = EvidenceKind::kEndedEncounter;
  }
  if (reading.kind == EvidenceKind::kEndedEncounter && !reading.period.until) {
    reading.period.until = reading.period.from;
  }
  return reading;
}

// A visit that ended when it began never was: its source took it back (receive/relationships.cc).
// One that came and went at once is told as ended, by evidence of its own.
bool NeverWas(const record::Evidence& evidence) {
  const bool of_visit = evidence.kind == EvidenceKind::kOpenEncounter ||
                        evidence.kind == EvidenceKind::kPlannedEncounter ||
                        evidence.kind == EvidenceKind::kEndedEncounter;
  return of_visit && evidence.period.until && *evidence.period.until <= evidence.period.from;
}

bool IsOfKind(const Policy& policy, const std::optional<record::OdsCode>& code,
              const std::vector<std::string>& kinds) {
  const Organisation* const known = code ? policy.Find(*code) : nullptr;
  return known != nullptr && std::find(kinds.begin(), kinds.end(), known->kind) != kinds.end();
}

// Whose practice is whose is what the register says (the reference names who said so): told by the
// practice, or by who reads it. What anybody else passes on is shown as told, and opens nothing.
bool IsWordOfARegister(const Policy& policy, const EvidenceRule& rule,
                       const record::Evidence& evidence) {
  if (evidence.kind != EvidenceKind::kRegisteredPractice) return true;
  if (!IsOfKind(policy, evidence.organisation, rule.named_kinds)) return false;
  const auto said_by = record::OdsCode::Parse(evidence.reference);
  return said_by == evidence.organisation || IsOfKind(policy, said_by, rule.said_by_kinds);
}

const EvidenceRule* LiveRule(const Policy& policy, const record::Evidence& evidence,
                             base::Instant now) {
  if (NeverWas(evidence)) return nullptr;
  const Reading reading = ReadAt(evidence, now);
  const EvidenceRule* rule = RuleOf(policy, reading.kind);
  if (rule == nullptr || !IsWordOfARegister(policy, *rule, evidence)) return nullptr;
  record::Period period{reading.period.from - rule->lead, reading.period.until};
  if (period.until) *period.until += rule->tail;
  if (rule->longest) {
    const base::Instant last = reading.period.from + *rule->longest;
    period.until = period.until ? std::min(*period.until, last) : last;
  }
  return record::LiveAt(period, now) ? rule : nullptr;
}

bool IsOnesOwn(EvidenceKind kind) {
  return kind == EvidenceKind::kSelfDeclared || kind == EvidenceKind::kAttestedLaunch;
}

// Whether the fact speaks of this requester: the organisation, one that it acts for, or the user.
bool SpeaksOf(const record::Evidence& evidence, const record::Requester& requester,
              const Organisation& organisation, const EvidenceRule& rule) {
  if (IsOnesOwn(evidence.kind)) {
    return evidence.organisation == organisation.code && !evidence.user.empty() &&
           evidence.user == requester.user;
  }
  if (evidence.organisation == organisation.code) return true;
  return rule.for_acting && std::find(organisation.acts_for.begin(), organisation.acts_for.end(),
                                      evidence.organisation) != organisation.acts_for.end();
}

bool IsAdmitted(const PurposeRule* purpose, EvidenceKind kind) {
  if (purpose == nullptr) return false;
  return purpose->evidence.empty() || std::find(purpose->evidence.begin(), purpose->evidence.end(),
                                                kind) != purpose->evidence.end();
}

// Fresh, from a system that is certified to attest, and bound to the number asked for.
bool LaunchCounts(const Policy& policy, const Request& request, const Organisation& organisation,
                  base::Instant now) {
  const auto& launch = request.requester.launch;
  const EvidenceRule* rule = RuleOf(policy, EvidenceKind::kAttestedLaunch);
  if (!launch || rule == nullptr || !rule->longest || !request.nhs_number) return false;
  const auto number = record::NhsNumber::Parse(launch->nhs_number);
  if (!number || *number != *request.nhs_number) return false;
  const auto& systems = organisation.attesting_systems;
  if (std::find(systems.begin(), systems.end(), request.requester.system) == systems.end()) {
    return false;
  }
  return launch->at <= now + policy.system().launch_leeway && now < launch->at + *rule->longest;
}

bool DeclarationCounts(const Policy& policy, const Request& request) {
  return request.self_declaration && !request.requester.user.empty() &&
         policy.FindReason(ReasonUse::kSelfDeclare, request.self_declaration->reason_code) !=
             nullptr;
}

}  // namespace

bool IsLive(const Policy& policy, const record::Evidence& evidence, base::Instant now) {
  return LiveRule(policy, evidence, now) != nullptr;
}

std::vector<Relationship> LiveRelationships(const Policy& policy, const Request& request,
                                            const record::PatientFacts& facts, base::Instant now) {
  std::vector<Relationship> live;
  const Organisation* organisation =
      request.requester.organisation ? policy.Find(*request.requester.organisation) : nullptr;
  const auto found = policy.system().purposes.find(request.purpose);
  if (organisation == nullptr || found == policy.system().purposes.end()) return live;
  const PurposeRule* purpose = &found->second;

  for (const record::Evidence& evidence : facts.evidence) {
    const EvidenceRule* rule = LiveRule(policy, evidence, now);
    if (rule != nullptr && IsAdmitted(purpose, rule->kind) &&
        SpeaksOf(evidence, request.requester, *organisation, *rule)) {
      live.push_back({{rule->kind, evidence.id, evidence.organisation.text()}, rule});
    }
  }
  const auto add = [&](EvidenceKind kind) {
    const EvidenceRule* rule = RuleOf(policy, kind);
    if (rule != nullptr && IsAdmitted(purpose, kind)) {
      live.push_back({{kind, std::nullopt, organisation->code.text()}, rule});
    }
  };
  if (LaunchCounts(policy, request, *organisation, now)) add(EvidenceKind::kAttestedLaunch);
  if (DeclarationCounts(policy, request)) add(EvidenceKind::kSelfDeclared);
  return live;
}

}  // namespace milecastle::decide

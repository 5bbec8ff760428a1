#include "record/facts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace milecastle::record {
namespace {

template <class T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

constexpr Names<EvidenceKind, 11> kEvidenceNames = {{
    {EvidenceKind::kRegisteredPractice, "registered_practice"},
    {EvidenceKind::kOpenEncounter, "open_encounter"},
    {EvidenceKind::kPlannedEncounter, "planned_encounter"},
    {EvidenceKind::kEndedEncounter, "ended_encounter"},
    {EvidenceKind::kAwaitedResult, "awaited_result"},
    {EvidenceKind::kSelfDeclared, "self_declared"},
    {EvidenceKind::kAttestedLaunch, "attested_launch"},
    {EvidenceKind::kReferral, "referral"},
    {EvidenceKind::kMeeting, "meeting"},
    {EvidenceKind::kCaseload, "caseload"},
    {EvidenceKind::kUrgentContact, "urgent_contact"},
}};
constexpr Names<ConsentKind, 7> kConsentNames = {{
    {ConsentKind::kObjection, "objection"},
    {ConsentKind::kRestriction, "restriction"},
    {ConsentKind::kExplicitConsent, "explicit_consent"},
    {ConsentKind::kEmergencyRefusal, "emergency_refusal"},
    {ConsentKind::kSeal, "seal"},
    {ConsentKind::kSealAndLock, "seal_and_lock"},
    {ConsentKind::kHide, "hide"},
}};
constexpr Names<ConsentBy, 5> kByNames = {{
    {ConsentBy::kPerson, "person"},
    {ConsentBy::kProxy, "proxy"},
    {ConsentBy::kProfessional, "professional"},
    {ConsentBy::kSomeoneElse, "someone_else"},
    {ConsentBy::kFeed, "feed"},
}};

constexpr Names<Headline, 8> kHeadlineNames = {{
    {Headline::kResuscitation, "resuscitation"},
    {Headline::kTreatmentEscalation, "treatment_escalation"},
    {Headline::kAllergy, "allergy"},
    {Headline::kChildProtection, "child_protection"},
    {Headline::kSafeguarding, "safeguarding"},
    {Headline::kReasonableAdjustment, "reasonable_adjustment"},
    {Headline::kAlert, "alert"},
    {Headline::kEndOfLifeCare, "end_of_life_care"},
}};

template <class T, std::size_t N>
std::optional<T> Find(const Names<T, N>& names, std::string_view key) {
  const auto* const line = std::find_if(names.begin(), names.end(),
                                        [key](const auto& name) { return name.second == key; });
  return line == names.end() ? std::nullopt : std::optional<T>(line->first);
}

}  // namespace

std::string_view KeyOf(EvidenceKind kind) {
  return kEvidenceNames.at(static_cast<std::size_t>(kind) - 1).second;
}
std::optional<EvidenceKind> EvidenceKindOf(std::string_view key) {
  return Find(kEvidenceNames, key);
}
std::string_view KeyOf(Headline headline) {
  if (headline == Headline::kNone) return "";
  return kHeadlineNames.at(static_cast<std::size_t>(headline) - 1).second;
}
std::optional<Headline> HeadlineOf(std::string_view key) { return Find(kHeadlineNames, key); }
std::string_view KeyOf(ConsentKind kind) {
  return kConsentNames.at(static_cast<std::size_t>(kind) - 1).second;
}
std::optional<ConsentKind> ConsentKindOf(std::string_view key) { return Find(kConsentNames, key); }
std::string_view KeyOf(ConsentBy by) {
  return kByNames.at(static_cast<std::size_t>(by) - 1).second;
}
std::optional<ConsentBy> ConsentByOf(std::string_view key) { return Find(kByNames, key); }

}  // namespace milecastle::record

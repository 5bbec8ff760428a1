// What is known around a record and decides who may see it: relationships, the person's choices,
// protection.
//
// Facts are never deleted: they end, or are withdrawn, and keep who said so and when.
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "record/contribution.h"
#include "record/identifiers.h"
#include "record/requester.h"
#include "record/sections.h"

namespace milecastle::record {

// From `from`, up to but not including `until`; no `until`: open.
struct Period {
  base::Instant from;
  std::optional<base::Instant> until;
  bool operator==(const Period&) const = default;
};
// The one place that says whether something holds at an instant.
inline bool LiveAt(const Period& period, base::Instant now) {
  return period.from <= now && (!period.until || now < *period.until);
}

// Why an organisation may have a relationship with a patient (safety.md 16). How long each kind
// holds, and for which sections, is policy; a fact says only what happened.
enum class EvidenceKind : std::uint8_t {
  kRegisteredPractice = 1,
  kOpenEncounter,     // an admission or attendance that has not ended
  kPlannedEncounter,  // pre-admitted, waiting list, appointment
  kEndedEncounter,    // its configured tail may still hold
  kAwaitedResult,
  kSelfDeclared,    // the user said so, with a reason; reviewed
  kAttestedLaunch,  // opened from a local record, attested by a certified system
  kReferral,
  kMeeting,
  kCaseload,
  kUrgentContact,  // 111 or 999
};
std::string_view KeyOf(EvidenceKind kind);  // "registered_practice" …
std::optional<EvidenceKind> EvidenceKindOf(std::string_view key);

struct Evidence {
  FactId id;
  EvidenceKind kind = EvidenceKind::kOpenEncounter;
  OdsCode organisation;
  std::string user;  // for kSelfDeclared and kAttestedLaunch: this user alone
  std::string
      reference;  // visit number or the like, within the organisation; names the same fact again
  Period period;
  std::string said_by;  // the feed, issuer or leaf that it came from
  bool operator==(const Evidence&) const = default;
};

enum class ConsentKind : std::uint8_t {
  kObjection = 1,     // to sharing at all
  kRestriction,       // of what the scope names
  kExplicitConsent,   // to what the scope names
  kEmergencyRefusal,  // the person's own, informed: no emergency access either (safety.md 1)
  kSeal,              // opens by role right, coded reason and review
  kSealAndLock,       // never opened or betrayed outside its team
  kHide,              // the person's own hide rule: leaves no line
};
std::string_view KeyOf(ConsentKind kind);
std::optional<ConsentKind> ConsentKindOf(std::string_view key);

// On whose word a choice was recorded. Only the person's own word can refuse emergency access.
enum class ConsentBy : std::uint8_t { kPerson = 1, kProxy, kProfessional, kSomeoneElse, kFeed };
std::string_view KeyOf(ConsentBy by);
std::optional<ConsentBy> ConsentByOf(std::string_view key);

// What a choice covers. An empty list means all of that dimension, except where the kind itself
// demands one: a restriction that names nothing is refused at recording.
struct ConsentScope {
  std::vector<Section> sections;
  std::vector<OdsCode> sources;
  std::vector<OdsCode> consumers;
  std::vector<Purpose> purposes;
  std::vector<std::string> labels;
  bool operator==(const ConsentScope&) const = default;
};

struct Consent {
  FactId id;
  ConsentKind kind = ConsentKind::kObjection;
  ConsentBy by = ConsentBy::kPerson;
  ConsentScope scope;
  std::string team;  // for seals: who may see (organisation code, or organisation/team)
  std::string reason_code;
  std::optional<OdsCode> recorded_at;  // the organisation that recorded it
  std::string recorded_by;             // user or feed
  base::Instant recorded;
  Period period;
  std::optional<base::Instant> withdrawn;
  bool informed = false;  // the person was told what follows; needed for kEmergencyRefusal
  bool operator==(const Consent&) const = default;
};
inline bool LiveAt(const Consent& consent, base::Instant now) {
  return LiveAt(consent.period, now) && (!consent.withdrawn || now < *consent.withdrawn);
}

struct LocationFlag {
  LocationProtection level = LocationProtection::kNone;
  std::string said_by;
  base::Instant as_of;
  bool operator==(const LocationFlag&) const = default;
};

// Whether an entry may be read as a fact of today.
enum class Standing : std::uint8_t { kCurrent = 1, kSuperseded, kWithdrawn, kNoLongerSent };

// What a clinician must see before all else, the most pressing first (PRSB Core Information
// Standard v2, Alerts, and what stands under other headings and matters as much).
enum class Headline : std::uint8_t {
  kNone = 0,
  kResuscitation,
  kTreatmentEscalation,
  kAllergy,
  kChildProtection,
  kSafeguarding,
  kReasonableAdjustment,
  kAlert,
  kEndOfLifeCare,
};
std::string_view KeyOf(Headline headline);  // "child_protection"; empty for kNone
std::optional<Headline> HeadlineOf(std::string_view key);

// What entries have in common as far as a decision goes. Interned by the store: a decision costs
// once per class.
struct EntryClass {
  OdsCode source;
  Section section = Section::kDocuments;
  Kind kind = Kind::kStatement;
  Standing standing = Standing::kCurrent;
  Verification verification = Verification::kUnstated;
  std::vector<std::string>
      labels;  // sorted names: "sexual_health", "no_patient_access", "source:confidential" …
  Headline headline = Headline::kNone;  // no decision looks at it
  auto operator<=>(const EntryClass&) const = default;
};
using ClassIndex = std::uint32_t;

// Everything known around one person at one moment, as a decision reads it.
struct PatientFacts {
  std::vector<Evidence> evidence;
  std::vector<Consent> consents;
  std::vector<LocationFlag> location_flags;
  std::vector<SectionStatement> statements;
  // False: merged away, invalidated or kept apart; nothing is shown on it, to nobody.
  bool active = true;
  // Sources that gave no number for the person which may be relied on for sharing (HL7 PID-32):
  // what they said is theirs alone until they do (safety.md 13). Entries carry kUntracedLabel.
  std::vector<OdsCode> untraced_sources;
  bool under_merge_review = false;
  std::optional<base::Instant> consents_as_of;  // when the newest consent source last spoke
};

}  // namespace milecastle::record

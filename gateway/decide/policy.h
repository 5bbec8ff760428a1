// The policy: TOML files that say who may see what, for which purpose, on which evidence.
//
// The system layer grants. Every lower layer (place, neighbourhood, organisation; the patient's own
// choices are facts) can only restrict: its language has no word for granting. A policy is read
// whole or not at all. `config/policies/` holds a complete one, with every key explained.
//
// Thread-safety: immutable. Failure: Load and Parse return every problem at once, each with file,
// line and what to write instead.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "decide/section_set.h"
#include "decide/verdict.h"
#include "record/facts.h"
#include "record/identifiers.h"
#include "record/requester.h"
#include "record/sections.h"

namespace milecastle::decide {

struct Organisation {
  record::OdsCode code;
  std::string name;
  std::string kind;  // acute, primary, community, social_care, third_sector …
  std::string place;
  std::string neighbourhood;                   // empty: it serves the whole place
  std::vector<record::OdsCode> acts_for;       // locum, out-of-hours, network or federation
  std::vector<std::string> attesting_systems;  // whose attested launches count
  std::vector<std::string> labels;  // carried by all that it contributes, its name included
};

struct RoleGroup {
  std::string id;
  std::vector<std::string> roles;  // SDS job roles, rights and local roles; any one of them
  std::vector<std::string> kinds;  // of organisation; empty: any
  std::uint8_t least_assurance = 0;
};

struct EvidenceRule {
  record::EvidenceKind kind = record::EvidenceKind::kOpenEncounter;
  SectionSet sections;
  std::chrono::seconds lead{0};                 // holds this long before its period begins
  std::chrono::seconds tail{0};                 // and this long after it has ended
  std::optional<std::chrono::seconds> longest;  // after its beginning, whatever its end
  bool for_acting = false;  // also for organisations that act for the one it names
  bool told_why = true;     // entitles to the reason of a refusal
  // Of registered_practice alone: kinds of organisation that can be somebody's practice, and those
  // whose word on it counts, beside the practice's own.
  std::vector<std::string> named_kinds;
  std::vector<std::string> said_by_kinds;
};

// Which role groups may use a purpose, and for which sections.
struct Grant {
  std::vector<std::string> role_groups;
  SectionSet sections;
};

struct PurposeRule {
  record::Purpose purpose = record::Purpose::kDirectCare;
  std::vector<Grant> grants;
  std::vector<record::EvidenceKind> evidence;  // empty: no relationship is needed
  bool needs_agreement = true;  // false: the system layer itself grants (emergency, safeguarding,
                                // statute)
  bool objections_bind = true;
  bool needs_case_reference = false;
  std::string statute;
  bool reviewed = false;  // each use is told to the privacy officer and reviewed
  // Emergency alone: also what a source said under a number that nobody traced, with a warning
  // (safety.md 13: the default is to store it and share it with nobody).
  bool shows_untraced = false;
};

enum class ReasonUse : std::uint8_t {
  kBreakGlass = 1,
  kOpenSeal,
  kSelfDeclare,
  kCloseReview,    // how the review of an access came out
  kCloseNotice,    // what became of a notice to the person
  kCloseIdentity,  // how another item of the queues came out
  kCloseSevering,  // whether a severing stands
  kCloseWaiting,   // why a waiting message is never applied
  kMendMessage,    // why a refused or quarantined message is read again, corrected or closed
  kCloseMatch,     // that somebody without an NHS number is none of the candidates
};
std::string_view KeyOf(ReasonUse use);

struct CodedReason {
  ReasonUse use = ReasonUse::kBreakGlass;
  std::string code;
  std::string text;
  bool opens_seals = false;      // a break-glass reason that is itself reason enough to open seals
  bool undoes_severing = false;  // of kCloseSevering: it does not stand
};

// A sensitivity label and who may see what carries it. Statute hides from everybody.
struct LabelRule {
  std::string label;
  std::string rule;        // the id of the rule that it is: "label.hiv"
  std::size_t number = 0;  // among the policy's labels
  bool derived = true;     // from code sets, rather than said by the source or a person
  std::string statute;     // not empty: restricted by law, hidden, opened by nothing
  bool open = false;       // no restriction on professionals
  std::vector<std::string> role_groups;
  std::vector<record::Purpose> purposes;
  bool by_agreement = true;         // the agreement must name it
  bool hidden_from_person = false;  // hidden from patient access (safety.md 18)
};

// Some of a policy's labels.
class LabelSet {
 public:
  void Add(const LabelRule& rule) {
    if (has_.size() <= rule.number) has_.resize(rule.number + 1);
    has_[rule.number] = true;
  }
  bool Has(const LabelRule& rule) const { return rule.number < has_.size() && has_[rule.number]; }

 private:
  std::vector<bool> has_;  // by number
};

struct Agreement {
  std::string id;
  std::string rule;  // the id of the rule that it is: "agreement.DSA-001"
  std::string title;
  std::vector<record::OdsCode> sources;
  std::vector<record::OdsCode> consumers;
  std::vector<record::Purpose> purposes;
  SectionSet sections;
  std::vector<std::string> labels;  // the sensitive labels that it covers
  LabelSet covered;                 // the same
  std::optional<base::Instant> entries_from;
  // Lawful bases are data (safety.md 20).
  std::string gdpr_basis;
  std::string special_category_basis;
  std::string confidentiality_basis;  // explicit, implied, best_interests, parental, safeguarding
  bool on_explicit_consent = false;   // its basis is that
  std::string statute;
  base::Instant from;
  base::Instant review_by;             // warns; never ends it
  std::optional<base::Instant> ended;  // by a decision, with who decided
  std::string ended_by;
};

enum class Action : std::uint8_t {
  kExplain = 1,
  kAuditSearch,
  kAuditShow,
  kAuditProof,  // checkpoints and proofs, by leaf hash
  kConsentRecord,
  kConsentWithdraw,
  kConsentList,
  kIdentityQueue,
  kIdentityShow,
  kIdentityLink,
  kIdentityUnlink,
  kIdentitySever,
  kIdentityConfirm,  // or undo what another severed
  kReviewClose,  // of an access: broken glass, an opened seal, a declared relationship; its notice
  kOperations,
  kQuarantineWork,     // list, read again and close what was refused or quarantined
  kQuarantineShow,     // its bytes
  kQuarantineCorrect,  // put another message in its place
  kDirectoryRead,      // search the directories of services: no patient data
  kDirectoryImport,    // put another in the place of one that is kept
};
std::string_view KeyOf(Action action);  // "audit.search"
std::optional<Action> ActionOf(std::string_view key);

enum class Scope : std::uint8_t { kOwnOrganisation = 1, kAll };

struct DutyRole {
  std::string id;
  std::vector<std::string> role_groups;
  std::vector<record::OdsCode> organisations;  // empty: any
  std::vector<Action> may;
  Scope scope = Scope::kOwnOrganisation;
  bool needs_relationship = false;
};

struct LocationRule {
  std::chrono::seconds fresh{0};  // a 'not protected' that is older counts as unchecked
  Mask unchecked;                 // at least addresses, contacts and practice
  SectionSet also_withhold;       // sections that say nothing but where somebody is
};

enum class LayerKind : std::uint8_t { kPlace = 1, kNeighbourhood, kOrganisation };

// A statement of a lower layer. It narrows what the system layer grants, where the layer is in the
// source's chain or in the consumer's. Empty lists mean all of that dimension; one at least is
// named.
struct LowerRule {
  std::string id;  // "place.riverside.no-research"
  LayerKind layer = LayerKind::kPlace;
  std::string at;  // the place, neighbourhood or organisation
  std::vector<record::Section> sections;
  std::vector<record::OdsCode> sources;
  std::vector<record::OdsCode> consumers;
  std::vector<record::Purpose> purposes;
  std::vector<std::string> labels;
  std::vector<std::string> role_groups;  // those that are withheld from
  // Withheld, unless all of what is required here is there; nothing required: withheld.
  std::optional<std::uint8_t> least_assurance;
  bool explicit_consent = false;
};

struct SystemLayer {
  std::map<record::OdsCode, Organisation> organisations;
  std::map<std::string, std::string> places;          // id → name
  std::map<std::string, std::string> neighbourhoods;  // id → place
  std::map<std::string, RoleGroup> role_groups;
  std::map<record::EvidenceKind, EvidenceRule> evidence;
  std::map<record::Purpose, PurposeRule> purposes;
  std::vector<CodedReason> reasons;
  std::map<std::string, LabelRule, std::less<>> labels;
  std::vector<Agreement> agreements;
  std::vector<DutyRole> duty_roles;
  std::vector<std::string> seal_right;         // role groups
  std::vector<std::string> break_glass_right;  // role groups
  std::chrono::seconds review_within{0};
  std::chrono::seconds merge_review_within{0};  // of merges and unlinks
  std::chrono::seconds confirm_within{0};       // of severings, by a second person
  std::chrono::seconds launch_leeway{0};
  LocationRule location;
  std::vector<Reason> reader_reasons;     // that a reader may know, beside those of the request
  std::vector<std::string> reader_rules;  // prefixes of rule ids that a reader may know
};

struct PolicyFile {
  std::string name;
  std::string text;
};

class Policy {
 public:
  // All problems, or the policy. Load takes files and folders (every *.toml of a folder).
  struct Loaded;
  static Loaded Load(std::span<const std::filesystem::path> paths);
  static Loaded Parse(std::span<const PolicyFile> files);

  // SHA-256 in hexadecimal. One file: of its bytes. More: of their digests, in hexadecimal, a line
  // each, sorted.
  const std::string& version() const { return version_; }
  const SystemLayer& system() const { return system_; }
  std::span<const LowerRule> lower() const { return lower_; }

  const Organisation* Find(const record::OdsCode& code) const;
  const CodedReason* FindReason(ReasonUse use, std::string_view code) const;
  std::vector<std::string> CodesOf(ReasonUse use) const;  // as the policy lists them
  // The role groups of the requester, sorted; none for an unknown organisation.
  std::vector<std::string> GroupsOf(const record::Requester& requester) const;
  // The rule of a label; one that the policy does not name has none, and is withheld. `source:*`
  // stands for every label of a source that has no rule of its own.
  const LabelRule* FindLabel(std::string_view label) const;

  // What an operator should look at: that no agreement is in force; agreements whose review is due.
  // They hold until somebody ends them (safety.md 3).
  std::vector<std::string> Warnings(base::Instant now) const;

 private:
  friend class PolicyReader;
  Policy() = default;
  std::string version_;
  SystemLayer system_;
  std::vector<LowerRule> lower_;
};

struct Policy::Loaded {
  std::optional<Policy> policy;       // absent where there are problems
  std::vector<base::Error> problems;  // kPolicyInvalid or kConfigUnreadable, with file and line
};

}  // namespace milecastle::decide

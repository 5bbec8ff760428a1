// What a decision says of one thing: show, mask, withhold or hide, why, and by which rule.
//
// Only statute, sealed-and-locked items, the person's own hide rules and, from the person or a
// proxy, items not meant for them may be hidden; everything else is withheld with a line
// (safety.md 6).
//
// Thread-safety: values. Failure: none.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace milecastle::decide {

enum class Outcome : std::uint8_t {
  kShow = 1,
  kMask,      // shown without the fields of the mask
  kWithhold,  // not shown; a line says that something is, and the reason class
  kHide,      // not shown, and nothing says so
};
std::string_view KeyOf(Outcome outcome);

// Field groups that a mask drops whole. The first six are those of record::Entry.
enum class MaskField : std::uint8_t {
  kAddresses = 1,  // also a patient's own addresses
  kContacts,       // also a patient's own telephone numbers and e-mail
  kPractice,       // also a patient's own GP and practice
  kPerformers,
  kFreeText,
  kDocuments,
  kSource,  // the organisation that holds it, in provenance and manifest
};
std::string_view KeyOf(MaskField field);
std::optional<MaskField> MaskFieldOf(std::string_view key);

class Mask {
 public:
  constexpr Mask() = default;
  constexpr Mask(std::initializer_list<MaskField> fields) {
    for (const MaskField field : fields) Add(field);
  }
  static constexpr Mask All() {
    return {MaskField::kAddresses,  MaskField::kContacts, MaskField::kPractice,
            MaskField::kPerformers, MaskField::kFreeText, MaskField::kDocuments,
            MaskField::kSource};
  }
  constexpr void Add(MaskField field) { bits_ |= Bit(field); }
  constexpr bool Has(MaskField field) const { return (bits_ & Bit(field)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool Covers(Mask other) const { return (bits_ | other.bits_) == bits_; }
  constexpr Mask operator|(Mask other) const {
    Mask both = *this;
    both.bits_ |= other.bits_;
    return both;
  }
  constexpr std::uint8_t bits() const { return bits_; }
  bool operator==(const Mask&) const = default;

 private:
  static constexpr std::uint8_t Bit(MaskField field) {
    return static_cast<std::uint8_t>(1U << (static_cast<unsigned>(field) - 1));
  }
  std::uint8_t bits_ = 0;
};

// The class of reason, from the one catalogue. What a reader is told may be less: Decision says.
enum class Reason : std::uint8_t {
  kNone = 0,
  // The request itself: independent of the patient, so everybody may know.
  kUnknownOrganisation,
  kPurposeNotGranted,
  kRoleNotGranted,
  kReasonMissing,
  kReasonNotListed,
  kRightMissing,
  kCaseReferenceMissing,
  kOwnDoing,  // of an act that looks at what somebody did
  // The person and the relationship.
  kNoSuchPerson,
  kDetailsMismatch,
  kNoRelationship,
  kObjection,
  kEmergencyRefusal,
  // One class of items.
  kNotAsked,
  kNotForPurpose,
  kNotForRelationship,
  kNoAgreement,
  kOutsidePeriod,
  kExplicitConsentNeeded,
  kRestriction,
  kHiddenByPerson,
  kSealed,
  kSealedAndLocked,
  kSensitive,
  kUnknownLabel,
  kStatute,
  kNotForThePerson,
  kLocalRule,
  kLocationProtected,
  kAwaitingIdentity,
  kSuperseded,
  kWithdrawn,
  kNoLongerSent,
  kEnteredInError,
  kRefuted,
  kUndecided,  // a class that this decision never saw
  kWithheld,   // all that a reader is told who may not know more
};
std::string_view KeyOf(Reason reason);           // "no_agreement"
std::string_view PlainEnglishOf(Reason reason);  // one sentence
std::optional<Reason> ReasonOf(std::string_view key);

using RuleIndex = std::uint16_t;  // into the decision's own list of rule ids

struct Verdict {
  Outcome outcome = Outcome::kWithhold;
  Mask mask;  // also of what is withheld: the line that says so may not name its source
  Reason reason = Reason::kUndecided;
  RuleIndex rule = 0;
  // Where set, only entries effective at or after it are shown.
  std::optional<base::Instant> not_before;

  bool shows() const { return outcome == Outcome::kShow || outcome == Outcome::kMask; }
  bool operator==(const Verdict&) const = default;
};

}  // namespace milecastle::decide

#include "decide/verdict.h"

#include <algorithm>
#include <array>
#include <utility>

namespace milecastle::decide {
namespace {

constexpr std::array<std::pair<MaskField, std::string_view>, 7> kFields = {{
    {MaskField::kAddresses, "addresses"},
    {MaskField::kContacts, "contacts"},
    {MaskField::kPractice, "practice"},
    {MaskField::kPerformers, "performers"},
    {MaskField::kFreeText, "free_text"},
    {MaskField::kDocuments, "documents"},
    {MaskField::kSource, "source"},
}};

struct ReasonLine {
  Reason reason;
  std::string_view key;
  std::string_view text;
};
constexpr std::array kReasons = {
    ReasonLine{Reason::kNone, "none", "Nothing stands against it."},
    ReasonLine{Reason::kUnknownOrganisation, "unknown_organisation",
               "The caller's organisation takes no part in this system."},
    ReasonLine{Reason::kPurposeNotGranted, "purpose_not_granted",
               "The policy grants this purpose to nobody."},
    ReasonLine{Reason::kRoleNotGranted, "role_not_granted",
               "None of the user's roles may do this for this purpose."},
    ReasonLine{Reason::kReasonMissing, "reason_missing", "A coded reason is needed."},
    ReasonLine{Reason::kReasonNotListed, "reason_not_listed",
               "The reason's code is not one of the policy's list for this use."},
    ReasonLine{Reason::kRightMissing, "right_missing",
               "The user does not hold the role right that this needs."},
    ReasonLine{Reason::kCaseReferenceMissing, "case_reference_missing",
               "A case reference is needed."},
    ReasonLine{Reason::kOwnDoing, "own_doing", "What somebody did is looked at by somebody else."},
    ReasonLine{Reason::kNoSuchPerson, "no_such_person", "Nobody here has these details."},
    ReasonLine{Reason::kDetailsMismatch, "details_mismatch",
               "The NHS number is known with another birth date."},
    ReasonLine{Reason::kNoRelationship, "no_relationship",
               "Cannot answer: check the details, declare a relationship, or use emergency "
               "access."},
    ReasonLine{Reason::kObjection, "objection", "The person has objected to sharing."},
    ReasonLine{Reason::kEmergencyRefusal, "emergency_refusal",
               "The person, informed of what follows, has refused emergency access."},
    ReasonLine{Reason::kNotAsked, "not_asked", "The request did not ask for this section."},
    ReasonLine{Reason::kNotForPurpose, "not_for_purpose",
               "The user's roles do not see this section for this purpose."},
    ReasonLine{Reason::kNotForRelationship, "not_for_relationship",
               "The evidence of the relationship does not reach this section."},
    ReasonLine{Reason::kNoAgreement, "no_agreement",
               "No agreement shares this section of this source with this organisation."},
    ReasonLine{Reason::kOutsidePeriod, "outside_period",
               "The agreement does not reach back so far."},
    ReasonLine{Reason::kExplicitConsentNeeded, "explicit_consent_needed",
               "It is shared on explicit consent alone, and none is recorded."},
    ReasonLine{Reason::kRestriction, "restriction", "The person has restricted it."},
    ReasonLine{Reason::kHiddenByPerson, "hidden_by_person", "The person's own hide rule."},
    ReasonLine{Reason::kSealed, "sealed",
               "It is sealed: it opens by role right, coded reason and review."},
    ReasonLine{Reason::kSealedAndLocked, "sealed_and_locked",
               "It is sealed and locked, and known to its team alone."},
    ReasonLine{Reason::kSensitive, "sensitive",
               "Its label is not open to these roles, this purpose or under this agreement."},
    ReasonLine{Reason::kUnknownLabel, "unknown_label",
               "It carries a label that the policy does not know."},
    ReasonLine{Reason::kStatute, "statute", "The law restricts it."},
    ReasonLine{Reason::kNotForThePerson, "not_for_the_person",
               "It is not shown to the person or a proxy."},
    ReasonLine{Reason::kLocalRule, "local_rule",
               "A place, neighbourhood or organisation withholds it."},
    ReasonLine{Reason::kLocationProtected, "location_protected",
               "It would tell where a protected person is."},
    ReasonLine{Reason::kAwaitingIdentity, "awaiting_identity",
               "The NHS number that it stands under is not traced, or no longer in use."},
    ReasonLine{Reason::kSuperseded, "superseded", "A newer version stands in its place."},
    ReasonLine{Reason::kWithdrawn, "withdrawn", "Its source withdrew it."},
    ReasonLine{Reason::kNoLongerSent, "no_longer_sent",
               "Its source no longer lists it as current."},
    ReasonLine{Reason::kEnteredInError, "entered_in_error", "It was entered in error."},
    ReasonLine{Reason::kRefuted, "refuted", "It was refuted."},
    ReasonLine{Reason::kUndecided, "undecided", "It was not part of this decision."},
    ReasonLine{Reason::kWithheld, "withheld", "It is withheld."},
};
constexpr bool InOrder() {
  for (std::size_t i = 0; i < kReasons.size(); ++i) {
    if (static_cast<std::size_t>(kReasons[i].reason) != i) return false;
  }
  return kReasons.size() == static_cast<std::size_t>(Reason::kWithheld) + 1;
}
static_assert(InOrder(), "the catalogue follows the order of Reason");
static_assert(kReasons.size() <= 64, "a decision keeps a bit for each reason");

}  // namespace

std::string_view KeyOf(Outcome outcome) {
  constexpr std::array<std::string_view, 4> kNames = {"show", "mask", "withhold", "hide"};
  return kNames.at(static_cast<std::size_t>(outcome) - 1);
}

std::string_view KeyOf(MaskField field) {
  return kFields.at(static_cast<std::size_t>(field) - 1).second;
}

std::optional<MaskField> MaskFieldOf(std::string_view key) {
  for (const auto& [field, name] : kFields) {
    if (name == key) return field;
  }
  return std::nullopt;
}

std::string_view KeyOf(Reason reason) { return kReasons.at(static_cast<std::size_t>(reason)).key; }

std::string_view PlainEnglishOf(Reason reason) {
  return kReasons.at(static_cast<std::size_t>(reason)).text;
}

std::optional<Reason> ReasonOf(std::string_view key) {
  const auto* const line = std::find_if(kReasons.begin(), kReasons.end(),
                                        [key](const ReasonLine& each) { return each.key == key; });
  return line == kReasons.end() ? std::nullopt : std::optional<Reason>(line->reason);
}

}  // namespace milecastle::decide

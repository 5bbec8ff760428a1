// Who may do what beside seeing a record: explain, read the audit log, record consent, work the
// identity queues, close reviews, look at operations. Simple permits by role, each with its scope.
//
// The contributing organisation's officer sees accesses to its data, a requesting organisation's
// officer its own people's, the system's officer all (safety.md 21).
//
// Where a duty needs a relationship, the user's own word (a self-declared one) is enough to list
// choices and to record an objection or a restriction, which emergencies pass. It never suffices to
// take away what protects the person, or to record what opens a record or shuts treating staff out
// (explicit consent, refusal of emergency access, seal, lock, hide rule): whoever may not see a
// record could else declare themselves, lift the objection and look, or make an allergy vanish
// (safety.md 1, 2, 6).
//
// Thread-safety: pure. Failure: none; what no rule permits is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "decide/policy.h"
#include "decide/verdict.h"
#include "record/facts.h"
#include "record/requester.h"

namespace milecastle::decide {

// Who did what an act looks at.
enum class DoneBy : std::uint8_t {
  kUnknown,  // or it looks at nothing that somebody did
  kRequester,
  kAnother,
};

struct ActionRequest {
  record::Requester requester;
  Action action = Action::kExplain;
  std::string case_reference;
  // The person whom it is about, where it is about one.
  std::optional<record::NhsNumber> nhs_number;
  const record::PatientFacts* facts = nullptr;
  // kConsentRecord: the choice that is to be kept. kConsentWithdraw: the one that is to go; null
  // where the person has none of that id.
  const record::Consent* consent = nullptr;
  // kReviewClose: whose access it was; kIdentityConfirm: who severed. Nobody looks at their own,
  // nor at one of which it is not known whose it was.
  DoneBy done_by = DoneBy::kUnknown;
};

struct ActionVerdict {
  Reason reason = Reason::kRoleNotGranted;  // kNone: permitted
  std::string rule;
  Scope scope = Scope::kOwnOrganisation;
  std::optional<record::OdsCode> organisation;  // the requester's: what kOwnOrganisation means
  bool masks_sensitive_names = true;  // without a case reference, names of sensitive sources and
                                      // sections stay masked

  bool by_relationship = false;  // it rests on a live relationship with the person

  bool permitted() const { return reason == Reason::kNone; }
  // Whether an audited access, made by `requester` to what `sources` hold, is in this verdict's
  // scope.
  bool Reaches(const record::OdsCode& requester, std::span<const record::OdsCode> sources) const;
};

ActionVerdict DecideAction(const Policy& policy, const ActionRequest& request, base::Instant now);

}  // namespace milecastle::decide

// Moving an identity between persons by a decision of somebody: the same history for a merge, a
// link and an unlink, so that each can be undone.
//
// After every move both persons' versions have advanced and, but where nothing is mixed, both are
// under merge review: the tighter of both consents holds until an officer has closed the review
// (safety.md 15).
//
// Thread-safety: as the transaction. Failure: kNotFound; kNotPermitted where either person is
// severed (safety.md 14), but for what goes back to a severed person whose it was; the store's
// errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace milecastle::identify {

inline constexpr std::string_view kMergeReason = "merge";  // a source merged two of its patients

struct Move {
  record::IdentityId identity;
  record::PersonId to;
  std::string reason;  // "officer_link", kMergeReason …
  std::string by;
  base::Instant at;
  bool review = true;  // false where nothing is mixed: what is moved was a person of its own
  std::optional<store::MatchNote> why = std::nullopt;  // where demographics were weighed for it
  bool back = false;  // to the person from whom it came, who may have been severed since
};

// The person that it left; the same as `to` where it was there already and nothing was written.
base::Result<record::PersonId> MoveIdentity(store::Transaction& transaction, const Move& move);

struct Unlinking {
  record::IdentityId identity;
  std::string by;
  base::Instant at;
};
// Back to the person from which the identity last came to where it is, severed since or not; or, if
// it never was elsewhere, to a new person: of its own number where that is free (holder.h),
// unidentified otherwise. Returns where it went. kConflict where it is its person's only identity
// and never was elsewhere: there is nothing to unlink.
base::Result<record::PersonId> UnlinkIdentity(store::Transaction& transaction,
                                              const Unlinking& unlinking);

// A new person of this number, or an unidentified one.
base::Result<record::PersonId> NewPerson(store::Transaction& transaction,
                                         const std::optional<record::NhsNumber>& number,
                                         base::Instant at);

}  // namespace milecastle::identify

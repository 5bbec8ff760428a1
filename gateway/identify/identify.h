// Whose message is it? The rules, and the writes that follow from them, inside the transaction of
// the message.
//
// An identity is one source's name for one patient; a person is a set of identities. A claim finds
// its identity by a local identifier of its source, or else by NHS number:
//   1. Known local identifier, no usable number or the same number: that identity. Where the claim
//      describes somebody else (agreement.h: IsSomebodyElse), it waits, here and in rule 2: nothing
//      moves.
//   2. Known local identifier, its identity has no number yet: the number joins it to that number's
//      person if the demographics agree, and gives its own person the number if it is new.
//   3. Known local identifier, another number: kNumberDiffers. Nothing moves.
//   4. Unknown local identifier, a number that has a person: joins it if demographics agree with
//      one of the person's identities (agreement.h), else it waits. But a number that may be relied
//      on (claim.h: IsRelied), of a feed that traces numbers, is held against nobody by those whose
//      own may not: they are set beside, as an unidentified person without the number, and come
//      back when their claims agree. So in rule 2.
//   5. Unknown local identifier, a number that nobody has: a new person.
//   6. Unknown local identifier, no usable number: an unidentified person of its own, and a trace
//      (trace.h, TRACE.md) of who it may be: one who is certain and unique is linked where the
//      configuration says so; whoever is possible is asked of an officer (Settled::match).
//   7. Neither: it waits; the trace ranks its candidates.
// The id of a server's record (record/logical_id.h) is a local identifier that yields: it ties what
// names nothing else, and where the rest of a claim speaks against it (an identifier of one
// authority that differs, a birth date or name that disagrees), it waits as
// kLocalIdentifiersDisagree. A claim of a number with a new such id goes on where the source's last
// one of that number went. Nobody is traced by it.
//
// An unidentified person is traced again with each of its messages, until an officer has been
// asked. A pseudo-person (PID-31) follows the same rules; nobody is ever suggested for it by
// demographics.
//
// What waits has an identity of its own wherever it can be named, in an unidentified person; while
// one message of an unidentified identity waits, later ones wait behind it, so that an officer's
// link applies them in their order.
//
// Severed persons (safety.md 14): a claim or merge that would bring one together with any other
// person is Protected: nothing is linked, and no candidate is ever suggested. A claim that names a
// severed person alone goes on belonging to it.
//
// A merge (A34, A40) links the source's discarded identities to the survivor's person, with
// history. A discarded identity that was never seen is made, so that a merge may come before its
// creation. Two different NHS numbers are merged on a source's word only where the demographics
// agree. The survivor's person is then under merge review.
//
// Thread-safety: as the transaction. Failure: the store's errors; then nothing may be committed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "identify/trace.h"
#include "record/contribution.h"
#include "store/store.h"

namespace milecastle::identify {

// One message as far as identity goes. References live as long as the call.
struct Sighting {
  const record::PatientClaim& claim;
  const std::optional<record::MergeClaim>& merge;
  record::OdsCode source;
  std::string by;  // the feed
  bool share_untraced = false;
  base::Instant at;
  bool traces_numbers = true;  // the feed's word: without it a number is taken from nobody
  // Read later than it came: where its identity was described since, that description stands.
  bool late = false;
  const Tracer* tracer = nullptr;   // none: nobody is traced
  bool location_protected = false;  // by this very message
};

struct Settled {
  record::IdentityId identity;
  record::PersonId person;
  bool created_person = false;
  // Former persons of what was merged: each is looked at by an officer.
  struct Merged {
    record::IdentityId identity;
    record::PersonId from;
    std::string_view reason;  // kMergeReason, kTracedCertain
  };
  std::vector<Merged> merged;
  // Who the person may be, for an officer: the likeliest first.
  struct Match {
    std::string_view reason;
    std::vector<record::PersonId> candidates;
  };
  std::optional<Match> match;
  // Whom the number was taken from, who were never traced: an officer is asked of each whether they
  // are this person (kSetBeside).
  std::vector<store::Identity> set_beside;
};

// Reasons of a match review, and of a link that a trace made.
inline constexpr std::string_view kTracedCertain = "traced_certain";
inline constexpr std::string_view kTracedPossible = "traced_possible";
inline constexpr std::string_view kTooManyAlike = "too_many_alike";
inline constexpr std::string_view kSetBeside = "number_traced_by_another";

// Reasons of links that no officer made.
inline constexpr std::string_view kFirstSighting = "first_sighting";
inline constexpr std::string_view kNumberAgrees = "nhs_number_agrees";

enum class WaitReason : std::uint8_t {
  kDemographicsDisagree = 1,
  kDemographicsMissing,
  kNumberDiffers,             // the identity is known by another NHS number
  kLocalIdentifiersDisagree,  // the message's identifiers belong to different identities
  kNoIdentifier,
  kBehindAnother,  // an earlier message of the same unsettled identity waits
  kMergeOfTwoNumbers,
};
std::string_view KeyOf(WaitReason reason);  // "demographics_disagree" …: QueueItem.reason

struct Waits {
  WaitReason reason = WaitReason::kNoIdentifier;
  std::optional<record::IdentityId> identity;
  std::vector<record::PersonId> candidates;  // most likely first
};

struct Protected {};

using Verdict = std::variant<Settled, Waits, Protected>;

base::Result<Verdict> Identify(store::Transaction& transaction, const Sighting& sighting);

// After an officer said whose it is: as Identify, without judging. The claim is absorbed by
// `identity` (or by a new one in `person` where there is none), its number where the person has the
// same, and its merge is carried out, except where it would be Protected.
base::Result<Verdict> IdentifyAs(store::Transaction& transaction, const Sighting& sighting,
                                 const std::optional<record::IdentityId>& identity,
                                 const record::PersonId& person);

}  // namespace milecastle::identify

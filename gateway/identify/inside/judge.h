// The rules of identify.h as a judgement that writes nothing.
//
// Thread-safety: as the transaction. Failure: the store's errors.
#pragma once

#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "finder.h"
#include "identify/identify.h"

namespace milecastle::identify {

// Where a claim goes.
struct Place {
  std::optional<store::Identity> identity;     // none: a new one
  std::optional<record::PersonId> person;      // whose it is or becomes; none: a new person
  std::optional<record::NhsNumber> number;     // for the identity to absorb
  bool number_is_new = false;                  // nobody has it: the person takes it
  std::optional<record::PersonId> instead_of;  // who held it till now, and is set beside
};

struct Held {
  Waits waits;
  bool needs_identity = false;  // can be named by a local identifier, and has no identity yet
  bool disputes_ids = false;    // its ids of a server's records were another patient's
};

using Judgement = std::variant<Place, Held, Protected>;

class Judge {
 public:
  Judge(store::Transaction& transaction, const Sighting& sighting)
      : sighting_(sighting), finder_(transaction, sighting.source) {}

  base::Result<Judgement> Claim();

  // What a merge would move, given where the survivor goes.
  struct Discarded {
    std::vector<record::IdentityId> named;    // by the merge, wherever they are
    std::vector<store::Identity> identities;  // to be moved: of those, and merged into them before
    std::vector<store::Identity> survivors;   // who goes wherever the survivor goes
    std::vector<record::LocalIdentifier> unseen;
  };
  using MergeJudgement = std::variant<Discarded, Held, Protected>;
  // `forced`: an officer has settled it; numbers may differ.
  base::Result<MergeJudgement> Merge(const Place& survivor, bool forced);

 private:
  base::Result<Judgement> KnownOf(std::vector<store::Identity> known);
  // A claim by a disputed id alone; nothing for any other.
  base::Result<std::optional<Judgement>> ByDisputed();
  base::Result<Judgement> Known(store::Identity identity);
  base::Result<bool> IsTypedOver(const store::Identity& identity);
  base::Result<Judgement> HoldTypedOver(const store::Person& person);
  // Whether the claim and the identity have only the id of a server's record in common, and say
  // otherwise that they are two patients.
  bool IsAnotherOfOneRecord(const store::Identity& identity) const;
  base::Result<Judgement> KnownWithNewNumber(const store::Identity& identity,
                                             const store::Person& person,
                                             const record::NhsNumber& number);
  // Of a number that is new to whom it comes for, and that a person holds who does not agree.
  base::Result<Judgement> NextToHolder(Agreement agrees, const store::Person& holder, Place place);
  base::Result<bool> MakesRoom(const store::Person& holder);
  base::Result<Judgement> ByNumber(const record::NhsNumber& number);
  base::Result<Judgement> InSevered(const store::Person& severed, const record::NhsNumber& number);
  base::Result<std::vector<record::PersonId>> CandidatesFor(
      const store::Identity* identity, const std::vector<record::PersonId>& first);
  base::Result<Judgement> Hold(WaitReason reason, const store::Identity* identity,
                               const std::vector<record::PersonId>& first);
  base::Result<std::optional<store::Identity>> NamelessOf(const record::NhsNumber& number,
                                                          const record::PersonId& person);
  base::Result<Discarded> FindDiscarded();
  using ByTarget = std::multimap<record::IdentityId, store::Identity>;
  base::Result<ByTarget> MergedAmong(const std::vector<store::Identity>& identities);
  base::Result<void> AddEarlierMerges(std::vector<store::Identity>& identities);
  base::Result<void> Complete(const Place& survivor, Discarded& discarded);
  base::Result<MergeJudgement> HoldMerge(const Place& survivor, const record::PersonId& other);
  // Whose identity has another number and does not agree, if any.
  base::Result<std::optional<record::PersonId>> WithOtherNumber(const Place& survivor,
                                                                const Discarded& discarded);
  base::Result<bool> WouldJoinSevered(const Place& survivor, const Discarded& discarded);
  base::Result<bool> NumbersAgree(const Place& survivor, const store::Identity& discarded);
  store::Demographics Claimed(const store::Identity* identity) const;

  const Sighting& sighting_;
  Finder finder_;
};

}  // namespace milecastle::identify

// Encounters and registrations into evidence (safety.md 16). A fact says what happened; how long
// it holds is policy's.
//
//   planned            planned, from now, unless it is open
//   opened             open from its beginning; what was planned ends
//   updated, moved,    an encounter that is not known is opened, or has ended if the message says
//   move cancelled       when; one that is known takes the end that the message gives
//   closed             open ends; ended, from then: its tail
//   opening cancelled  open and planned never were, nor was the end of what was open
//   closing cancelled  ended never was; open again from its old beginning
//   plan cancelled     planned never was; what is open stays open
// What never was ends when it began: it is evidence of nothing, at no time, and has no tail
// (decide/relationship.cc).
// A visit that got another number keeps what is known of it, under the new one.
// One number of the source names one encounter; those without a number are one.

#include <algorithm>

#include "identify/description.h"
#include "inside/effect.h"

namespace milecastle::receive {
namespace {

using record::EncounterChange;
using record::EvidenceKind;

base::Result<void> EndOne(const Effect& effect, const record::Evidence& one, base::Instant at) {
  auto& facts = effect.transaction.facts();
  const auto owner = facts.OwnerOf(one.id);
  if (!owner) return owner.error();
  return facts.EndEvidence(owner->value_or(effect.settled.identity), one.kind, one.organisation,
                           one.reference, at);
}

bool IsOfVisit(EvidenceKind kind) {
  return kind == EvidenceKind::kPlannedEncounter || kind == EvidenceKind::kOpenEncounter ||
         kind == EvidenceKind::kEndedEncounter;
}

class Encounter {
 public:
  Encounter(const Effect& effect, const record::EncounterClaim& claim,
            std::vector<record::Evidence> known)
      : effect_(effect), claim_(claim), known_(std::move(known)), now_(effect.message.received) {}

  base::Result<void> Apply() {
    switch (claim_.change) {
      case EncounterChange::kPlanned:
        return Plan();
      case EncounterChange::kOpened:
        return Open();
      case EncounterChange::kUpdated:
      case EncounterChange::kMoved:
      case EncounterChange::kMoveCancelled:
        return Update();
      case EncounterChange::kClosed:
        return Close();
      case EncounterChange::kOpeningCancelled:
        return CancelOpening();
      case EncounterChange::kClosingCancelled:
        return Reopen();
      case EncounterChange::kPlanCancelled:
        return Void(EvidenceKind::kPlannedEncounter);
    }
    return {};
  }

 private:
  // A beginning in the future is no relationship yet, and a source's clock may be ahead.
  base::Instant Began() const {
    const auto* open = Known(EvidenceKind::kOpenEncounter);
    const base::Instant fallback = open == nullptr ? now_ : open->period.from;
    return std::min(claim_.began ? claim_.began->at : fallback, now_);
  }
  base::Instant Ended() const { return std::min(claim_.ended ? claim_.ended->at : now_, now_); }

  bool IsThis(const record::Evidence& one, EvidenceKind kind) const {
    return one.kind == kind && one.organisation == *effect_.message.source;
  }
  const record::Evidence* Known(EvidenceKind kind) const {
    const auto found = std::find_if(known_.begin(), known_.end(),
                                    [&](const auto& one) { return IsThis(one, kind); });
    return found == known_.end() ? nullptr : &*found;
  }

  base::Result<void> Put(EvidenceKind kind, base::Instant from) {
    const record::Evidence evidence{.id = record::FactId::New(now_),
                                    .kind = kind,
                                    .organisation = *effect_.message.source,
                                    .user = {},
                                    .reference = claim_.number,
                                    .period = {from, std::nullopt},
                                    .said_by = effect_.message.feed->name};
    return effect_.transaction.facts().PutEvidence(effect_.settled.identity, evidence);
  }

  // Whichever of the source's identities it stands with: a merge moves the visits too.
  base::Result<void> End(EvidenceKind kind, base::Instant at) {
    for (const record::Evidence& one : known_) {
      if (!IsThis(one, kind) || one.period.until) continue;
      if (auto ended = EndOne(effect_, one, std::max(at, one.period.from)); !ended) return ended;
    }
    return {};
  }

  // As if it had never been said.
  base::Result<void> Void(EvidenceKind kind, base::Instant since = base::Instant::min()) {
    for (const record::Evidence& one : known_) {
      if (!IsThis(one, kind) || one.period.from < since) continue;
      if (auto ended = EndOne(effect_, one, one.period.from); !ended) return ended;
    }
    return {};
  }

  // Of a visit that has begun nothing is planned any more.
  base::Result<void> Plan() {
    const auto* const open = Known(EvidenceKind::kOpenEncounter);
    if (open != nullptr && !open->period.until) return {};
    return Put(EvidenceKind::kPlannedEncounter, now_);
  }

  base::Result<void> Open() {
    if (auto ended = End(EvidenceKind::kPlannedEncounter, now_); !ended) return ended;
    if (claim_.ended) return Close();
    return Put(EvidenceKind::kOpenEncounter, Began());
  }

  base::Result<void> Close() {
    if (auto ended = End(EvidenceKind::kOpenEncounter, Ended()); !ended) return ended;
    if (auto ended = End(EvidenceKind::kPlannedEncounter, now_); !ended) return ended;
    return Put(EvidenceKind::kEndedEncounter, Ended());
  }

  base::Result<void> Update() {
    if (claim_.ended) return Close();
    const bool known = Known(EvidenceKind::kOpenEncounter) != nullptr ||
                       Known(EvidenceKind::kEndedEncounter) != nullptr ||
                       Known(EvidenceKind::kPlannedEncounter) != nullptr;
    // Only an encounter that names itself or its beginning is one: an update of a person is not.
    if (known || (claim_.number.empty() && !claim_.began)) return {};
    return Put(EvidenceKind::kOpenEncounter, Began());
  }

  // The end of an earlier one of the same number stands.
  base::Result<void> CancelOpening() {
    const auto* const open = Known(EvidenceKind::kOpenEncounter);
    const auto began = open == nullptr ? base::Instant::min() : open->period.from;
    if (auto gone = Void(EvidenceKind::kPlannedEncounter); !gone) return gone;
    if (auto gone = Void(EvidenceKind::kOpenEncounter); !gone) return gone;
    return Void(EvidenceKind::kEndedEncounter, began);
  }

  base::Result<void> Reopen() {
    if (auto gone = Void(EvidenceKind::kEndedEncounter); !gone) return gone;
    return Put(EvidenceKind::kOpenEncounter, Began());
  }

  const Effect& effect_;
  const record::EncounterClaim& claim_;
  const std::vector<record::Evidence> known_;  // of its number
  const base::Instant now_;
};

// What stands under the number that the source used until now goes on under the new one.
base::Result<void> Renumber(const Effect& effect, const record::EncounterClaim& claim) {
  auto& facts = effect.transaction.facts();
  const base::Instant now = effect.message.received;
  const auto former = facts.EvidenceOf(effect.settled.person, claim.former_number);
  if (!former) return former.error();
  for (record::Evidence one : *former) {
    if (one.period.until || !IsOfVisit(one.kind)) continue;
    if (one.organisation != *effect.message.source) continue;
    if (auto ended = EndOne(effect, one, one.period.from); !ended) return ended;
    one.id = record::FactId::New(now);
    one.reference = claim.number;
    if (auto put = facts.PutEvidence(effect.settled.identity, one); !put) return put;
  }
  return {};
}

}  // namespace

base::Result<void> ApplyEncounter(const Effect& effect) {
  const auto& claim = effect.patient.contribution.encounter;
  if (!claim || effect.IsOlder(effect.System() + claim->number)) return {};
  if (!claim->former_number.empty() && claim->former_number != claim->number) {
    if (auto done = Renumber(effect, *claim); !done) return done;
    // Nothing begins because it is named anew.
    if (claim->change == EncounterChange::kUpdated && !claim->ended) return {};
  }
  auto known = effect.transaction.facts().EvidenceOf(effect.settled.person, claim->number);
  if (!known) return known.error();
  return Encounter(effect, *claim, *std::move(known)).Apply();
}

// A source knows one practice at a time: what it named before ends. The reference is the source.
base::Result<void> ApplyPractice(const Effect& effect) {
  using Change = record::Update<std::string>::Change;
  const auto& update = effect.patient.contribution.patient.gp_practice;
  if (update.change == Change::kLeave) return {};
  const auto older =
      identify::IsOlderDescription(effect.transaction, effect.settled.identity,
                                   effect.patient.contribution.patient, effect.message.received);
  if (!older) return older.error();
  if (*older) return {};
  const auto practice = update.change == Change::kSet ? record::OdsCode::Parse(update.value)
                                                      : std::optional<record::OdsCode>();
  const base::Instant now = effect.message.received;
  const std::string& reference = effect.message.source->text();
  const auto said = effect.transaction.facts().EvidenceOf(effect.settled.person, reference);
  if (!said) return said.error();
  bool stands = false;
  for (const record::Evidence& one : *said) {
    if (one.kind != EvidenceKind::kRegisteredPractice || one.period.until) continue;
    if (practice && one.organisation == *practice) {
      stands = true;
      continue;
    }
    if (auto ended = EndOne(effect, one, now); !ended) return ended;
  }
  if (!practice || stands) return {};
  return effect.transaction.facts().PutEvidence(effect.settled.identity,
                                                {.id = record::FactId::New(now),
                                                 .kind = EvidenceKind::kRegisteredPractice,
                                                 .organisation = *practice,
                                                 .user = {},
                                                 .reference = reference,
                                                 .period = {now, std::nullopt},
                                                 .said_by = effect.message.feed->name});
}

}  // namespace milecastle::receive

// The patient's choices as feeds carry them (ZU8-2, ZU8-3; GP Connect dissent; FHIR Consent; a
// column of a sheet).
//
//   share the detailed record: dissent      objection
//   share the detailed record: consent      explicit consent; this identity's own objections of the
//                                           record system that it is newer than are withdrawn,
//                                           nobody else's
//   summary care record: dissent, consent   restriction of, or explicit consent to, what is
//                                           labelled `summary_care_record`: the choice is kept and
//                                           shown, and says nothing of this gateway's sharing
//   unclear                                 an objection to what this source said, until the review
//                                           that it opens is closed (govern/reviews.cc)
//   refused by somebody else                kept, binds nobody, and opens a review (safety.md 1)
//   retracted                               that very word is withdrawn, and what a consent so
//                                           retracted had loosened stands again
//   unknown                                 of a choice that is named by a key: what it agreed to
//                                           before is agreed to no more, as if that were retracted
//   ask each time                           with a key and a date: what that key withheld of this
//                                           source, of a date that is certainly older, is shown
//                                           again; nothing else is loosened
//   unknown or ask each time else, absent   nothing changes (safety.md 5)
//
// Of two words the tighter holds unless the other is certainly newer: what a consent says is older
// than the start of its date, what a refusal says newer than its end, and a date that is not said
// is the day of the message for a refusal and none for a consent. Words of one message are taken
// refusals first, so that their order decides nothing. Of an older version of what holds a choice
// nothing is taken.
//
// A refusal is lifted by the record system alone that sent it (record/record_system.h), or at the
// consent desk: a laboratory that says yes to a form of its own knows nothing of what a person told
// the ward. What another system of the source agrees to beside it is kept as said, binds nobody,
// and opens a review.

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

#include "base/crypto.h"
#include "inside/effect.h"
#include "record/last_moment.h"

namespace milecastle::receive {
namespace {

using record::Consent;
using record::ConsentBy;
using record::ConsentKind;
using record::PreferenceAnswer;
using record::PreferenceClaim;
using record::PreferenceKind;

constexpr std::string_view kSummaryLabel = "summary_care_record";
constexpr std::chrono::microseconds kAMoment{1};

base::Instant StartOf(const record::When& when) { return when.at; }

// By what a choice is known again; a source's key may hold anything, so that its digest is kept.
std::string NameOf(const PreferenceClaim& claim) {
  constexpr std::size_t kLength = 32;
  if (claim.key.empty()) return claim.place;
  return "choice " + base::ToHex(base::AsBytes(base::Sha256(claim.key))).substr(0, kLength);
}

// A word whose date is known begins before it came.
bool IsDated(const Consent& word) { return word.period.from < word.recorded; }

bool IsRefusal(const Consent& word) { return word.kind != ConsentKind::kExplicitConsent; }
bool IsHold(const Consent& word) { return IsRefusal(word) && !word.scope.sources.empty(); }
bool IsReviewed(const Consent& word) { return IsHold(word) || word.by == ConsentBy::kSomeoneElse; }

bool IsSameChoice(const Consent& one, const Consent& other) {
  return one.kind == other.kind && one.by == other.by && one.scope == other.scope;
}

bool Loosens(const Consent& permit, const Consent& refusal) {
  if (IsDated(permit)) return permit.period.from > refusal.period.from;
  return !IsDated(refusal) && permit.reason_code == refusal.reason_code &&
         refusal.recorded < permit.recorded;
}

// What one identity's record system said of its patient's choices, with what this message adds to
// it, beside what other systems of the source said.
class Choices {
 public:
  explicit Choices(const Effect& effect)
      : effect_(effect), system_(port::RecordSystemOf(*effect.message.feed)) {}

  base::Result<void> Load() {
    auto facts = effect_.transaction.facts().FactsOf(effect_.settled.person);
    if (!facts) return facts.error();
    for (Consent& consent : facts->consents) {
      if (consent.by != ConsentBy::kFeed && consent.by != ConsentBy::kSomeoneElse) continue;
      const auto owner = effect_.transaction.facts().OwnerOf(consent.id);
      if (!owner) return owner.error();
      if (*owner != store::FactOwner(effect_.settled.identity)) continue;
      (IsOwn(consent) ? own_ : others_).push_back(std::move(consent));
    }
    return {};
  }

  base::Result<void> Apply(const PreferenceClaim& claim) {
    switch (claim.answer) {
      case PreferenceAnswer::kDissent:
      case PreferenceAnswer::kUnclear:
        return Refuse(claim);
      case PreferenceAnswer::kConsent:
        return Permit(claim);
      case PreferenceAnswer::kRetracted:
        return TakeBack(claim, [](const Consent& /*word*/) { return true; });
      case PreferenceAnswer::kUnknown:
        return EndPermit(claim);
      case PreferenceAnswer::kAskEachTime:
        return EndHold(claim);
    }
    return {};
  }

  // A refusal that its message has an answer to is not asked about.
  bool IsAnswered(const PreferenceClaim& refusal, std::span<const PreferenceClaim> claims) const {
    if (refusal.answer != PreferenceAnswer::kUnclear || refusal.key.empty() || !refusal.said) {
      return false;
    }
    const base::Instant said = RefusalOf(refusal).period.from;
    return std::any_of(claims.begin(), claims.end(), [&](const PreferenceClaim& claim) {
      return claim.answer == PreferenceAnswer::kAskEachTime && claim.key == refusal.key &&
             IsAfter(claim, said);
    });
  }

 private:
  base::Instant now() const { return effect_.message.received; }

  // One of before systems were told apart names the feed that it came by.
  bool IsOwn(const Consent& word) const {
    return word.recorded_by == system_ || word.recorded_by == effect_.message.feed->name;
  }

  static record::ConsentScope ScopeOf(const PreferenceClaim& claim) {
    record::ConsentScope scope;
    if (claim.kind == PreferenceKind::kSummaryCareRecord)
      scope.labels = {std::string(kSummaryLabel)};
    return scope;
  }

  Consent Make(const PreferenceClaim& claim, ConsentKind kind) const {
    Consent word;
    word.id = record::FactId::New(now());
    word.kind = kind;
    word.by = ConsentBy::kFeed;
    word.scope = ScopeOf(claim);
    word.reason_code = NameOf(claim);
    word.recorded_at = effect_.message.source;
    word.recorded_by = system_;
    word.recorded = now();
    word.period.from = now();
    return word;
  }

  Consent RefusalOf(const PreferenceClaim& claim) const {
    const bool summary = claim.kind == PreferenceKind::kSummaryCareRecord;
    Consent word = Make(claim, summary ? ConsentKind::kRestriction : ConsentKind::kObjection);
    if (claim.said)
      word.period.from = std::min(record::LastMomentOf(*claim.said), now() - kAMoment);
    if (claim.by == record::PreferenceBy::kSomebodyElse) {
      word.by = ConsentBy::kSomeoneElse;
    } else if (claim.answer == PreferenceAnswer::kUnclear) {
      word.kind = ConsentKind::kObjection;
      word.scope = {};
      word.scope.sources = {*effect_.message.source};
    }
    return word;
  }

  // A day that is yet to come is a wrong one, and dates nothing.
  Consent PermitOf(const PreferenceClaim& claim) const {
    Consent word = Make(claim, ConsentKind::kExplicitConsent);
    if (claim.said && StartOf(*claim.said) < now()) word.period.from = StartOf(*claim.said);
    return word;
  }

  // Of a message that its source has overtaken a refusal counts, where nothing that this source
  // said of the same choice is newer. A consent is asked for again: it may have been taken back.
  bool WasSaidSince(const Consent& word) const {
    return effect_.overtaken && std::any_of(own_.begin(), own_.end(), [&](const Consent& one) {
             return one.scope == word.scope && one.recorded > now();
           });
  }

  // The same word, or a newer one under its name. What an officer has closed is not opened again by
  // being sent again; where its date is not said, nobody can tell that it is the same.
  bool IsKnown(const Consent& word) const {
    return std::any_of(own_.begin(), own_.end(), [&](const Consent& one) {
      if (one.reason_code != word.reason_code || !IsSameChoice(one, word)) return false;
      if (one.withdrawn && (!IsReviewed(word) || !IsDated(word))) return false;
      if (!IsDated(word)) return !IsDated(one);
      return one.period.from >= word.period.from;
    });
  }

  // Whether a claim was certainly made after a moment; a day that is yet to come dates nothing.
  bool IsAfter(const PreferenceClaim& claim, base::Instant moment) const {
    return claim.said && StartOf(*claim.said) < now() && StartOf(*claim.said) > moment;
  }

  bool IsLoosened(const Consent& refusal, const record::ConsentScope& scope) const {
    return std::any_of(own_.begin(), own_.end(), [&](const Consent& one) {
      return !one.withdrawn && !IsRefusal(one) && one.scope == scope && Loosens(one, refusal);
    });
  }

  base::Result<void> Refuse(const PreferenceClaim& claim) {
    if (auto ended = EndPermit(claim); !ended) return ended;
    const Consent word = RefusalOf(claim);
    const record::ConsentScope scope = ScopeOf(claim);
    if (WasSaidSince(word) || IsLoosened(word, scope) || IsKnown(word)) return {};
    const bool binds = word.by == ConsentBy::kFeed;
    for (Consent& one : others_) {
      if (!binds || one.withdrawn || IsRefusal(one) || one.scope != scope) continue;
      if (auto withdrawn = Withdraw(one); !withdrawn) return withdrawn;
    }
    for (Consent& one : own_) {
      const bool is_permit = binds && !IsRefusal(one) && one.scope == scope;
      const bool is_older = one.reason_code == word.reason_code && IsSameChoice(one, word);
      if (one.withdrawn || (!is_permit && !is_older)) continue;
      if (auto withdrawn = Withdraw(one); !withdrawn) return withdrawn;
    }
    return IsReviewed(word) ? AddReviewed(word) : Add(word);
  }

  base::Result<void> Permit(const PreferenceClaim& claim) {
    if (claim.by == record::PreferenceBy::kSomebodyElse) return EndPermit(claim);
    if (effect_.overtaken) return {};
    const Consent word = PermitOf(claim);
    auto ended = TakeBack(claim, [&](const Consent& one) {
      return !IsRefusal(one) && one.period.from > word.period.from;
    });
    if (!ended) return ended;
    bool is_refused = false;
    for (Consent& one : own_) {
      if (!IsStandingRefusal(one, word)) continue;
      if (!Loosens(word, one)) {
        is_refused = true;
      } else if (auto withdrawn = Withdraw(one); !withdrawn) {
        return withdrawn;
      }
    }
    if (is_refused) return {};
    if (IsRefusedElsewhere(word)) return AskAboutKept(word);
    for (Consent& one : own_) {
      if (one.withdrawn || IsRefusal(one) || one.scope != word.scope) continue;
      if (!IsDated(word) || one.period.from >= word.period.from) return {};
      if (auto withdrawn = Withdraw(one); !withdrawn) return withdrawn;
    }
    return Add(word);
  }

  static bool IsStandingRefusal(const Consent& one, const Consent& permit) {
    return !one.withdrawn && one.by == ConsentBy::kFeed && one.scope == permit.scope &&
           IsRefusal(one);
  }
  bool IsRefusedElsewhere(const Consent& permit) const {
    return std::any_of(others_.begin(), others_.end(),
                       [&](const Consent& one) { return IsStandingRefusal(one, permit); });
  }

  // Once for one word, however often its system sends it; what is no newer than the refusals asks
  // nothing.
  base::Result<void> AskAboutKept(Consent permit) {
    std::optional<base::Instant> refused;
    for (const Consent& one : others_) {
      if (!IsStandingRefusal(one, permit) || !Loosens(permit, one)) continue;
      refused = std::max(refused.value_or(one.recorded), one.recorded);
    }
    const auto was_asked = [&](const Consent& one) {
      return one.withdrawn == one.recorded && one.recorded >= *refused &&
             one.reason_code == permit.reason_code && IsSameChoice(one, permit) &&
             IsDated(one) == IsDated(permit) &&
             (!IsDated(one) || one.period.from == permit.period.from);
    };
    if (!refused || std::any_of(own_.begin(), own_.end(), was_asked)) return {};
    permit.withdrawn = now();
    return AddReviewed(permit);
  }

  // Of what was said under the claim's own key.
  template <typename Which>
  base::Result<void> TakeBack(const PreferenceClaim& claim, const Which& which) {
    if (effect_.overtaken || claim.key.empty()) return {};
    const std::string name = NameOf(claim);
    for (std::size_t i = 0; i < own_.size(); ++i) {
      if (own_[i].withdrawn || own_[i].reason_code != name || !which(own_[i])) continue;
      const Consent taken = own_[i];
      if (auto withdrawn = Withdraw(own_[i]); !withdrawn) return withdrawn;
      if (IsRefusal(taken)) continue;
      if (auto stands = Restore(taken); !stands) return stands;
    }
    return {};
  }

  base::Result<void> EndPermit(const PreferenceClaim& claim) {
    return TakeBack(claim, [](const Consent& word) { return !IsRefusal(word); });
  }

  base::Result<void> EndHold(const PreferenceClaim& claim) {
    return TakeBack(claim, [&](const Consent& word) {
      return IsHold(word) && word.by == ConsentBy::kFeed && IsAfter(claim, word.period.from);
    });
  }

  // What a consent took away when it came: it was an error, or is one no more.
  base::Result<void> Restore(const Consent& permit) {
    const std::size_t size = own_.size();
    for (std::size_t i = 0; i < size; ++i) {
      if (!IsRefusal(own_[i]) || own_[i].scope != permit.scope ||
          own_[i].withdrawn != permit.recorded) {
        continue;
      }
      Consent again = own_[i];
      again.id = record::FactId::New(now());
      again.withdrawn.reset();
      again.recorded = now();
      if (auto added = Add(again); !added) return added;
    }
    return {};
  }

  base::Result<void> Withdraw(Consent& word) {
    word.withdrawn = now();
    return effect_.transaction.facts().WithdrawConsent(word.id, now(), effect_.message.feed->name);
  }

  base::Result<void> Add(const Consent& word) {
    own_.push_back(word);
    return effect_.transaction.facts().AddConsent(effect_.settled.identity, word);
  }

  static std::string_view ReasonOf(const Consent& word) {
    if (!IsRefusal(word)) return "refusal_of_another_system";
    if (IsHold(word)) return "unclear_choice";
    return word.kind == ConsentKind::kRestriction ? "restriction_by_someone_else"
                                                  : "objection_by_someone_else";
  }

  // The review has the word's id: who closes it lifts what holds until then.
  base::Result<void> AddReviewed(const Consent& word) {
    store::QueueItem item;
    item.id = record::QueueItemId{word.id.uuid};
    item.kind = store::QueueKind::kChoiceReview;
    item.message = effect_.message.id;
    item.patient = effect_.patient.number;
    item.identity = effect_.settled.identity;
    item.person = effect_.settled.person;
    item.organisation = effect_.message.source->text();
    item.reason = std::string(ReasonOf(word));
    item.caused_by = word.recorded_by;  // nobody here: anybody may look at it
    item.opened = now();
    if (auto added = Add(word); !added) return added;
    return effect_.transaction.queues().Add(item);
  }

  const Effect& effect_;
  const std::string& system_;
  std::vector<Consent> own_;
  std::vector<Consent> others_;  // of other systems of the same source
};

// What is agreed to no more goes first, then what was an error, then what tightens, then what
// loosens.
int OrderOf(const PreferenceClaim& claim) {
  if (claim.answer == PreferenceAnswer::kUnknown) return 0;
  if (claim.answer == PreferenceAnswer::kRetracted) return 1;
  return claim.answer == PreferenceAnswer::kConsent ? 3 : 2;
}

}  // namespace

base::Result<void> ApplyPreferences(const Effect& effect) {
  std::vector<PreferenceClaim> claims = effect.patient.contribution.preferences;
  if (claims.empty()) return {};
  std::stable_sort(claims.begin(), claims.end(), [](const auto& left, const auto& right) {
    return OrderOf(left) < OrderOf(right);
  });
  Choices choices(effect);
  if (auto loaded = choices.Load(); !loaded) return loaded;
  for (const PreferenceClaim& claim : claims) {
    if (effect.IsOlder(claim.key) || choices.IsAnswered(claim, claims)) continue;
    if (auto done = choices.Apply(claim); !done) return done;
  }
  return {};
}

}  // namespace milecastle::receive

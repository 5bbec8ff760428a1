// The patient's choices as feeds carry them (ZU8-2, ZU8-3; GP Connect dissent).
//
//   share the detailed record: dissent      objection
//   share the detailed record: consent      explicit consent; this identity's own objection of the
//                                           feed is withdrawn, nobody else's
//   summary care record: dissent, consent   restriction of, or explicit consent to, what is
//                                           labelled `summary_care_record`: the choice is kept and
//                                           shown, and says nothing of this gateway's sharing
//   unknown, ask each time, absent          nothing changes (safety.md 5)

#include <algorithm>

#include "inside/effect.h"

namespace milecastle::receive {
namespace {

using record::ConsentKind;
using record::PreferenceAnswer;
using record::PreferenceKind;

constexpr std::string_view kSummaryLabel = "summary_care_record";

class Preference {
 public:
  Preference(const Effect& effect, const record::PreferenceClaim& claim,
             const record::PatientFacts& facts)
      : effect_(effect), claim_(claim), facts_(facts) {}

  base::Result<void> Apply() {
    if (effect_.overtaken && !MayStillTighten()) return {};
    if (claim_.answer == PreferenceAnswer::kDissent) return Replace(Consent(), Dissent());
    if (claim_.answer == PreferenceAnswer::kConsent) return Replace(Dissent(), Consent());
    return {};
  }

 private:
  bool OfSummary() const { return claim_.kind == PreferenceKind::kSummaryCareRecord; }
  ConsentKind Dissent() const {
    return OfSummary() ? ConsentKind::kRestriction : ConsentKind::kObjection;
  }
  static ConsentKind Consent() { return ConsentKind::kExplicitConsent; }

  record::ConsentScope Scope() const {
    record::ConsentScope scope;
    if (OfSummary()) scope.labels = {std::string(kSummaryLabel)};
    return scope;
  }

  // Of a message that its source has overtaken: a dissent, where nothing that this source said of
  // the same choice is newer. A consent is asked for again: it may have been taken back since.
  bool MayStillTighten() const {
    return claim_.answer == PreferenceAnswer::kDissent &&
           std::none_of(facts_.consents.begin(), facts_.consents.end(), [&](const auto& consent) {
             return consent.by == record::ConsentBy::kFeed && consent.scope == Scope() &&
                    consent.recorded > effect_.message.received;
           });
  }

  // What this identity's feed said before, and still stands.
  base::Result<std::vector<record::FactId>> Own(ConsentKind kind) const {
    std::vector<record::FactId> own;
    for (const record::Consent& consent : facts_.consents) {
      if (consent.kind != kind || consent.by != record::ConsentBy::kFeed || consent.withdrawn ||
          consent.scope != Scope()) {
        continue;
      }
      const auto owner = effect_.transaction.facts().OwnerOf(consent.id);
      if (!owner) return owner.error();
      if (*owner == store::FactOwner(effect_.settled.identity)) own.push_back(consent.id);
    }
    return own;
  }

  base::Result<void> Replace(ConsentKind old_kind, ConsentKind new_kind) {
    auto& facts = effect_.transaction.facts();
    const base::Instant now = effect_.message.received;
    const auto old = Own(old_kind);
    if (!old) return old.error();
    for (const record::FactId& id : *old) {
      auto withdrawn = facts.WithdrawConsent(id, now, effect_.message.feed->name);
      if (!withdrawn) return withdrawn;
    }
    const auto stands = Own(new_kind);
    if (!stands) return stands.error();
    if (!stands->empty()) return {};
    record::Consent consent;
    consent.id = record::FactId::New(now);
    consent.kind = new_kind;
    consent.by = record::ConsentBy::kFeed;
    consent.scope = Scope();
    consent.reason_code = claim_.place;
    consent.recorded_at = effect_.message.source;
    consent.recorded_by = effect_.message.feed->name;
    consent.recorded = now;
    consent.period.from = now;
    return facts.AddConsent(effect_.settled.identity, consent);
  }

  const Effect& effect_;
  const record::PreferenceClaim& claim_;
  const record::PatientFacts& facts_;
};

}  // namespace

base::Result<void> ApplyPreferences(const Effect& effect) {
  if (effect.patient.contribution.preferences.empty()) return {};
  const auto facts = effect.transaction.facts().FactsOf(effect.settled.person);
  if (!facts) return facts.error();
  for (const record::PreferenceClaim& claim : effect.patient.contribution.preferences) {
    if (auto done = Preference(effect, claim, *facts).Apply(); !done) return done;
  }
  return {};
}

}  // namespace milecastle::receive

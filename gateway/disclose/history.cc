#include "disclose/history.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json_writer.h"
#include "disclose/asking.h"
#include "disclose/demographics.h"
#include "disclose/facts_for.h"
#include "disclose/leaf.h"
#include "disclose/release.h"
#include "record/labels.h"
#include "wire/entry.h"
#include "wire/history.h"

namespace milecastle::disclose {

struct EntryHistories::Loaded {
  std::shared_ptr<const decide::Decider> decider;
  Held held;                    // its segment is that of the versions
  store::EntryHistory history;  // whose segment is that of `held`
  Live live;                    // what its sources gave
  bool replaced = false;        // what they gave stands in place of it
  bool is_old = false;          // they could not be asked, or did not answer
  std::unique_ptr<const decide::Decision> decision;
};

namespace {

using wire::VersionState;

// As what each says would be decided if it stood: what became of it is told with it.
store::Segment AsIfStanding(store::Segment versions) {
  for (record::EntryClass& each : versions.classes) {
    each.standing = record::Standing::kCurrent;
    each.verification = record::Verification::kUnstated;
    each.headline = record::Headline::kNone;
  }
  return versions;
}

// The versions of one entry, and what the decision makes of each.
class Versions {
 public:
  // `replaced`: none is shown, for another word stands.
  Versions(const decide::Decision& decision, const store::Segment& segment,
           const store::EntryHistory& history, bool replaced)
      : decision_(decision), segment_(segment), history_(history), versions_(history.versions) {
    verdicts_.reserve(versions_.size());
    for (const store::SegmentItem& item : segment.items) {
      verdicts_.push_back(decision.Of(item.entry_class, EffectiveOf(item)));
    }
    if (versions_.empty()) return;
    // The id of one that is hidden is nobody's.
    if (decision.Of(history.asked).outcome == decide::Outcome::kHide) HideAll();
    ApplyTheLastWord();
    ApplyErrors();
    if (!replaced) return;
    gave_way_ = ShowsSomething();
    HideAll();
  }

  std::size_t size() const { return versions_.size(); }
  const decide::Verdict& Of(std::size_t at) const { return verdicts_[at]; }

  // Adds what goes out.
  base::Result<void> AddTo(Answer& answer) const {
    for (std::size_t at = 0; at < size(); ++at) {
      if (!IsShown(at)) continue;
      const store::SegmentItem& item = segment_.items[at];
      const auto shown =
          decision_.Show(item.entry_class, static_cast<std::uint32_t>(at), EffectiveOf(item));
      if (!shown) continue;
      if (auto added = answer.Add(*shown); !added) return added;
    }
    return {};
  }

  std::vector<wire::ShownVersion> Shown() const {
    std::vector<wire::ShownVersion> shown;
    for (std::size_t at = 0; at < size(); ++at) {
      if (IsShown(at)) shown.push_back(Tell(at));
    }
    return shown;
  }

  // In a manifest's words: how many are kept back could say what they are, and is told only where
  // the reader may know the reason.
  std::vector<wire::WithheldVersions> Withheld() const {
    std::map<decide::Reason, std::uint32_t> counts;
    for (const decide::Verdict& verdict : verdicts_) {
      if (verdict.outcome != decide::Outcome::kWithhold) continue;
      const decide::Reason told = decision_.ReasonForReader(verdict);
      counts[told] += told == verdict.reason ? 1 : 0;
    }
    std::vector<wire::WithheldVersions> withheld;
    for (const auto& [reason, count] : counts)
      withheld.push_back({count, std::string(KeyOf(reason))});
    return withheld;
  }

  // Whether there are older ones than these, as far as this reader may know of them.
  bool IsCut() const {
    return ShowsSomething() &&
           std::any_of(history_.beyond.begin(), history_.beyond.end(),
                       [this](record::ClassIndex each) {
                         return decision_.Of(each).outcome != decide::Outcome::kHide;
                       });
  }

  bool ShowsSomething() const {
    return std::any_of(verdicts_.begin(), verdicts_.end(),
                       [](const auto& verdict) { return verdict.shows(); });
  }
  // Something would be shown, had its source not answered.
  bool gave_way() const { return gave_way_; }

  bool ShowsUntraced() const {
    return ShowsSomething() &&
           std::any_of(segment_.classes.begin(), segment_.classes.end(), &record::IsUntraced);
  }

  VersionState StateOf(std::size_t at) const {
    const store::EntryVersion& version = versions_[at];
    if (IsEnteredInError(at)) return VersionState::kEnteredInError;
    if (version.came_late) return VersionState::kCameLate;
    switch (version.standing) {
      case record::Standing::kCurrent:
        return version.verification == record::Verification::kRefuted ? VersionState::kRefuted
                                                                      : VersionState::kCurrent;
      case record::Standing::kSuperseded: {
        const auto next = NextShown(at);
        return next && IsCorrection(*next) ? VersionState::kCorrected : VersionState::kSuperseded;
      }
      case record::Standing::kWithdrawn:
        return VersionState::kWithdrawn;
      case record::Standing::kNoLongerSent:
        break;
    }
    return VersionState::kNoLongerSent;
  }

 private:
  bool IsShown(std::size_t at) const { return decision_.permitted() && verdicts_[at].shows(); }

  void HideAll() {
    for (decide::Verdict& verdict : verdicts_) verdict.outcome = decide::Outcome::kHide;
  }

  // Nobody learns of the source's last word from the ones before it.
  void ApplyTheLastWord() {
    const decide::Verdict of_last = verdicts_[history_.last_word];
    if (of_last.shows()) return;
    for (decide::Verdict& verdict : verdicts_) {
      if (verdict.outcome != decide::Outcome::kHide) verdict = of_last;
    }
  }

  // That a version was in error would tell of the one that says so; without that it would stand for
  // what it never was. So where nobody who is shown says it, it shares the other's lot.
  void ApplyErrors() {
    std::vector<decide::Verdict> after = verdicts_;
    for (std::size_t at = 0; at < size(); ++at) {
      std::optional<std::size_t> unseen;
      bool is_seen = false;
      for (std::size_t i = 0; i < size(); ++i) {
        if (!SaysInError(i, at)) continue;
        is_seen = is_seen || verdicts_[i].shows();
        if (!verdicts_[i].shows()) unseen = i;
      }
      if (unseen && !is_seen && verdicts_[at].shows()) after[at] = verdicts_[*unseen];
    }
    verdicts_ = std::move(after);
  }

  // Whether the one says that the other was entered in error: of itself, or as a later word on the
  // same entry.
  bool SaysInError(std::size_t one, std::size_t other) const {
    const bool says_so = versions_[one].verification == record::Verification::kEnteredInError;
    const bool is_later = !versions_[one].came_late && (one < other || versions_[other].came_late);
    return says_so && (one == other || is_later);
  }
  bool IsEnteredInError(std::size_t at) const {
    for (std::size_t i = 0; i < size(); ++i) {
      if (SaysInError(i, at)) return true;
    }
    return false;
  }

  // Of those that are shown, the version that came next. Others leave no gap: neither in whom it
  // was taken over by, nor in when it ended.
  std::optional<std::size_t> NextShown(std::size_t at) const {
    if (versions_[at].standing != record::Standing::kSuperseded || versions_[at].came_late) {
      return std::nullopt;
    }
    for (std::size_t next = at; next-- > 0;) {
      if (!versions_[next].came_late && IsShown(next)) return next;
    }
    return std::nullopt;
  }

  // FHIR: corrected or amended. HL7 table 0085 and 0123: C.
  bool IsCorrection(std::size_t at) const {
    const store::SegmentItem& item = segment_.items[at];
    const auto entry =
        wire::DecodeEntry(std::string_view(segment_.bytes).substr(item.offset, item.size));
    if (!entry) return false;
    const std::string& word = entry->status_original;
    const bool is_result =
        entry->kind == record::Kind::kObservation || entry->kind == record::Kind::kReport;
    return word == "corrected" || word == "amended" || (word == "C" && is_result);
  }

  wire::ShownVersion Tell(std::size_t at) const {
    const store::EntryVersion& version = versions_[at];
    wire::ShownVersion told{.state = StateOf(at), .came = version.stored};
    if (!version.came_late) told.ended = version.ended;
    const bool names_source = !verdicts_[at].mask.Has(decide::MaskField::kSource);
    if (names_source) told.message = version.message.uuid.AsBytes();
    if (const auto next = NextShown(at)) {
      told.ended = versions_[*next].stored;
      told.taken_over_by = segment_.items[*next].id.uuid.AsBytes();
    }
    return told;
  }

  const decide::Decision& decision_;
  const store::Segment& segment_;
  const store::EntryHistory& history_;
  const std::vector<store::EntryVersion>& versions_;
  std::vector<decide::Verdict> verdicts_;
  bool gave_way_ = false;
};

// For the leaf: what was asked for, and what was made of each version, hidden ones included.
std::string Describe(const HistoryRequest& request, const Versions& versions,
                     const store::Segment& segment, bool truncated) {
  constexpr std::size_t kMostly = 256;
  base::JsonWriter what(kMostly);
  what.Open('{').Key("entry").Word(request.entry.ToString()).Key("versions").Open('[');
  for (std::size_t at = 0; at < versions.size(); ++at) {
    const decide::Verdict& verdict = versions.Of(at);
    what.Open('{').Key("number").Number(segment.items[at].number);
    what.Key("state").Word(wire::KeyOf(versions.StateOf(at)));
    what.Key("outcome").Word(KeyOf(verdict.outcome)).Key("reason").Word(KeyOf(verdict.reason));
    what.Close('}');
  }
  what.Close(']').Key("truncated").Flag(truncated).Close('}');
  return std::move(what).Take();
}

bool HasItem(const store::Segment& segment, const record::EntryId& id) {
  return std::any_of(segment.items.begin(), segment.items.end(),
                     [&id](const store::SegmentItem& item) { return item.id == id; });
}

// Whether what live sources gave stands in place of a version that stood.
bool IsReplaced(const store::Segment& versions, const store::Segment& stored,
                const store::Segment& merged) {
  return std::any_of(versions.items.begin(), versions.items.end(),
                     [&](const store::SegmentItem& item) {
                       return HasItem(stored, item.id) && !HasItem(merged, item.id);
                     });
}

// Of the person alone, and of what is shown: not of what other entries would tell.
std::vector<std::string> WarningsOf(const decide::Decision& decision, const Held& held,
                                    const Versions& versions, const Live& live, bool is_old) {
  std::vector<std::string> warnings;
  const auto warn = [&warnings](bool is_so, const char* of) {
    if (is_so) warnings.emplace_back(of);
  };
  warn(FamilyNameDiffers(decision, held) || NameDiffers(decision, live), "family_name_differs");
  warn(decision.location() == decide::LocationState::kProtected, "location_protected");
  warn(decision.location() == decide::LocationState::kUnchecked, "location_protection_unchecked");
  warn(held.facts.under_merge_review, "under_merge_review");
  warn(versions.ShowsUntraced(), "identity_untraced");
  warn(is_old && versions.ShowsSomething(), "stored_copy_shown");
  warn(versions.gave_way(), "live_answer_stands");
  return warnings;
}

}  // namespace

// Who is refused makes nobody read what was kept of the entry: how much there is would be told by
// the time, and that a row is damaged by the failure.
base::Result<store::EntryHistory> EntryHistories::HistoryOf(const decide::Decider& decider,
                                                            const HistoryRequest& request,
                                                            const Held& held,
                                                            store::Snapshot& snapshot) const {
  const auto decision =
      DecideOn(decider, RequestOf(request.of), held, options_.organisations, clock_.Now());
  if (!decision) return decision.error();
  if (!decision->permitted()) return store::EntryHistory();
  return snapshot.records().HistoryOf(held.found.person->id, request.entry, {});
}

base::Result<EntryHistories::Loaded> EntryHistories::Load(const HistoryRequest& request,
                                                          const identify::Details& details,
                                                          Live live) {
  Loaded loaded{.decider = policy_.Get(), .live = std::move(live)};
  auto snapshot = store_.Read();
  if (!snapshot) return snapshot.error();
  auto held = LoadHeld(**snapshot, details);
  if (!held) return held.error();
  loaded.held = std::move(*held);
  auto history = HistoryOf(*loaded.decider, request, loaded.held, **snapshot);
  if (!history) return history.error();
  snapshot->reset();
  if (!loaded.live.given.empty()) {
    const auto stored = loaded.held.segment;
    Merge(loaded.live.given, loaded.held);
    loaded.replaced = IsReplaced(history->segment, *stored, *loaded.held.segment);
  }
  loaded.held.segment =
      std::make_shared<const store::Segment>(AsIfStanding(std::move(history->segment)));
  loaded.history = std::move(*history);
  auto decision = DecideOn(*loaded.decider, RequestOf(request.of), loaded.held,
                           options_.organisations, clock_.Now());
  if (!decision) return decision.error();
  loaded.decision = std::make_unique<const decide::Decision>(std::move(*decision));
  return loaded;
}

void EntryHistories::Get(const HistoryRequest& request, Done done) {
  const auto details = identify::ReadDetails(request.of.person);
  if (!details) return done(details.error());
  auto loaded = Load(request, *details, {});
  if (!loaded) return done(loaded.error());
  if (!MayAsk(request, *loaded)) return Send(request, *loaded, std::move(done));
  AskLive(request, *details, std::move(*loaded), std::move(done));
}

// A refusal asks nobody (safety.md 9); nor does what would not be shown whatever the answer is.
bool EntryHistories::MayAsk(const HistoryRequest& request, const Loaded& loaded) const {
  if (options_.live == nullptr || !loaded.decision->permitted()) return false;
  return Versions(*loaded.decision, *loaded.held.segment, loaded.history, false).ShowsSomething() &&
         !IsCapped(request.of, *loaded.decision, guesses_);
}

// Whom a view would ask of the organisation that sent the entry, whatever sections are wanted.
base::Result<LivePlan> EntryHistories::PlanLive(const HistoryRequest& request,
                                                const Loaded& loaded) const {
  ViewRequest all = request.of;
  all.sections.clear();
  const auto whole = DecideOn(*loaded.decider, RequestOf(all), loaded.held, options_.organisations,
                              loaded.decision->decided_at());
  if (!whole) return whole.error();
  return PlanFor(*whole, loaded.held, options_.live->sources(),
                 loaded.held.segment->classes.front().source);
}

void EntryHistories::AskLive(const HistoryRequest& request, const identify::Details& details,
                             Loaded loaded, Done done) {
  const std::chrono::nanoseconds now = clock_.Monotonic();
  auto plan = PlanLive(request, loaded);
  if (!plan) return done(plan.error());
  gather::Asking asking{.person = {details.nhs_number, details.birth_date, details.family_name},
                        .requester = request.of.requester,
                        .purpose = request.of.purpose,
                        .whom = std::move(plan->whom),
                        .until = LiveUntil(request.of, now, options_.live_limit)};
  loaded.is_old = !asking.whom.empty();
  if (asking.whom.empty() || asking.until < now + kTooShort) {
    return Send(request, loaded, std::move(done));
  }
  options_.live->Ask(std::move(asking), [this, request, details, done = std::move(done)](
                                            base::Result<std::vector<gather::Given>> given) {
    if (!given) return done(given.error());
    const bool is_old = std::any_of(given->begin(), given->end(), [](const auto& each) {
      return each.outcome != gather::Outcome::kReturned;
    });
    auto both = Load(request, details, {.states = {}, .given = std::move(*given)});
    if (!both) return done(both.error());
    both->is_old = is_old;
    Send(request, *both, done);
  });
}

void EntryHistories::Send(const HistoryRequest& request, const Loaded& loaded, Done done) {
  const decide::Decision& decision = *loaded.decision;
  const Held& held = loaded.held;

  // The same work for a refusal as for a permit: it frees nothing, so nothing is spliced.
  Answer answer(decision, *held.segment, PlacesOf(held));
  const Versions versions(decision, *held.segment, loaded.history, loaded.replaced);
  if (auto added = versions.AddTo(answer); !added) return done(added.error());
  const wire::HistoryHead head{
      .versions = versions.Shown(),
      .withheld = versions.Withheld(),
      .truncated = versions.IsCut(),
      .warnings = WarningsOf(decision, held, versions, loaded.live, loaded.is_old),
      .duties = DutiesOf(decision),
      .policy_version = decision.policy_version()};
  const bool capped = IsCapped(request.of, decision, guesses_);
  const bool refuses = capped || !decision.permitted();
  const bool on_grid = refuses || answer.entries() == 0;
  Outgoing outgoing{
      .entries = {},
      .capped = capped,
      .history = Describe(request, versions, *held.segment, !loaded.history.beyond.empty())};
  if (!refuses) outgoing.entries = answer.numbers();
  const auto describe = [&](const base::Digest& response) {
    outgoing.response = response;
    return Describe(request.of, decision, held, loaded.live, outgoing);
  };
  const auto [reason, advice] = WordsOf(request.of, decision, capped);
  auto sealed = refuses ? std::move(answer).SealRefusal(reason, advice, describe)
                        : std::move(answer).SealOneByOne(
                              [&](const std::vector<std::string>& entries) {
                                return wire::EncodeHistory(head, entries);
                              },
                              describe);
  if (!sealed) return done(sealed.error());
  Dispatch(log_, clock_.Now(),
           {.kind = KindOf(decision, capped), .sealed = std::move(*sealed), .on_grid = on_grid},
           std::move(done));
}

}  // namespace milecastle::disclose

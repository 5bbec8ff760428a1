#include "disclose/view.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "disclose/asking.h"
#include "disclose/demographics.h"
#include "disclose/facts_for.h"
#include "disclose/leaf.h"
#include "disclose/manifest.h"
#include "disclose/release.h"

namespace milecastle::disclose {

// One request's way through the steps.
struct PatientViews::Loaded {
  std::shared_ptr<const decide::Decider> decider;
  Held held;
  std::shared_ptr<const Heard::Times> heard;
  std::unique_ptr<const decide::Decision> decision;  // at a fixed place: answers refer to it
  Live live;
};

namespace {

// Not of choices that leave no line, nor of what a feed said of a source of which the reply keeps
// silent: that there is one would be told (safety.md 2, 6).
std::optional<base::Instant> ChoicesToldAsOf(const decide::Decision& decision,
                                             const record::PatientFacts& facts) {
  std::optional<base::Instant> as_of;
  for (const record::Consent& consent : facts.consents) {
    const bool leaves_no_line = consent.kind == record::ConsentKind::kSealAndLock ||
                                consent.kind == record::ConsentKind::kHide;
    const bool is_feeds =
        consent.by == record::ConsentBy::kFeed || consent.by == record::ConsentBy::kSomeoneElse;
    const bool kept_silent =
        is_feeds && consent.recorded_at && !decision.SpeaksOf(*consent.recorded_at);
    if (leaves_no_line || kept_silent) continue;
    const base::Instant spoke =
        std::max(consent.recorded, consent.withdrawn.value_or(consent.recorded));
    as_of = std::max(as_of.value_or(spoke), spoke);
  }
  return as_of;
}

// How old the word on location protection is (safety.md 12). Not by what a source said of which
// the reply keeps silent: its time would tell of it.
std::optional<base::Instant> LocationToldAsOf(const decide::Decision& decision, const Held& held) {
  std::optional<base::Instant> as_of;
  for (const record::LocationFlag& flag : held.facts.location_flags) {
    if (flag.source && !decision.SpeaksOf(*flag.source)) continue;
    as_of = std::max(as_of.value_or(flag.as_of), flag.as_of);
  }
  return as_of;
}

wire::ViewHead HeadOf(const decide::Decision& decision, const Held& held) {
  wire::ViewHead head{.demographics = ShowDemographics(decision, held),
                      .warnings = WarningsOf(decision, held),
                      .rules = decision.RulesForReader(),
                      .policy_version = decision.policy_version(),
                      .consents_as_of = ChoicesToldAsOf(decision, held.facts),
                      .location_as_of = LocationToldAsOf(decision, held)};
  head.duties = DutiesOf(decision);
  return head;
}

// Adds everything that the decision frees; how many of each class went in.
base::Result<std::vector<std::uint32_t>> AddShown(const decide::Decision& decision,
                                                  const store::Segment& segment, Answer& answer) {
  std::vector<std::uint32_t> shown_per_class(segment.classes.size());
  for (std::uint32_t position = 0; position < segment.items.size(); ++position) {
    const store::SegmentItem& item = segment.items[position];
    const auto shown = decision.Show(item.entry_class, position, EffectiveOf(item));
    if (!shown) continue;
    if (auto added = answer.Add(*shown); !added) return added.error();
    ++shown_per_class.at(item.entry_class);
  }
  return shown_per_class;
}

}  // namespace

PatientViews::PatientViews(store::Store& store, audit::Appender& log, const decide::InForce& policy,
                           const base::Clock& clock, Options options)
    : store_(store),
      log_(log),
      policy_(policy),
      clock_(clock),
      options_(std::move(options)),
      organisations_(Organisations(options_.sources, options_.live)),
      heard_(Organisations(options_.sources), clock),
      guesses_(options_.guesses, clock) {}

base::Result<PatientViews::Loaded> PatientViews::Load(const identify::Details& details,
                                                      const ViewRequest& request, Live live) {
  Loaded loaded{.decider = policy_.Get(), .live = std::move(live)};
  auto snapshot = store_.Read();
  if (!snapshot) return snapshot.error();
  auto held = LoadHeld(**snapshot, details);
  if (!held) return held.error();
  loaded.held = std::move(*held);
  auto heard = heard_.In((*snapshot)->records());
  if (!heard) return heard.error();
  loaded.heard = std::move(*heard);
  snapshot->reset();
  if (!loaded.live.given.empty()) Merge(loaded.live.given, loaded.held);
  auto decision =
      DecideOn(*loaded.decider, RequestOf(request), loaded.held, organisations_, clock_.Now());
  if (!decision) return decision.error();
  loaded.decision = std::make_unique<const decide::Decision>(std::move(*decision));
  return loaded;
}

base::Result<Sealed> PatientViews::Seal(const ViewRequest& request, const Loaded& loaded,
                                        Answer answer, const wire::ViewHead& head, bool capped) {
  const decide::Decision& decision = *loaded.decision;
  if (capped) return SealCapped(request, decision, loaded.held, loaded.live);
  if (!decision.permitted()) return SealRefusal(request, decision, loaded.held, loaded.live);
  const std::vector<std::uint64_t> entries = answer.numbers();
  return std::move(answer).Seal(head, [&](const base::Digest& response) {
    return Describe(request, decision, loaded.held, loaded.live,
                    {.entries = entries, .response = response});
  });
}

void PatientViews::Get(const ViewRequest& request, Done done) {
  const auto details = identify::ReadDetails(request.person);
  if (!details) return done(details.error());
  auto loaded = Load(*details, request, {});
  if (!loaded) return done(loaded.error());
  // A refusal asks nobody (safety.md 9).
  const bool asks = options_.live != nullptr && loaded->decision->permitted() &&
                    !IsCapped(request, *loaded->decision, guesses_);
  if (asks) return AskLive(request, *details, std::move(*loaded), std::move(done));
  Send(request, *loaded, std::move(done));
}

base::Result<LivePlan> PatientViews::PlanLive(const ViewRequest& request,
                                              const Loaded& loaded) const {
  const gather::LiveSources& sources = options_.live->sources();
  if (request.sections.empty()) return PlanOf({*loaded.decision, {}}, loaded.held, sources);
  ViewRequest all = request;
  all.sections.clear();
  const auto whole = DecideOn(*loaded.decider, RequestOf(all), loaded.held, organisations_,
                              loaded.decision->decided_at());
  if (!whole) return whole.error();
  return PlanOf({*whole, request.sections}, loaded.held, sources);
}

void PatientViews::AskLive(const ViewRequest& request, const identify::Details& details,
                           Loaded loaded, Done done) {
  const std::chrono::nanoseconds now = clock_.Monotonic();
  auto planned = PlanLive(request, loaded);
  if (!planned) return done(planned.error());
  LivePlan plan = std::move(*planned);
  gather::Asking asking{.person = {details.nhs_number, details.birth_date, details.family_name},
                        .requester = request.requester,
                        .purpose = request.purpose,
                        .whom = std::move(plan.whom),
                        .until = LiveUntil(request, now, options_.live_limit)};
  if (asking.whom.empty() || asking.until < now + kTooShort) {
    loaded.live.states = std::move(plan.states);
    return Send(request, loaded, std::move(done));
  }
  auto again = [this, request, details, states = std::move(plan.states),
                done = std::move(done)](base::Result<std::vector<gather::Given>> given) {
    if (!given) return done(given.error());
    Live live{.states = states, .given = std::move(*given)};
    Note(live);
    const auto both = Load(details, request, std::move(live));
    if (!both) return done(both.error());
    Send(request, *both, done);
  };
  options_.live->Ask(std::move(asking), std::move(again));
}

void PatientViews::Send(const ViewRequest& request, const Loaded& loaded, Done done) {
  const decide::Decision& decision = *loaded.decision;
  const Held& held = loaded.held;

  // The same work for a refusal as for a permit: it frees nothing, so nothing is spliced.
  Answer answer(decision, *held.segment, PlacesOf(held));
  const auto shown = AddShown(decision, *held.segment, answer);
  if (!shown) return done(shown.error());
  wire::ViewHead head = HeadOf(decision, held);
  head.headlines = answer.headlines();
  head.groups = answer.groups();
  if (NameDiffers(decision, loaded.live)) WarnOnce(head.warnings, "family_name_differs");
  head.manifest = MakeManifest({.decision = decision,
                                .segment = *held.segment,
                                .statements = held.statements,
                                .sources = held.sources,
                                .expected = options_.sources,
                                .heard = *loaded.heard,
                                .shown_per_class = *shown,
                                .live = loaded.live.states});
  const bool capped = IsCapped(request, decision, guesses_);
  const bool on_grid = capped || !decision.permitted() || answer.entries() == 0;
  auto made = Seal(request, loaded, std::move(answer), head, capped);
  if (!made) return done(made.error());
  Dispatch(log_, clock_.Now(), {KindOf(decision, capped), std::move(*made), on_grid},
           std::move(done));
}

}  // namespace milecastle::disclose

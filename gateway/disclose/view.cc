#include "disclose/view.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "audit/payload.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "disclose/demographics.h"
#include "disclose/facts_for.h"
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

constexpr const char* kUniformAdvice =
    "cannot answer: check the details, declare a relationship, or use emergency access";
// Emergency access was used: nothing is left but the details.
constexpr const char* kEmergencyAdvice =
    "cannot answer: check the NHS number, birth date and family name; if they are right, care for "
    "the person without this record";

constexpr const char* kCappedAdvice =
    "you were refused too often for people in whose care you have no known part: wait, or ask "
    "without declaring a relationship where another stands; emergency access is answered";

decide::Request RequestOf(const ViewRequest& request) {
  decide::Request asked{.requester = request.requester,
                        .purpose = request.purpose,
                        .reason_code = request.reason_code,
                        .case_reference = request.case_reference,
                        .sections = request.sections};
  if (!request.declared_relationship.empty()) {
    asked.self_declaration = decide::SelfDeclaration{request.declared_relationship};
  }
  return asked;
}

std::vector<record::OdsCode> Organisations(const std::vector<ExpectedSource>& sources,
                                           const gather::Gather* live = nullptr) {
  std::vector<record::OdsCode> codes;
  codes.reserve(sources.size());
  for (const ExpectedSource& source : sources) codes.push_back(source.organisation);
  if (live == nullptr) return codes;
  for (const auto& source : live->sources()) codes.push_back(source->organisation());
  return codes;
}

const decide::UsedEvidence* OwnWord(const decide::Decision& decision, bool brought_along) {
  const auto evidence = decision.evidence();
  const auto found =
      std::find_if(evidence.begin(), evidence.end(), [&](const decide::UsedEvidence& each) {
        return each.kind == record::EvidenceKind::kSelfDeclared && !each.fact == brought_along;
      });
  return found == evidence.end() ? nullptr : &*found;
}

// The declaration of before that a view rests on, which its review is of; none: one was made now.
std::optional<record::FactId> EarlierDeclaration(const decide::Decision& decision) {
  if (OwnWord(decision, true) != nullptr) return std::nullopt;
  const decide::UsedEvidence* earlier = OwnWord(decision, false);
  return earlier == nullptr ? std::nullopt : earlier->fact;
}

// Duties as govern/trail reads them from the payload.
void WriteDuties(base::JsonWriter& what, const decide::Decision& decision) {
  const auto declaration = EarlierDeclaration(decision);
  what.Open('[');
  for (const decide::Duty& duty : decision.duties()) {
    what.Open('{').Key("kind").Word(KeyOf(duty.kind)).Key("cause").Text(duty.cause);
    if (duty.organisation) what.Key("organisation").Word(duty.organisation->text());
    if (duty.by) {
      const auto micros = duty.by->time_since_epoch().count();
      what.Key("by_micros").Number(static_cast<std::uint64_t>(micros));
    }
    what.Key("held_for").Texts(duty.held_for);
    if (declaration && duty.cause == "self_declared") {
      what.Key("declaration").Word(declaration->ToString());
    }
    what.Close('}');
  }
  what.Close(']');
}

// In order, each once.
std::vector<std::string> Distinct(std::vector<std::string_view> texts) {
  std::sort(texts.begin(), texts.end());
  return {texts.begin(), std::unique(texts.begin(), texts.end())};
}

// "3-7,9": numbers in their order, each run of them by its first and last. A record that came in
// few messages is few runs.
std::string RangesOf(std::vector<std::uint64_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  std::string text;
  for (std::size_t first = 0; first < numbers.size();) {
    std::size_t last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(numbers[first]);
    if (last > first) text += '-' + std::to_string(numbers[last]);
    first = last + 1;
  }
  return text;
}

// Of each live source that was asked, what it answered. The bytes are kept nowhere: their digest
// tells whether somebody else's copy is what was seen.
void WriteLive(base::JsonWriter& what, const Live& live) {
  what.Key("live").Open('[');
  for (const gather::Given& given : live.given) {
    what.Open('{').Key("source").Word(given.source.text());
    what.Key("outcome").Word(gather::KeyOf(given.outcome)).Key("at").Time(given.at);
    what.Key("question").Text(given.question).Key("bundle").Text(given.answer_id);
    what.Key("sha256").Word(given.digest ? base::ToHex(base::AsBytes(*given.digest)) : "");
    what.Key("bytes").Number(given.bytes).Key("entries").Number(given.entries.size());
    what.Key("not_carried").Number(given.not_carried);
    what.Key("retained").Flag(false).Close('}');
  }
  what.Close(']');
}

// What is given out. `capped`: the user has spent their refusals, and is shown nothing whatever was
// decided.
struct Outgoing {
  std::vector<std::uint64_t> entries;  // their numbers
  base::Digest response;
  bool capped = false;
};

// What the leaf's payload says of this view, hidden classes included.
std::string Describe(const ViewRequest& request, const decide::Decision& decision, const Held& held,
                     const Live& live, const Outgoing& outgoing) {
  const bool shows = decision.permitted() && !outgoing.capped;
  audit::Headline headline{
      .organisation = request.requester.organisation->text(),
      .user = request.requester.issuer + " " + request.requester.user,
      .nhs_number = record::NhsNumber::Parse(request.person.nhs_number)->digits(),
      .purpose = std::string(KeyOf(request.purpose)),
      .outcome = shows ? "permitted" : "refused",
      .entails_nothing =
          (outgoing.capped || decision.duties().empty()) && request.declared_relationship.empty()};
  if (held.found.person) headline.person = held.found.person->id.ToString();
  std::vector<std::string_view> sources;
  // A source that leaves no trace in the answer leaves none in the list that other organisations'
  // officers may search; the decision below names it.
  for (const auto& decided : decision.classes()) {
    const record::OdsCode& source = decided.entry_class.source;
    if (!shows || decision.SpeaksOf(source)) sources.push_back(source.text());
  }
  headline.sources = Distinct(std::move(sources));

  constexpr std::size_t kMostly = 1024;  // beside the decision
  base::JsonWriter what(decision.Encode().size() + kMostly);
  what.Open('{').Key("record_version");
  what.Number(held.found.person ? held.found.person->record_version : 0);
  what.Key("user").Text(request.requester.user);
  what.Key("declared_relationship").Text(request.declared_relationship);
  what.Key("duties");
  if (outgoing.capped) {
    what.Open('[').Close(']').Key("capped").Flag(true);
  } else {
    WriteDuties(what, decision);
  }
  what.Key("family_name_as_asked").Text(request.person.family_name);
  what.Key("birth_date_as_asked").Text(request.person.birth_date);
  what.Key("answer_sha256").Word(base::ToHex(base::AsBytes(outgoing.response)));
  what.Key("entries").Word(RangesOf(outgoing.entries));
  if (!live.given.empty()) WriteLive(what, live);
  what.Key("decision").Json(decision.Encode()).Close('}');
  return audit::MakePayload(headline, std::move(what).Take());
}

base::Result<Sealed> SealRefusal(const ViewRequest& request, const decide::Decision& decision,
                                 const Held& held, const Live& live) {
  const decide::Reason reason = decision.ReasonForReader();
  const std::string told =
      decision.uniform_refusal() ? "cannot_answer" : std::string(KeyOf(reason));
  const bool emergency = request.purpose == record::Purpose::kEmergency;
  const std::string advice = !decision.uniform_refusal() ? std::string(PlainEnglishOf(reason))
                             : emergency                 ? kEmergencyAdvice
                                                         : kUniformAdvice;
  return Answer(decision, *held.segment)
      .SealRefusal(told, advice, [&](const base::Digest& response) {
        return Describe(request, decision, held, live, {.response = response});
      });
}

// Whatever was decided: the answer of a user who has spent their refusals.
base::Result<Sealed> SealCapped(const ViewRequest& request, const decide::Decision& decision,
                                const Held& held, const Live& live) {
  return Answer(decision, *held.segment)
      .SealRefusal("too_many_refusals", kCappedAdvice, [&](const base::Digest& response) {
        return Describe(request, decision, held, live, {.response = response, .capped = true});
      });
}

// Not of choices that leave no line: that there is one would be told (safety.md 2, 6).
std::optional<base::Instant> ChoicesToldAsOf(const record::PatientFacts& facts) {
  std::optional<base::Instant> as_of;
  for (const record::Consent& consent : facts.consents) {
    if (consent.kind == record::ConsentKind::kSealAndLock ||
        consent.kind == record::ConsentKind::kHide) {
      continue;
    }
    const base::Instant spoke =
        std::max(consent.recorded, consent.withdrawn.value_or(consent.recorded));
    as_of = std::max(as_of.value_or(spoke), spoke);
  }
  return as_of;
}

// How old the word on location protection is (safety.md 12). Not by what a feed said that speaks
// for nobody but sources of which the reply keeps silent: its time would tell of them.
std::optional<base::Instant> LocationToldAsOf(const decide::Decision& decision, const Held& held,
                                              const std::vector<ExpectedSource>& expected) {
  const auto kept_silent = [&](const std::string& feed) {
    const auto speaks_for = [&](const ExpectedSource& source) {
      return std::find(source.feeds.begin(), source.feeds.end(), feed) != source.feeds.end();
    };
    const auto is_spoken_of = [&](const ExpectedSource& source) {
      return speaks_for(source) && decision.SpeaksOf(source.organisation);
    };
    return std::any_of(expected.begin(), expected.end(), speaks_for) &&
           std::none_of(expected.begin(), expected.end(), is_spoken_of);
  };
  std::optional<base::Instant> as_of;
  for (const record::LocationFlag& flag : held.facts.location_flags) {
    if (!kept_silent(flag.said_by)) as_of = std::max(as_of.value_or(flag.as_of), flag.as_of);
  }
  return as_of;
}

// Every notice to the patient waits for a person's eye. The reader is told so of each: 'only this
// one' would tell of safeguarding that they may not see (safety.md 2, 4).
std::string DutyForReader(decide::DutyKind kind) {
  return std::string(KeyOf(kind)) + (kind == decide::DutyKind::kTellPatient ? "_after_review" : "");
}

wire::ViewHead HeadOf(const decide::Decision& decision, const Held& held,
                      const std::vector<ExpectedSource>& expected) {
  wire::ViewHead head{.demographics = ShowDemographics(decision, held),
                      .warnings = WarningsOf(decision, held),
                      .rules = decision.RulesForReader(),
                      .policy_version = decision.policy_version(),
                      .consents_as_of = ChoicesToldAsOf(held.facts),
                      .location_as_of = LocationToldAsOf(decision, held, expected)};
  for (const decide::Duty& duty : decision.duties()) {
    head.duties.push_back({.kind = DutyForReader(duty.kind),
                           .organisation = duty.organisation ? duty.organisation->text() : "",
                           .due = duty.by});
  }
  return head;
}

// A practice that answered for the number and birth date, under another name.
bool NameDiffers(const decide::Decision& decision, const Live& live) {
  return std::any_of(live.given.begin(), live.given.end(), [&](const gather::Given& given) {
    return given.name_differs && decision.SpeaksOf(given.source);
  });
}

void WarnOnce(wire::ViewHead& head, const std::string& of) {
  auto& warnings = head.warnings;
  if (std::find(warnings.begin(), warnings.end(), of) == warnings.end()) warnings.push_back(of);
}

std::optional<base::Instant> EffectiveOf(const store::SegmentItem& item) {
  if (item.effective_micros == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
  return base::Instant(std::chrono::microseconds(item.effective_micros));
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

audit::Kind KindOf(const decide::Decision& decision, bool capped) {
  if (capped || !decision.permitted()) return audit::Kind::kRefusal;
  return decision.request().purpose == record::Purpose::kEmergency ? audit::Kind::kEmergency
                                                                   : audit::Kind::kView;
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

bool PatientViews::IsCapped(const ViewRequest& request, const decide::Decision& decision) {
  // Neither is ever stopped (safety.md 1, 3).
  const bool open = request.purpose == record::Purpose::kEmergency ||
                    request.purpose == record::Purpose::kSafeguarding;
  if (decision.uniform_refusal()) return !guesses_.Spend(request.requester) && !open;
  // A declaration of before tells nothing new of who is here.
  const bool on_own_word = decision.permitted() && OwnWord(decision, true) != nullptr;
  return !open && on_own_word && guesses_.IsSpent(request.requester);
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
                    !IsCapped(request, *loaded->decision);
  if (asks) return AskLive(request, *details, std::move(*loaded), std::move(done));
  Send(request, *loaded, std::move(done));
}

// A tenth of what the caller's time is, and no less than so much, is ours: to decide, to splice, to
// make the entry durable.
std::chrono::nanoseconds PatientViews::UntilFor(const ViewRequest& request,
                                                std::chrono::nanoseconds now) const {
  constexpr std::chrono::milliseconds kLeast{200};
  const std::chrono::nanoseconds limit = now + options_.live_limit;
  if (!request.until) return limit;
  const std::chrono::nanoseconds ours =
      std::max<std::chrono::nanoseconds>(kLeast, (*request.until - now) / 10);
  return std::min(limit, *request.until - ours);
}

void PatientViews::AskLive(const ViewRequest& request, const identify::Details& details,
                           Loaded loaded, Done done) {
  constexpr std::chrono::milliseconds kTooShort{20};
  const std::chrono::nanoseconds now = clock_.Monotonic();
  LivePlan plan = PlanOf(*loaded.decision, loaded.held, options_.live->sources());
  gather::Asking asking{.person = {details.nhs_number, details.birth_date, details.family_name},
                        .requester = request.requester,
                        .purpose = request.purpose,
                        .whom = std::move(plan.whom),
                        .until = UntilFor(request, now)};
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
  Answer answer(decision, *held.segment);
  const auto shown = AddShown(decision, *held.segment, answer);
  if (!shown) return done(shown.error());
  wire::ViewHead head = HeadOf(decision, held, options_.sources);
  head.headlines = answer.headlines();
  head.groups = answer.groups();
  if (NameDiffers(decision, loaded.live)) WarnOnce(head, "family_name_differs");
  head.manifest = MakeManifest({.decision = decision,
                                .segment = *held.segment,
                                .statements = held.statements,
                                .sources = held.sources,
                                .expected = options_.sources,
                                .heard = *loaded.heard,
                                .shown_per_class = *shown,
                                .live = loaded.live.states});
  const bool capped = IsCapped(request, decision);
  const bool on_grid = capped || !decision.permitted() || answer.entries() == 0;
  auto made = Seal(request, loaded, std::move(answer), head, capped);
  if (!made) return done(made.error());
  auto sealed = std::make_shared<Sealed>(std::move(*made));
  audit::Entry entry{.event_id = base::Uuid::New(clock_.Now()),
                     .kind = KindOf(decision, capped),
                     .payload = sealed->payload()};
  const bool emergency = entry.kind == audit::Kind::kEmergency;
  log_.Append(std::move(entry), [=, done = std::move(done)](base::Result<audit::Receipt> receipt) {
    if (!receipt) return done(receipt.error());
    if (emergency) base::Log(base::LogId::kBreakGlass, {{"leaf", receipt->index()}});
    auto response = Sealed::Free(std::move(*sealed), std::move(*receipt));
    if (!response) return done(response.error());
    done(ViewAnswer{.response = std::move(*response), .on_grid = on_grid});
  });
}

}  // namespace milecastle::disclose

#include "disclose/live.h"

#include <algorithm>
#include <array>
#include <utility>

#include "record/record_system.h"
#include "store/merged_segment.h"

namespace milecastle::disclose {
namespace {

using gather::Given;
using gather::Outcome;
using record::Section;
using store::Segment;

bool MayHold(const Held& held, const record::OdsCode& source, base::Instant now) {
  const auto& evidence = held.facts.evidence;
  return std::any_of(held.sources.begin(), held.sources.end(),
                     [&](const auto& each) { return each.first == source; }) ||
         std::any_of(held.found.identities.begin(), held.found.identities.end(),
                     [&](const auto& each) { return each.source == source; }) ||
         std::any_of(evidence.begin(), evidence.end(), [&](const record::Evidence& each) {
           return each.kind == record::EvidenceKind::kRegisteredPractice &&
                  each.organisation == source && record::LiveAt(each.period, now);
         });
}

// GP Connect's direct care; keeping somebody safe is a part of it, an inquiry into them is not.
bool IsCare(record::Purpose purpose) {
  constexpr std::array kCare = {record::Purpose::kDirectCare, record::Purpose::kEmergency,
                                record::Purpose::kReferral, record::Purpose::kMeeting,
                                record::Purpose::kSafeguarding};
  return std::find(kCare.begin(), kCare.end(), purpose) != kCare.end();
}

bool Holds(std::span<const Section> sections, Section section) {
  return std::find(sections.begin(), sections.end(), section) != sections.end();
}

// What closes a section to this reader and to no other: what it was granted. What the person chose
// and what the source agreed to are kept by not asking at all.
bool IsReadersOwn(decide::Reason reason) {
  return reason == decide::Reason::kNotForPurpose || reason == decide::Reason::kNotForRelationship;
}

// What of a source is asked for; fills in why nothing is.
std::vector<Section> SectionsFor(const Wanted& wanted, const gather::LiveSource& source,
                                 LiveState& state) {
  std::vector<Section> sections;
  bool hidden = false;
  state.kind = LiveState::Kind::kNotWanted;
  for (const Section section : source.sections()) {
    const decide::Verdict& verdict = wanted.whole.LineOf(source.organisation(), section);
    if (verdict.shows() || IsReadersOwn(verdict.reason)) sections.push_back(section);
    if (!wanted.sections.empty() && !Holds(wanted.sections, section)) continue;
    hidden = hidden || verdict.outcome == decide::Outcome::kHide;
    if (verdict.shows()) {
      state.kind = LiveState::Kind::kAsked;
    } else if (state.kind != LiveState::Kind::kAsked) {
      state.kind = LiveState::Kind::kNotPermitted;
      state.section = section;
    }
  }
  if (state.kind != LiveState::Kind::kAsked && hidden) {
    // Of documents a view says nothing where all went well: as if there were none.
    state.kind =
        source.gives_documents() ? LiveState::Kind::kNotWanted : LiveState::Kind::kNotTheirs;
  }
  if (state.kind != LiveState::Kind::kAsked) return {};
  if (IsCare(wanted.whole.request().purpose)) return sections;
  state.kind = LiveState::Kind::kNotForPurpose;
  return {};
}

// What those who answered gave in place of what is stored of them.
std::shared_ptr<const Segment> MergedWith(const std::vector<Given>& all, const Segment& stored) {
  std::vector<store::GivenAnew> anew;
  for (const Given& given : all) {
    if (given.outcome != Outcome::kReturned) continue;
    anew.push_back({given.source, given.covers, given.entries, given.system});
  }
  return std::make_shared<const Segment>(store::Merged(stored, anew));
}

// What another of the source's systems said stands beside it.
void ReplaceStatements(const Given& given, Held& held) {
  const std::string system = record::OfSystem(given.system);
  std::erase_if(held.statements, [&](const store::SourceStatement& said) {
    const auto& covers = given.covers;
    return said.source == given.source && (said.system.empty() || said.system == system) &&
           std::find(covers.begin(), covers.end(), said.statement.section) != covers.end();
  });
  for (const record::SectionStatement& statement : given.statements) {
    held.statements.push_back(
        {given.source, statement, given.at, !given.identity->shareable, system});
  }
}

// Who the source says that the person is, in place of what it said before. Its traced number stays
// traced where this answer says nothing of tracing.
void ReplaceIdentity(const Given& given, Held& held) {
  auto& identities = held.found.identities;
  const auto known = std::find_if(identities.begin(), identities.end(), [&](const auto& identity) {
    return identity.source == given.source;
  });
  if (known == identities.end()) {
    identities.push_back(*given.identity);
  } else {
    known->demographics = given.identity->demographics;
    known->updated = given.at;
    known->shareable = given.identity->shareable;
  }
}

// When what it sends of itself last came is left as it is: of other sections that is as old as
// ever.
void NoteSource(const Given& given, Held& held) {
  const bool known = std::any_of(held.sources.begin(), held.sources.end(),
                                 [&](const auto& each) { return each.first == given.source; });
  if (!known) held.sources.emplace_back(given.source, given.at);
}

// What only tightens counts at once.
void TightenFacts(const Given& given, Held& held) {
  if (given.location_protection &&
      *given.location_protection != record::LocationProtection::kNone) {
    held.facts.location_flags.push_back({.level = *given.location_protection,
                                         .said_by = given.source.text(),
                                         .as_of = given.at,
                                         .source = given.source});
  }
  auto& untraced = held.facts.untraced_sources;
  const bool known = std::find(untraced.begin(), untraced.end(), given.source) != untraced.end();
  if (!given.identity->shareable && !known) untraced.push_back(given.source);
}

// It answered that the person does not consent there. As if it had sent that, it is an objection to
// what is held of this source, from whenever it came; in this view alone, for nothing was sent.
void Object(const Given& given, Held& held) {
  record::Consent objection;
  objection.id = record::FactId::New(given.at);
  objection.kind = record::ConsentKind::kObjection;
  objection.by = record::ConsentBy::kFeed;
  objection.scope.sources = {given.source};
  objection.reason_code = gather::KeyOf(given.outcome);
  objection.recorded_at = given.source;
  objection.recorded = given.at;
  held.facts.consents.push_back(std::move(objection));
}

}  // namespace

LivePlan PlanOf(const Wanted& wanted, const Held& held, const gather::LiveSources& sources) {
  const decide::Decision& decision = wanted.whole;
  LivePlan plan;
  plan.states.reserve(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const record::OdsCode& organisation = sources[i]->organisation();
    LiveState state{.source = organisation, .of_documents = sources[i]->gives_documents()};
    if (decision.SpeaksOf(organisation) && MayHold(held, organisation, decision.decided_at())) {
      auto sections = SectionsFor(wanted, *sources[i], state);
      if (!sections.empty()) plan.whom.push_back({i, std::move(sections)});
    }
    plan.states.push_back(std::move(state));
  }
  return plan;
}

LivePlan PlanFor(const decide::Decision& decision, const Held& held,
                 const gather::LiveSources& sources, const record::OdsCode& organisation) {
  LivePlan plan = PlanOf({.whole = decision, .sections = {}}, held, sources);
  std::erase_if(plan.whom, [&](const gather::ToAsk& each) {
    return sources[each.source]->organisation() != organisation;
  });
  return plan;
}

void Note(Live& live) {
  for (const Given& given : live.given) {
    LiveState& state = live.states.at(given.place);
    state.outcome = given.outcome;
    state.at = given.at;
  }
}

void Merge(const std::vector<Given>& all, Held& held) {
  held.segment = MergedWith(all, *held.segment);
  for (const Given& given : all) {
    if (given.outcome == Outcome::kDissent) Object(given, held);
    if (given.outcome != Outcome::kReturned || !given.identity) continue;
    ReplaceStatements(given, held);
    ReplaceIdentity(given, held);
    NoteSource(given, held);
    TightenFacts(given, held);
  }
}

}  // namespace milecastle::disclose

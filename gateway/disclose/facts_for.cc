#include "disclose/facts_for.h"

#include <algorithm>

namespace milecastle::disclose {
namespace {

decide::Match MatchOf(identify::Match match) {
  switch (match) {
    case identify::Match::kNobody:
      return decide::Match::kNoSuchPerson;
    case identify::Match::kBirthDateDiffers:
      return decide::Match::kDetailsMismatch;
    case identify::Match::kMatched:
      return decide::Match::kMatched;
    case identify::Match::kMatchedNameDiffers:
      return decide::Match::kMatchedNameDiffers;
  }
  return decide::Match::kNoSuchPerson;
}

std::optional<record::BirthDate> BirthDateOf(const identify::Found& found) {
  for (const auto& identity : found.identities) {
    if (identity.demographics.birth_date) return identity.demographics.birth_date;
  }
  return std::nullopt;
}

}  // namespace

base::Result<Held> LoadHeld(store::Snapshot& snapshot, const identify::Details& details) {
  auto found = identify::FindPerson(snapshot.patients(), details);
  if (!found) return found.error();
  Held held{.found = std::move(*found)};
  // Nobody, or somebody else: the same reads of an id that nobody has.
  const record::PersonId person = held.found.matched() ? held.found.person->id : record::PersonId{};
  auto facts = snapshot.facts().FactsOf(person);
  if (!facts) return facts.error();
  held.facts = std::move(*facts);
  auto segment = snapshot.records().SegmentOf(person);
  if (!segment) return segment.error();
  held.segment = std::move(*segment);
  auto statements = snapshot.records().StatementsOf(person);
  if (!statements) return statements.error();
  held.statements = std::move(*statements);
  auto sources = snapshot.records().SourcesOf(person);
  if (!sources) return sources.error();
  held.sources = std::move(*sources);
  return held;
}

base::Result<decide::Decision> DecideOn(const decide::Decider& decider, decide::Request request,
                                        const Held& held,
                                        const std::vector<record::OdsCode>& manifest_sources,
                                        base::Instant now) {
  request.match = MatchOf(held.found.match);
  if (held.found.matched()) {
    request.nhs_number = held.found.person->nhs_number;
    request.birth_date = BirthDateOf(held.found);
  }
  std::vector<record::OdsCode> sources = manifest_sources;
  for (const auto& [source, last] : held.sources) sources.push_back(source);
  for (const auto& identity : held.found.identities) sources.push_back(identity.source);
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  const decide::Known known{.facts = &held.facts, .classes = held.segment->classes, .sources = sources};
  return decider.Decide(request, known, now);
}

}  // namespace milecastle::disclose

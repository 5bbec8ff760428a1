#include "disclose/facts_for.h"

#include <array>

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

template <class T>
base::Result<void> Take(base::Result<T> from, T& into) {
  if (!from) return from.error();
  into = std::move(*from);
  return {};
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
  // Nobody, or somebody else: the same reads of an id that nobody has, whose answer is `not found`
  // or empty.
  const record::PersonId person = held.found.matched() ? held.found.person->id : record::PersonId{};
  held.segment = std::make_shared<const store::Segment>();
  const std::array<base::Result<void>, 4> reads = {
      Take(snapshot.facts().FactsOf(person), held.facts),
      Take(snapshot.records().SegmentOf(person), held.segment),
      Take(snapshot.records().StatementsOf(person), held.statements),
      Take(snapshot.records().SourcesOf(person), held.sources)};
  for (const auto& read : reads) {
    const bool nobody =
        !read && !held.found.matched() && read.error().id == base::ErrorId::kNotFound;
    if (!read && !nobody) return read.error();
  }
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
  std::vector<record::OdsCode> sources;
  sources.reserve(manifest_sources.size() + held.sources.size() + held.found.identities.size());
  sources = manifest_sources;
  for (const auto& [source, last] : held.sources) sources.push_back(source);
  for (const auto& identity : held.found.identities) sources.push_back(identity.source);
  const decide::Known known{
      .facts = &held.facts, .classes = held.segment->classes, .sources = sources};
  return decider.Decide(std::move(request), known, now);
}

}  // namespace milecastle::disclose

#include "inside/derived_cache.h"

#include <utility>

namespace milecastle::store::sqlite {
namespace {

std::size_t SizeOf(const Segment& segment) {
  return sizeof(Segment) + segment.bytes.capacity() +
         segment.items.capacity() * sizeof(SegmentItem) +
         segment.links.capacity() * sizeof(SegmentLink) +
         segment.systems.capacity() * sizeof(std::string) +
         segment.keys.capacity() * sizeof(std::uint64_t) +
         segment.classes.capacity() * sizeof(record::EntryClass);
}

std::size_t SizeOf(const record::PatientFacts& facts) {
  return sizeof(record::PatientFacts) + facts.evidence.capacity() * sizeof(record::Evidence) +
         facts.consents.capacity() * sizeof(record::Consent) +
         facts.location_flags.capacity() * sizeof(record::LocationFlag) +
         facts.statements.capacity() * sizeof(record::SectionStatement);
}

std::size_t SizeOf(const std::vector<SourceStatement>& statements) {
  std::size_t bytes = statements.capacity() * sizeof(SourceStatement);
  for (const SourceStatement& each : statements)
    bytes += each.statement.text.capacity() + each.system.capacity();
  return bytes;
}

// Names, addresses and the like are counted as what their lists hold, not letter by letter.
std::size_t SizeOf(const std::vector<Identity>& identities) {
  std::size_t bytes = identities.capacity() * sizeof(Identity);
  for (const Identity& each : identities) {
    const Demographics& held = each.demographics;
    bytes += each.local_identifiers.capacity() * sizeof(record::LocalIdentifier) +
             held.names.capacity() * sizeof(record::PersonName) +
             held.addresses.capacity() * sizeof(record::Address) +
             held.telecoms.capacity() * sizeof(record::Telecom);
  }
  return bytes;
}

std::size_t SizeOf(const Derived& derived) {
  std::size_t bytes = 0;
  if (derived.segment) bytes += SizeOf(*derived.segment);
  if (derived.facts) bytes += SizeOf(*derived.facts);
  if (derived.statements) bytes += SizeOf(*derived.statements);
  if (derived.identities) bytes += SizeOf(*derived.identities);
  if (derived.sources) bytes += derived.sources->capacity() * sizeof(SourceLast);
  return bytes;
}

void Add(Derived& to, Derived parts) {
  if (parts.segment) to.segment = std::move(parts.segment);
  if (parts.facts) to.facts = std::move(parts.facts);
  if (parts.statements) to.statements = std::move(parts.statements);
  if (parts.identities) to.identities = std::move(parts.identities);
  if (parts.sources) to.sources = std::move(parts.sources);
}

}  // namespace

Derived DerivedCache::Find(record::PersonId person, const DerivedOf& of) {
  const std::lock_guard lock(mutex_);
  const auto found = by_person_.find(person);
  if (found == by_person_.end() || found->second->of != of) return {};
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return found->second->derived;
}

void DerivedCache::Keep(record::PersonId person, const DerivedOf& of, Derived parts) {
  const std::lock_guard lock(mutex_);
  Held held{.person = person, .of = of, .derived = {}};
  if (const auto found = by_person_.find(person); found != by_person_.end()) {
    // A reader of an older snapshot must not push out what is newer.
    if (found->second->of > of) return;
    if (found->second->of == of) held.derived = std::move(found->second->derived);
    Drop(found->second);
  }
  Add(held.derived, std::move(parts));
  held.bytes = SizeOf(held.derived);
  if (held.bytes > limit_) return;
  bytes_ += held.bytes;
  by_use_.push_front(std::move(held));
  by_person_[person] = by_use_.begin();
  while (bytes_ > limit_) Drop(std::prev(by_use_.end()));
}

void DerivedCache::Drop(std::list<Held>::iterator held) {
  bytes_ -= held->bytes;
  by_person_.erase(held->person);
  by_use_.erase(held);
}

}  // namespace milecastle::store::sqlite

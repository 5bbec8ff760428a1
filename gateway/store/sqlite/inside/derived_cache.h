// What readers derived of persons from the rows, shared between them: the newest version of each
// person's, the least recently used dropped first.
//
// What is kept here is valid at one record_version alone, so it may hold nothing that changes
// without the version advancing (records.h, facts.h).
//
// Thread-safety: every method may be called from any thread. Failure: none; a miss is built anew.
#pragma once

#include <compare>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "record/facts.h"
#include "store/patients.h"
#include "store/records.h"

namespace milecastle::store::sqlite {

// A source, with when it last gave anything for the person.
using SourceLast = std::pair<record::OdsCode, base::Instant>;

// Each part is there or not, as readers came to need it.
struct Derived {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const record::PatientFacts> facts;
  std::shared_ptr<const std::vector<SourceStatement>> statements;
  std::shared_ptr<const std::vector<Identity>> identities;
  std::shared_ptr<const std::vector<SourceLast>> sources;
};

// Of what a thing was derived: a record at one version, under rules that are numbered as they come.
struct DerivedOf {
  std::uint64_t rules = 0;
  std::uint64_t record_version = 0;
  auto operator<=>(const DerivedOf&) const = default;
};

class DerivedCache {
 public:
  explicit DerivedCache(std::size_t limit_bytes) : limit_(limit_bytes) {}

  // Empty where there is nothing of exactly this version and these rules.
  Derived Find(record::PersonId person, const DerivedOf& of);
  // Adds the parts that are there.
  void Keep(record::PersonId person, const DerivedOf& of, Derived parts);

 private:
  struct Held {
    record::PersonId person;
    DerivedOf of = {};
    Derived derived;
    std::size_t bytes = 0;
  };
  void Drop(std::list<Held>::iterator held);

  const std::size_t limit_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::list<Held> by_use_;  // most recently used first
  std::unordered_map<record::PersonId, std::list<Held>::iterator> by_person_;
};

}  // namespace milecastle::store::sqlite

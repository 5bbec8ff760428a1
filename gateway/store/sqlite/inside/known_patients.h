// The persons and identities that the writer read or wrote last, as they stand in its transaction:
// a source speaks of the same patients again and again, and nobody but the writer changes their
// rows.
//
// Whoever changes a row says so here at once; a work that is undone takes all of it along. Rows are
// checked against their seals when they are read, not when they are found here.
//
// Thread-safety: one thread, as the connection. Failure: none; what is not here is read.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text_map.h"
#include "store/patients.h"

namespace milecastle::store::sqlite {

// The values asked for last; the one not asked for the longest is dropped first.
template <class Key, class Value, class Hash = std::hash<Key>>
class Recent {
 public:
  explicit Recent(std::size_t limit) : limit_(limit) {}

  // Until the next Keep or Drop.
  const Value* Find(const Key& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return &found->second->second;
  }
  void Keep(const Key& key, Value value) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      found->second->second = std::move(value);
      return;
    }
    by_use_.emplace_front(key, std::move(value));
    by_key_.emplace(key, by_use_.begin());
    if (by_use_.size() > limit_) Drop(Key(by_use_.back().first));
  }
  // And knows it no more.
  std::optional<Value> Take(const Key& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return std::nullopt;
    std::optional<Value> value(std::move(found->second->second));
    by_use_.erase(found->second);
    by_key_.erase(found);
    return value;
  }
  void Drop(const Key& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return;
    by_use_.erase(found->second);
    by_key_.erase(found);
  }
  void Clear() {
    by_key_.clear();
    by_use_.clear();
  }

 private:
  using ByUse = std::list<std::pair<Key, Value>>;  // last used first
  const std::size_t limit_;
  ByUse by_use_;
  std::unordered_map<Key, typename ByUse::iterator, Hash> by_key_;
};

// A source's name for a patient.
struct LocalName {
  record::OdsCode source;
  record::LocalIdentifier local;
  bool operator==(const LocalName&) const = default;
};
struct HashOfLocalName {
  std::size_t operator()(const LocalName& name) const {
    const base::TextHash hash;
    return hash(name.local.value) ^ (hash(name.source.text()) << 1U);
  }
};

struct KnownPatients {
  static constexpr std::size_t kLimit = 8192;  // some 16 MB of identities

  Recent<record::PersonId, Person> persons{kLimit};
  Recent<record::IdentityId, Identity> identities{kLimit};
  // Whom a name finds first; names that find nobody are not kept.
  Recent<LocalName, record::IdentityId, HashOfLocalName> by_local{kLimit};
  // The ids of those whose facts are a person's (facts_table.cc).
  Recent<record::PersonId, std::vector<std::string>> fact_owners{kLimit};

  void Forget() {
    persons.Clear();
    identities.Clear();
    by_local.Clear();
    fact_owners.Clear();
  }
};

}  // namespace milecastle::store::sqlite

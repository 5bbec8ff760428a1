// What the tables of one transaction or snapshot share.
//
// Thread-safety: one thread at a time. Failure: none of its own.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "inside/classes.h"
#include "inside/connection.h"
#include "inside/following.h"
#include "inside/known_patients.h"
#include "store/patients.h"

namespace milecastle::store::sqlite {

struct Session {
  explicit Session(Connection& on, const Following* rules = nullptr)
      : connection(on), classes(on), following(rules) {}

  Connection& connection;
  Classes classes;
  const Following* following;  // null: labels are as they are stored
  // The writer's: under which rules the store knows itself to be.
  std::optional<base::Digest> labelled_by;

  // The writer's, from work to work. A snapshot has no work, and keeps nothing.
  KnownPatients known;

  // Of the current work: whose record_version it has advanced, who owns the identities that it
  // wrote for, and when it noted that a source spoke of them.
  bool in_work = false;
  std::unordered_set<record::PersonId> advanced;
  std::unordered_map<record::IdentityId, record::PersonId> owners;
  std::map<std::pair<record::IdentityId, record::OdsCode>, base::Instant> spoken;

  // What is to be added to the sums of feeds, by feed and disposition, and to the counts, by feed,
  // organisation, disposition and error: once for many messages.
  struct FeedSum {
    std::int64_t messages = 0;
    std::int64_t open = 0;
    base::Instant last_received;
  };
  std::map<std::pair<std::string, std::string>, FeedSum> feed_sums;
  std::map<std::array<std::string, 4>, FeedSum> counts;

  void StartWork() {
    in_work = true;
    advanced.clear();
    owners.clear();
    spoken.clear();
  }
  void AfterRollback() {
    classes.Forget();
    known.Forget();
    labelled_by.reset();
    feed_sums.clear();
    counts.clear();
  }
};

}  // namespace milecastle::store::sqlite

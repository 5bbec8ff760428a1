// What the tables of one transaction or snapshot share.
//
// Thread-safety: one thread at a time. Failure: none of its own.
#pragma once

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "inside/classes.h"
#include "inside/connection.h"

namespace milecastle::store::sqlite {

struct Session {
  explicit Session(Connection& on) : connection(on), classes(on) {}

  Connection& connection;
  Classes classes;

  // Of the current work: whose record_version it has advanced, who owns the identities that it
  // wrote for, and when it noted that a source spoke of them.
  std::unordered_set<record::PersonId> advanced;
  std::unordered_map<record::IdentityId, record::PersonId> owners;
  std::map<std::pair<record::IdentityId, record::OdsCode>, base::Instant> spoken;

  void StartWork() {
    advanced.clear();
    owners.clear();
    spoken.clear();
  }
  void AfterRollback() { classes.Forget(); }
};

}  // namespace milecastle::store::sqlite

// An identity as a row.
//
// Thread-safety: functions of their arguments. Failure: Row's.
#pragma once

#include <string>
#include <vector>

#include "inside/connection.h"
#include "inside/row.h"
#include "store/patients.h"

namespace milecastle::store::sqlite {

inline constexpr std::string_view kIdentitiesTable = "identities";

Identity ReadIdentity(Row& row);
// The column `claim`.
std::string ClaimOf(const Identity& identity);
Seal SealOfIdentity(const Identity& identity, const std::string& claim);

// A row of folded_names: what an identity without a number is found by.
struct FoundBy {
  std::string family;
  std::string sound;
  std::string given;
  std::string postcode;  // empty: NULL
  bool operator==(const FoundBy&) const = default;
};
// Each family name with its first given name, at each postcode; for each name one at least. Of
// somebody of very many names and addresses the first ones.
std::vector<FoundBy> FoundByOf(const Identity& identity);

// Writes them anew.
base::Result<void> IndexNames(Connection& connection, const Identity& identity);

}  // namespace milecastle::store::sqlite

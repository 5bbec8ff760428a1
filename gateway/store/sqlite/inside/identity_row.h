// An identity as a row.
//
// Thread-safety: functions of their arguments. Failure: Row's.
#pragma once

#include "inside/row.h"
#include "store/patients.h"

namespace milecastle::store::sqlite {

inline constexpr std::string_view kIdentitiesTable = "identities";

Identity ReadIdentity(Row& row);
// The column `claim`.
std::string ClaimOf(const Identity& identity);
std::string SealOfIdentity(const Identity& identity, const std::string& claim);

// The rows of folded_names: one for each family name, none without a birth date.
std::vector<std::string> FoldedFamilies(const Identity& identity);

}  // namespace milecastle::store::sqlite

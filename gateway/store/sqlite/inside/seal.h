// The seal of a row: 16 bytes of salt, then SHA-256(salt ‖ table ‖ columns).
//
// SQLite's own check misses most flipped bits of a row's content; a seal misses none. Each column
// goes in as its type ('n' NULL, 'i' integer, 't' text, 'b' bytes), its length as eight
// little-endian bytes, and its bytes, an integer as eight. NULLs at the end of a row do not count,
// so that a later migration may add a column without sealing every row anew.
//
// The seal finds rot and clumsy hands. Somebody who may write the file can seal what they wrote:
// against them stands the audit log.
//
// Thread-safety: functions of their arguments. Failure: none.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/crypto.h"
#include "inside/statement.h"
#include "inside/value.h"

namespace milecastle::store::sqlite {

// Where the parts stand in every table: seq, seal, then the columns that the seal covers.
inline constexpr int kSealColumn = 1;
inline constexpr int kFirstColumn = 2;

struct Seal {
  std::array<char, sizeof(base::Salt) + sizeof(base::Digest)> bytes;
  operator std::string_view() const {  // NOLINT(google-explicit-constructor)
    return {bytes.data(), bytes.size()};
  }
};

Seal SealOf(std::string_view table, std::span<const Value> columns);
// Of the current row of a `SELECT *` over the table.
bool SealHolds(std::string_view table, const Statement& row);

}  // namespace milecastle::store::sqlite

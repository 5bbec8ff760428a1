// One prepared statement, and one open database file: the only files that call SQLite's C API for
// rows.
//
// SQL text is always a constant of this program; data goes in by Bind alone.
// Thread-safety: one thread at a time. Failure: as ErrorOf says.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "inside/value.h"

namespace milecastle::store::sqlite {

// What a result code means to a caller of the store. No text of SQLite's that could hold a value.
base::Error ErrorOf(int code);

class Statement {
 public:
  explicit Statement(sqlite3_stmt* raw) : raw_(raw) {}

  // From the given parameter on, of which the first is 1. What the values view must live until
  // Reset.
  int Bind(std::span<const Value> values, int from);
  int Step() { return sqlite3_step(raw_.get()); }  // SQLITE_ROW, SQLITE_DONE or why not
  void Reset();

  int columns() const { return sqlite3_column_count(raw_.get()); }
  // Views into the current row, until the next Step or Reset.
  Value Column(int index) const;

 private:
  struct Finalise {
    void operator()(sqlite3_stmt* raw) const { sqlite3_finalize(raw); }
  };
  int BindOne(int index, const Value& value);
  std::unique_ptr<sqlite3_stmt, Finalise> raw_;
};

}  // namespace milecastle::store::sqlite

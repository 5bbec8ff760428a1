// Interned classes of entries: what entries have in common, as a number of four bytes.
//
// Thread-safety: one thread, as the connection that it reads through. Failure: as query.h.
#pragma once

#include <unordered_map>

#include "base/text_map.h"
#include "inside/connection.h"
#include "record/facts.h"

namespace milecastle::store::sqlite {

class Classes {
 public:
  explicit Classes(Connection& connection) : connection_(connection) {}

  // The number of this class, whatever its standing; made where there is none.
  base::Result<std::int64_t> NumberOf(const record::EntryClass& entry_class);
  // With standing kCurrent.
  base::Result<record::EntryClass> Find(std::int64_t number);
  // After a rollback: what was made in it is gone.
  void Forget() {
    by_number_.clear();
    by_bytes_.clear();
  }

 private:
  Connection& connection_;
  std::unordered_map<std::int64_t, record::EntryClass> by_number_;
  base::TextMap<std::string, std::int64_t> by_bytes_;
};

}  // namespace milecastle::store::sqlite

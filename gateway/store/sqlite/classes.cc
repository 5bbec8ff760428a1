#include "inside/classes.h"

#include "inside/fields.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "classes";

std::int64_t SeqOf(Row& row) { return row.seq(); }

record::EntryClass ReadClass(Row& row) {
  auto entry_class = Unpack<record::EntryClass>(row.Bytes());
  if (!entry_class) row.Break();
  return entry_class ? *std::move(entry_class) : Blank<record::EntryClass>();
}

}  // namespace

base::Result<std::int64_t> Classes::NumberOf(const record::EntryClass& entry_class) {
  const std::string bytes = Pack(entry_class);
  if (const auto known = by_bytes_.find(bytes); known != by_bytes_.end()) return known->second;
  auto found =
      First(connection_, "SELECT * FROM classes WHERE class = ?", kTable, {Blob{bytes}}, &SeqOf);
  if (!found) return found.error();
  if (!*found) {
    const auto made = Insert(connection_, "INSERT INTO classes (seal, class) VALUES (?,?)", kTable,
                             {Blob{bytes}});
    if (!made) return made.error();
    *found = sqlite3_last_insert_rowid(connection_.raw());
  }
  by_bytes_.emplace(bytes, **found);
  return **found;
}

base::Result<record::EntryClass> Classes::Find(std::int64_t number) {
  if (const auto known = by_number_.find(number); known != by_number_.end()) return known->second;
  auto found =
      First(connection_, "SELECT * FROM classes WHERE seq = ?", kTable, {number}, &ReadClass);
  if (!found) return found.error();
  if (!*found) return BrokenRow(kTable);
  return by_number_.emplace(number, **std::move(found)).first->second;
}

}  // namespace milecastle::store::sqlite

#include "inside/outbox_table.h"

#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "outbox";
constexpr int kEncodingVersion = 1;
constexpr int kKeyId = 0;  // the disk's encryption

OutboxRow ReadRow(Row& row) {
  OutboxRow read;
  read.event = row.IdOf<record::EventId>();
  row.Int();  // encoding_version
  row.Int();  // key_id
  read.bytes = row.Bytes();
  return read;
}

}  // namespace

base::Result<std::vector<OutboxRow>> OutboxTable::Pending(std::size_t limit) {
  return All(connection_, "SELECT * FROM outbox ORDER BY seq LIMIT ?", kTable, {limit}, &ReadRow);
}

base::Result<std::uint64_t> OutboxTable::Backlog() {
  const auto count = Number(connection_, "SELECT count(*) FROM outbox", {});
  if (!count) return count.error();
  return static_cast<std::uint64_t>(count->value_or(0));
}

base::Result<void> OutboxTable::Add(const OutboxRow& row) {
  return Insert(connection_,
                "INSERT INTO outbox (seal, event, encoding_version, key_id, bytes)"
                " VALUES (?,?,?,?,?)",
                kTable, {row.event, kEncodingVersion, kKeyId, Blob{row.bytes}});
}

base::Result<void> OutboxTable::Remove(const std::vector<record::EventId>& events) {
  for (const record::EventId& event : events) {
    auto removed = Run(connection_, "DELETE FROM outbox WHERE event = ?", {event});
    if (!removed) return removed;
  }
  return {};
}

}  // namespace milecastle::store::sqlite

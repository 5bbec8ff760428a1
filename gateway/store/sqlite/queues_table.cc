#include "inside/queues_table.h"

#include "inside/fields.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "queue";

// Columns in the order of the table; those from origin on were added to it at its end.
QueueItem ReadItem(Row& row) {
  QueueItem item;
  item.id = row.IdOf<record::QueueItemId>();
  item.kind = row.As<QueueKind>();
  item.message = row.Maybe(&Row::IdOf<record::MessageId>);
  item.identity = row.Maybe(&Row::IdOf<record::IdentityId>);
  item.person = row.Maybe(&Row::IdOf<record::PersonId>);
  auto candidates = Unpack<std::vector<record::PersonId>>(row.Bytes());
  if (!candidates) row.Break();
  item.candidates = std::move(candidates).value_or(std::vector<record::PersonId>());
  const auto leaf = row.Maybe(&Row::Int);
  item.organisation = row.Text();
  item.reason = row.Text();
  item.opened = row.Time();
  item.due = row.Maybe(&Row::Time);
  item.closed = row.Maybe(&Row::Time);
  item.resolution = row.Text();
  item.closed_by = row.Text();
  auto origin = row.Maybe(&Row::Text);
  const auto event = row.Maybe(&Row::IdOf<record::EventId>);
  item.patient = static_cast<std::uint32_t>(row.Maybe(&Row::Int).value_or(0));
  if (leaf) {
    item.leaf = LeafOrigin{std::move(origin).value_or(std::string()),
                           static_cast<std::uint64_t>(*leaf), event.value_or(record::EventId{})};
  }
  item.caused_by = row.Maybe(&Row::Text).value_or(std::string());
  if (const auto packed = row.Maybe(&Row::Bytes)) {
    auto held_for = Unpack<std::vector<std::string>>(*packed);
    if (!held_for) row.Break();
    item.held_for = std::move(held_for).value_or(std::vector<std::string>());
  }
  return item;
}

// A leaf's columns. Rows of before 0003_two_logs have its index alone.
struct LeafColumns {
  explicit LeafColumns(const std::optional<LeafOrigin>& leaf) {
    if (!leaf) return;
    index = leaf->index;
    if (leaf->event == record::EventId{}) return;
    origin = leaf->origin;
    event = leaf->event;
  }
  Value index, origin, event;
};

Value PatientOf(const QueueItem& item) { return item.patient == 0 ? Value() : Value(item.patient); }
// Of a review and a notice; NULL where there is nothing, as in the rows of before 0006_reviews.
struct ReviewColumns {
  explicit ReviewColumns(const QueueItem& item) : packed_(Pack(item.held_for)) {
    if (!item.caused_by.empty()) caused_by = item.caused_by;
    if (!item.held_for.empty()) held_for = Blob{packed_};
  }
  Value caused_by, held_for;

 private:
  std::string packed_;
};

Seal SealOfItem(const QueueItem& item) {
  const std::string candidates = Pack(item.candidates);
  const LeafColumns leaf(item.leaf);
  const ReviewColumns review(item);
  const Value columns[] = {item.id,         item.kind,        item.message,   item.identity,
                           item.person,     Blob{candidates}, leaf.index,     item.organisation,
                           item.reason,     item.opened,      item.due,       item.closed,
                           item.resolution, item.closed_by,   leaf.origin,    leaf.event,
                           PatientOf(item), review.caused_by, review.held_for};
  return SealOf(kTable, columns);
}

// A bit for each kind: a list of any length as one parameter.
std::int64_t MaskOf(const std::vector<QueueKind>& kinds) {
  std::int64_t mask = kinds.empty() ? ~std::int64_t{0} : 0;
  for (const QueueKind kind : kinds) mask |= std::int64_t{1} << static_cast<int>(kind);
  return mask;
}

}  // namespace

base::Result<std::optional<QueueItem>> QueuesTable::Find(record::QueueItemId id) {
  return First(connection_, "SELECT * FROM queue WHERE id = ?", kTable, {id}, &ReadItem);
}

base::Result<std::vector<QueueItem>> QueuesTable::Open(const std::vector<QueueKind>& kinds,
                                                       std::size_t limit,
                                                       std::optional<record::QueueItemId> after) {
  const std::int64_t mask = MaskOf(kinds);
  if (!after) {
    return All(connection_,
               "SELECT * FROM queue WHERE closed IS NULL AND ((1 << kind) & ?) != 0"
               " ORDER BY opened, seq LIMIT ?",
               kTable, {mask, limit}, &ReadItem);
  }
  return All(connection_,
             "SELECT * FROM queue WHERE closed IS NULL AND ((1 << kind) & ?) != 0"
             " AND (opened, seq) > (SELECT opened, seq FROM queue WHERE id = ?)"
             " ORDER BY opened, seq LIMIT ?",
             kTable, {mask, *after, limit}, &ReadItem);
}

base::Result<std::vector<QueueItem>> QueuesTable::OpenFor(record::IdentityId identity) {
  return All(connection_,
             "SELECT * FROM queue WHERE closed IS NULL AND identity = ? ORDER BY opened, seq",
             kTable, {identity}, &ReadItem);
}

base::Result<std::vector<QueueItem>> QueuesTable::OfMessage(record::MessageId message) {
  return All(connection_, "SELECT * FROM queue WHERE message = ? ORDER BY opened, seq", kTable,
             {message}, &ReadItem);
}

base::Result<std::vector<QueueItem>> QueuesTable::MatchesOf(record::IdentityId identity) {
  return All(connection_,
             "SELECT * FROM queue WHERE identity = ? AND kind = 12 ORDER BY opened, seq", kTable,
             {identity}, &ReadItem);
}

base::Result<bool> QueuesTable::HasSameCause(const QueueItem& item) {
  if (!item.leaf) return false;
  const auto found = Number(connection_,
                            "SELECT seq FROM queue WHERE leaf_event = ? AND kind = ? AND reason = ?"
                            " AND organisation = ? LIMIT 1",
                            {item.leaf->event, item.kind, item.reason, item.organisation});
  if (!found) return found.error();
  return found->has_value();
}

base::Result<void> QueuesTable::Add(const QueueItem& item) {
  const LeafColumns leaf(item.leaf);
  const ReviewColumns review(item);
  return Insert(
      connection_,
      "INSERT INTO queue (seal, id, kind, message, identity, person, candidates, leaf,"
      " organisation, reason, opened, due, closed, resolution, closed_by, leaf_origin,"
      " leaf_event, patient, caused_by, held_for) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      kTable,
      {item.id, item.kind, item.message, item.identity, item.person, Blob{Pack(item.candidates)},
       leaf.index, item.organisation, item.reason, item.opened, item.due, item.closed,
       item.resolution, item.closed_by, leaf.origin, leaf.event, PatientOf(item), review.caused_by,
       review.held_for});
}

base::Result<void> QueuesTable::Close(record::QueueItemId id, const std::string& resolution,
                                      const std::string& by, base::Instant at) {
  auto found = Find(id);
  if (!found) return found.error();
  if (!*found) {
    return base::Error{base::ErrorId::kNotFound, "the queues", "no item has this id"};
  }
  QueueItem& item = **found;
  if (item.closed) {
    return base::Error{base::ErrorId::kConflict, "the queues", "the item is closed already"};
  }
  item.closed = at;
  item.resolution = resolution;
  item.closed_by = by;
  return Run(connection_,
             "UPDATE queue SET seal = ?, closed = ?, resolution = ?, closed_by = ? WHERE id = ?",
             {Blob{SealOfItem(item)}, at, resolution, by, id});
}

}  // namespace milecastle::store::sqlite

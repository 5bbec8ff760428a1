#include "inside/labels_table.h"

#include <array>
#include <utility>

#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "labellings";

struct Numbered {
  std::int64_t seq = 0;
  Labelling labelling;
};

Numbered ReadLabelling(Row& row) {
  Numbered read{.seq = row.seq(), .labelling = {}};
  Labelling& labelling = read.labelling;
  labelling.rules = row.Digest();
  for (std::uint64_t* const number : {&labelling.upto, &labelling.looked_to, &labelling.looked_at,
                                      &labelling.gained, &labelling.lost}) {
    *number = static_cast<std::uint64_t>(row.Int());
  }
  labelling.began = row.Time();
  labelling.ended = row.Maybe(&Row::Time);
  return read;
}

base::Result<std::optional<Numbered>> NewestIn(Connection& connection) {
  return First(connection, "SELECT * FROM labellings ORDER BY seq DESC LIMIT 1", kTable, {},
               &ReadLabelling);
}

base::Result<std::uint64_t> LastEntry(Connection& connection) {
  const auto last = Number(connection, "SELECT max(seq) FROM entries", {});
  if (!last) return last.error();
  return static_cast<std::uint64_t>(last->value_or(0));
}

base::Error Overtaken() {
  return {base::ErrorId::kConflict, "the record store's table labellings",
          "other rules are followed by now"};
}

}  // namespace

base::Result<std::optional<Labelling>> LabellingIn(Connection& connection) {
  const auto newest = NewestIn(connection);
  if (!newest) return newest.error();
  return *newest ? std::optional((*newest)->labelling) : std::nullopt;
}

base::Result<StoredEntry> LabelsTable::Stored(EntryRow row) {
  auto entry_class = session_.classes.Find(row.entry_class);
  if (!entry_class) return entry_class.error();
  return StoredOf(std::move(row), *std::move(entry_class));
}

base::Result<std::optional<Labelling>> LabelsTable::Newest() { return LabellingIn(connection_); }

base::Result<DueEntries> LabelsTable::Due(const Labelling& labelling, const DueLimits& limits) {
  auto running = Running::Start(
      connection_, "SELECT * FROM entries WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
      std::array{Value(labelling.looked_to), Value(labelling.upto), Value(limits.entries)});
  if (!running) return running.error();
  DueEntries due{.entries = {}, .looked_to = labelling.upto};
  for (std::size_t bytes = 0; bytes < limits.bytes;) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) break;
    if (!SealHolds(kEntriesTable, running->statement())) return BrokenRow(kEntriesTable);
    Row row(running->statement(), kFirstColumn);
    EntryRow entry = ReadEntry(row);
    if (row.broken()) return BrokenRow(kEntriesTable);
    bytes += entry.bytes.size();
    auto stored = Stored(std::move(entry));
    if (!stored) return stored.error();
    due.entries.push_back(*std::move(stored));
    // Where it was cut short, by bytes or by their number, the rest follows.
    const bool full = bytes >= limits.bytes || due.entries.size() == limits.entries;
    if (full) due.looked_to = due.entries.back().number;
  }
  return due;
}

base::Result<std::vector<ReadLabels::NumberedPerson>> LabelsTable::PeopleAfter(std::uint64_t number,
                                                                               std::size_t limit) {
  std::vector<NumberedPerson> people;
  const auto read = Each(
      connection_, "SELECT * FROM persons WHERE seq > ? ORDER BY seq LIMIT ?", "persons",
      {number, limit}, [&](Row& row) {
        people.push_back({static_cast<std::uint64_t>(row.seq()), row.IdOf<record::PersonId>()});
      });
  if (!read) return read.error();
  return people;
}

base::Result<std::vector<StoredEntry>> LabelsTable::EntriesOf(record::PersonId person) {
  auto rows = All(connection_,
                  "SELECT * FROM entries AS old WHERE standing IN (1, 3, 4) AND identity IN"
                  " (SELECT id FROM identities WHERE person = ?) AND (standing = 1 OR NOT EXISTS"
                  " (SELECT 1 FROM entries WHERE identity = old.identity AND standing = 1"
                  " AND source_key = old.source_key))",
                  kEntriesTable, {person}, &ReadEntry);
  if (!rows) return rows.error();
  std::vector<StoredEntry> entries;
  entries.reserve(rows->size());
  for (EntryRow& row : *rows) {
    auto stored = Stored(std::move(row));
    if (!stored) return stored.error();
    entries.push_back(*std::move(stored));
  }
  return entries;
}

base::Result<Labelling> LabelsTable::Begin(const base::Digest& rules, base::Instant now) {
  const auto newest = LabellingIn(connection_);
  if (!newest) return newest.error();
  session_.labelled_by = rules;
  if (*newest && (*newest)->rules == rules) return **newest;
  const auto last = LastEntry(connection_);
  if (!last) return last.error();
  Labelling labelling{.rules = rules, .upto = *last, .began = now, .ended = {}};
  if (*last == 0) labelling.ended = now;
  const auto begun = Insert(
      connection_,
      "INSERT INTO labellings (seal, rules, upto, looked_to, looked_at, gained, lost, began, ended)"
      " VALUES (?,?,?,?,?,?,?,?,?)",
      kTable,
      {labelling.rules, labelling.upto, labelling.looked_to, labelling.looked_at, labelling.gained,
       labelling.lost, labelling.began, labelling.ended});
  if (!begun) return begun.error();
  return labelling;
}

base::Result<void> LabelsTable::Relabel(std::uint64_t number, const Labelled& labelled) {
  auto found = First(connection_, "SELECT * FROM entries WHERE seq = ?", kEntriesTable, {number},
                     &ReadEntry);
  if (!found) return found.error();
  if (!*found) {
    return base::Error{base::ErrorId::kNotFound, "the records", "no entry has this number"};
  }
  EntryRow& row = **found;
  auto entry_class = session_.classes.Find(row.entry_class);
  if (!entry_class) return entry_class.error();
  LabelOrigin origin = row.origin ? *std::move(row.origin) : UnknownOrigin(*entry_class);
  entry_class->labels = labelled.labels;
  entry_class->headline = labelled.headline;
  const auto class_number = session_.classes.NumberOf(*entry_class);
  if (!class_number) return class_number.error();
  row.entry_class = *class_number;
  row.likeness = labelled.likeness;
  row.origin = OriginToKeep(std::move(origin), *entry_class);
  const auto likeness = Packed(row.likeness);
  const auto kept = Packed(row.origin);
  const auto updated = Run(
      connection_, "UPDATE entries SET seal = ?, class = ?, likeness = ?, origin = ? WHERE seq = ?",
      {Blob{SealOfEntry(row)}, row.entry_class, likeness ? Value(Blob{*likeness}) : Value(),
       kept ? Value(Blob{*kept}) : Value(), row.seq});
  if (!updated) return updated;
  return patients_.AdvanceVersionOf(row.identity);
}

base::Result<void> LabelsTable::Note(const Labelling& labelling) {
  const auto newest = NewestIn(connection_);
  if (!newest) return newest.error();
  if (!*newest || (*newest)->labelling.rules != labelling.rules) return Overtaken();
  const Value columns[] = {labelling.rules,     labelling.upto,   labelling.looked_to,
                           labelling.looked_at, labelling.gained, labelling.lost,
                           labelling.began,     labelling.ended};
  return Run(connection_,
             "UPDATE labellings SET seal = ?, rules = ?, upto = ?, looked_to = ?, looked_at = ?,"
             " gained = ?, lost = ?, began = ?, ended = ? WHERE seq = ?",
             {Blob{SealOf(kTable, columns)}, columns[0], columns[1], columns[2], columns[3],
              columns[4], columns[5], columns[6], columns[7], (*newest)->seq});
}

base::Result<std::optional<StoredEntry>> LabelsTable::Follow(const StoredEntry& entry) {
  const auto rules = session_.following == nullptr ? nullptr : session_.following->rules();
  if (!rules) return std::optional<StoredEntry>();
  if (session_.labelled_by != rules->digest()) {
    if (const auto begun = Begin(rules->digest(), entry.stored); !begun) return begun.error();
  }
  if (entry.labelled_by == rules->digest()) return std::optional<StoredEntry>();
  Labelled labelled = rules->Label({entry.bytes, entry.entry_class, entry.stored, entry.origin});
  std::optional<StoredEntry> anew = entry;
  anew->entry_class.labels = std::move(labelled.labels);
  anew->entry_class.headline = labelled.headline;
  anew->likeness = std::move(labelled.likeness);
  return anew;
}

}  // namespace milecastle::store::sqlite

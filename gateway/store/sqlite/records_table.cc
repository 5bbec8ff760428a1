#include "inside/records_table.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

#include "base/text_map.h"
#include "inside/entry_row.h"
#include "inside/fields.h"
#include "inside/history_builder.h"
#include "inside/query.h"
#include "inside/reader_classes.h"
#include "inside/segment_builder.h"
#include "record/document_key.h"
#include "record/label_flow.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kStatementsTable = "statements";
constexpr int kEncodingVersion = 1;
constexpr int kKeyId = 0;  // the disk's encryption

using Source = std::pair<record::OdsCode, base::Instant>;

Source ReadSource(Row& row) {
  row.IdOf<record::IdentityId>();
  auto source = row.Ods();
  return {std::move(source), row.Time()};
}

struct Said {
  record::IdentityId identity;
  SourceStatement statement;
};

Said ReadStatement(Row& row) {
  Said read{.identity = row.IdOf<record::IdentityId>(),
            .statement = {.source = row.Ods(), .statement = {}, .stored = {}}};
  row.Int();  // section
  read.statement.stored = row.Time();
  row.Int();  // encoding_version
  row.Int();  // key_id
  auto statement = Unpack<record::SectionStatement>(row.Bytes());
  if (!statement) row.Break();
  read.statement.statement = std::move(statement).value_or(record::SectionStatement());
  read.statement.system = row.Maybe(&Row::Text).value_or("");
  return read;
}

base::Result<std::optional<EntryRow>> FindCurrent(Connection& connection,
                                                  record::IdentityId identity,
                                                  const std::string& source_key) {
  return First(connection,
               "SELECT * FROM entries WHERE identity = ? AND standing = 1 AND source_key = ?"
               " LIMIT 1",
               kEntriesTable, {identity, source_key}, &ReadEntry);
}

// Found by the index alone: the rows of those that are kept, which are nearly all, are not read.
base::Result<std::vector<EntryRow>> CurrentBut(Connection& connection, record::IdentityId identity,
                                               std::span<const std::string> kept,
                                               const std::string& prefix) {
  auto running = Running::Start(
      connection, "SELECT seq, source_key FROM entries WHERE identity = ? AND standing = 1",
      std::array{Value(identity)});
  if (!running) return running.error();
  const base::TextSet<std::string_view> keep(kept.begin(), kept.end());
  std::vector<std::int64_t> others;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) break;
    Row row(running->statement(), 1);
    const auto key = row.Text();
    if (key.starts_with(prefix) && !keep.contains(key)) others.push_back(row.seq());
    if (row.broken()) return BrokenRow(kEntriesTable);
  }
  std::vector<EntryRow> rows;
  for (const std::int64_t seq : others) {
    auto row =
        First(connection, "SELECT * FROM entries WHERE seq = ?", kEntriesTable, {seq}, &ReadEntry);
    if (!row) return row.error();
    if (*row) rows.push_back(**std::move(row));
  }
  return rows;
}

// Whether a row of before, which another took the place of, shows that a part is known from
// elsewhere than the document: given on its own, or in another document that still has it so.
base::Result<bool> IsFromElsewhere(Connection& connection, const EntryRow& before,
                                   const std::string& document) {
  if (record::IsIn(document, before.links)) return false;
  bool is_in_some = false;
  for (const record::Link& link : before.links) {
    if (link.relation != record::kInDocument) continue;
    is_in_some = true;
    const auto other = FindCurrent(connection, before.identity, link.key);
    if (!other) return other.error();
    if (*other && (*other)->message == before.message) return true;
  }
  return !is_in_some;
}

base::Result<bool> IsKnownFromElsewhere(Connection& connection, const EntryRow& part,
                                        const std::string& document) {
  const auto before = All(connection,
                          "SELECT * FROM entries WHERE identity = ? AND standing = 2"
                          " AND source_key = ?",
                          kEntriesTable, {part.identity, part.source_key}, &ReadEntry);
  if (!before) return before.error();
  for (const EntryRow& row : *before) {
    const auto elsewhere = IsFromElsewhere(connection, row, document);
    if (!elsewhere || *elsewhere) return elsewhere;
  }
  return false;
}

// Parts of the document with names of their own, which nobody else gave.
base::Result<std::vector<EntryRow>> PartsBut(Connection& connection, record::IdentityId identity,
                                             std::span<const std::string> kept,
                                             const std::string& document) {
  auto linked = All(connection,
                    "SELECT * FROM entries WHERE identity = ? AND standing = 1"
                    " AND instr(links, ?) > 0",
                    kEntriesTable, {identity, Blob{document}}, &ReadEntry);
  if (!linked) return linked;
  const base::TextSet<std::string_view> keep(kept.begin(), kept.end());
  std::vector<EntryRow> parts;
  for (EntryRow& row : *linked) {
    if (keep.contains(row.source_key) || !record::IsIn(document, row.links)) continue;
    const auto elsewhere = IsKnownFromElsewhere(connection, row, document);
    if (!elsewhere) return elsewhere.error();
    if (!*elsewhere) parts.push_back(std::move(row));
  }
  return parts;
}

base::Result<void> EndEntry(Connection& connection, EntryRow& entry, record::Standing standing,
                            base::Instant at) {
  entry.standing = standing;
  entry.ended = at;
  return Run(connection, "UPDATE entries SET seal = ?, standing = ?, ended = ? WHERE seq = ?",
             {Blob{SealOfEntry(entry)}, standing, at, entry.seq});
}

base::Result<void> InsertEntry(Connection& connection, const StoredEntry& entry,
                               std::int64_t class_number, record::Standing standing,
                               std::optional<base::Instant> ended) {
  const auto links = Packed(entry.links);
  const auto likeness = Packed(entry.likeness);
  const auto origin = Packed(OriginToKeep(entry.origin, entry.entry_class));
  return Insert(
      connection,
      "INSERT INTO entries (seal, id, identity, message, source_key, class, standing,"
      " effective, stored, ended, encoding_version, key_id, bytes, links, likeness,"
      " origin) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      kEntriesTable,
      {entry.id, entry.identity, entry.message, entry.source_key, class_number, standing,
       entry.effective, entry.stored, ended, entry.encoding_version, entry.key_id,
       Blob{entry.bytes}, links ? Value(Blob{*links}) : Value(),
       likeness ? Value(Blob{*likeness}) : Value(), origin ? Value(Blob{*origin}) : Value()});
}

// What gave its labels is known by now, or is another: nothing that a view would show.
base::Result<void> NoteOrigin(Connection& connection, EntryRow& entry,
                              std::optional<LabelOrigin> origin) {
  if (entry.origin == origin) return {};
  entry.origin = std::move(origin);
  const auto packed = Packed(entry.origin);
  return Run(connection, "UPDATE entries SET seal = ?, origin = ? WHERE seq = ?",
             {Blob{SealOfEntry(entry)}, packed ? Value(Blob{*packed}) : Value(), entry.seq});
}

// Newest first: keeps the first of each source, system, section and standing of its number. An
// untraced word never takes the place of one that may be shared.
void KeepNewest(std::vector<SourceStatement>& statements) {
  const auto which = [](const SourceStatement& said) {
    return std::tie(said.source, said.statement.section, said.untraced, said.system);
  };
  std::stable_sort(statements.begin(), statements.end(),
                   [&](const auto& left, const auto& right) { return which(left) < which(right); });
  const auto same = [&](const auto& left, const auto& right) {
    return which(left) == which(right);
  };
  statements.erase(std::unique(statements.begin(), statements.end(), same), statements.end());
}

}  // namespace

base::Result<std::vector<SourceStatement>> StatementsIn(Connection& connection,
                                                        record::PersonId person) {
  auto said = All(connection,
                  "SELECT * FROM statements WHERE identity IN"
                  " (SELECT id FROM identities WHERE person = ?)"
                  " ORDER BY stored DESC, seq DESC",
                  kStatementsTable, {person}, &ReadStatement);
  if (!said) return said.error();
  std::vector<SourceStatement> statements;
  if (said->empty()) return statements;
  const auto identities = IdentitiesIn(connection, person);
  if (!identities) return identities.error();
  for (Said& each : *said) {
    each.statement.untraced =
        std::any_of(identities->begin(), identities->end(), [&](const Identity& identity) {
          return identity.id == each.identity && !identity.shareable;
        });
    statements.push_back(std::move(each.statement));
  }
  KeepNewest(statements);
  return statements;
}

base::Result<std::shared_ptr<const Segment>> RecordsTable::SegmentOf(record::PersonId person) {
  const auto found = FindPersonIn(connection_, person);
  if (!found) return found.error();
  if (!*found) return base::Error{base::ErrorId::kNotFound, "the records", "no such person"};
  auto built = BuildSegment(session_, **found);
  if (!built) return built.error();
  return std::shared_ptr<const Segment>(std::make_shared<Segment>(*std::move(built)));
}

base::Result<std::vector<SourceStatement>> RecordsTable::StatementsOf(record::PersonId person) {
  auto statements = StatementsIn(connection_, person);
  if (!statements || session_.following == nullptr) return statements;
  const auto rules = session_.following->rules();
  if (rules == nullptr) return statements;
  // Whichever rules stood when it was said.
  for (SourceStatement& said : *statements) {
    if (rules->WouldLabel(said.statement)) said.statement.text.clear();
  }
  return statements;
}

base::Result<std::optional<StoredEntry>> RecordsTable::Find(record::EntryId id) {
  auto found =
      First(connection_, "SELECT * FROM entries WHERE id = ?", kEntriesTable, {id}, &ReadEntry);
  if (!found) return found.error();
  if (!*found) return std::optional<StoredEntry>();
  auto classes = ReaderClasses::Of(session_);
  if (!classes) return classes.error();
  if (auto labelled = classes->Label(**found); !labelled) return labelled.error();
  const auto entry_class = classes->Find((*found)->entry_class);
  if (!entry_class) return entry_class.error();
  return std::optional(StoredOf(**std::move(found), **entry_class));
}

base::Result<std::vector<Source>> RecordsTable::SourcesOf(record::PersonId person) {
  auto sources = All(connection_,
                     "SELECT * FROM sources WHERE identity IN"
                     " (SELECT id FROM identities WHERE person = ?) ORDER BY source, last DESC",
                     "sources", {person}, &ReadSource);
  if (!sources) return sources;
  const auto same = [](const Source& left, const Source& right) {
    return left.first == right.first;
  };
  sources->erase(std::unique(sources->begin(), sources->end(), same), sources->end());
  return sources;
}

base::Result<std::optional<base::Instant>> RecordsTable::LastHeard(const record::OdsCode& source) {
  const auto latest =
      First(connection_, "SELECT * FROM sources WHERE source = ? ORDER BY last DESC LIMIT 1",
            "sources", {source}, &ReadSource);
  if (!latest) return latest.error();
  return *latest ? std::optional((*latest)->second) : std::nullopt;
}

base::Result<Placed> RecordsTable::Put(const StoredEntry& given) {
  const auto anew = labels_.Follow(given);
  if (!anew) return anew.error();
  const StoredEntry& entry = *anew ? **anew : given;
  if (const auto spoke =
          patients_.SourceSpoke(entry.identity, entry.entry_class.source, entry.stored);
      !spoke) {
    return spoke.error();
  }
  auto current = FindCurrent(connection_, entry.identity, entry.source_key);
  if (!current) return current.error();
  const auto number = session_.classes.NumberOf(entry.entry_class);
  if (!number) return number.error();
  const record::Standing standing = entry.entry_class.standing;
  if (*current && standing == record::Standing::kCurrent && (*current)->entry_class == *number &&
      (*current)->bytes == entry.bytes && (*current)->links == entry.links) {
    const auto noted =
        NoteOrigin(connection_, **current, OriginToKeep(entry.origin, entry.entry_class));
    if (!noted) return noted.error();
    return Placed{};
  }
  Placed placed{.is_new = true};
  if (*current) {
    const auto ended =
        EndEntry(connection_, **current, record::Standing::kSuperseded, entry.stored);
    if (!ended) return ended.error();
    auto entry_class = session_.classes.Find((*current)->entry_class);
    if (!entry_class) return entry_class.error();
    if (record::IsWarning(entry_class->section, entry_class->kind)) {
      placed.superseded = {*std::move(entry_class), std::move((*current)->bytes)};
    }
  }
  const auto ended =
      standing == record::Standing::kCurrent ? std::nullopt : std::optional(entry.stored);
  const auto inserted = InsertEntry(connection_, entry, *number, standing, ended);
  if (!inserted) return inserted.error();
  if (const auto advanced = patients_.AdvanceVersionOf(entry.identity); !advanced) {
    return advanced.error();
  }
  return placed;
}

base::Result<bool> RecordsTable::PutOlder(const StoredEntry& given) {
  const auto anew = labels_.Follow(given);
  if (!anew) return anew.error();
  const StoredEntry& entry = *anew ? **anew : given;
  const auto spoke = patients_.SourceSpoke(entry.identity, entry.entry_class.source, entry.stored);
  if (!spoke) return spoke.error();
  const auto number = session_.classes.NumberOf(entry.entry_class);
  if (!number) return number.error();
  const auto same = Number(connection_,
                           "SELECT seq FROM entries WHERE identity = ? AND standing IN (1, 2, 3, 4)"
                           " AND source_key = ? AND class = ? AND bytes = ? LIMIT 1",
                           {entry.identity, entry.source_key, *number, Blob{entry.bytes}});
  if (!same) return same.error();
  if (*same) return false;
  // It was over before it came: that tells it from what was superseded in its time.
  const auto inserted = InsertEntry(connection_, entry, *number, record::Standing::kSuperseded,
                                    entry.stored - std::chrono::microseconds(1));
  if (!inserted) return inserted.error();
  if (const auto advanced = patients_.AdvanceVersionOf(entry.identity); !advanced) {
    return advanced.error();
  }
  return true;
}

base::Result<EntryHistory> RecordsTable::HistoryOf(record::PersonId person, record::EntryId id,
                                                   const HistoryLimit& limit) {
  const auto of =
      First(connection_, "SELECT * FROM entries WHERE id = ?", kEntriesTable, {id}, &ReadEntry);
  if (!of) return of.error();
  if (!*of) return EntryHistory();
  const auto theirs =
      Number(connection_, "SELECT count(*) FROM identities WHERE id = ? AND person = ?",
             {(*of)->identity, person});
  if (!theirs) return theirs.error();
  if (theirs->value_or(0) == 0) return EntryHistory();
  return BuildHistory(session_, person, **of, limit);
}

base::Result<std::optional<record::EntryClass>> RecordsTable::Withdraw(
    record::IdentityId identity, const std::string& source_key, base::Instant at) {
  auto current = FindCurrent(connection_, identity, source_key);
  if (!current) return current.error();
  if (!*current) return std::optional<record::EntryClass>();
  auto entry_class = session_.classes.Find((*current)->entry_class);
  if (!entry_class) return entry_class.error();
  const auto ended = EndEntry(connection_, **current, record::Standing::kWithdrawn, at);
  if (!ended) return ended.error();
  if (const auto advanced = patients_.AdvanceVersionOf(identity); !advanced) {
    return advanced.error();
  }
  return std::optional(*std::move(entry_class));
}

base::Result<std::uint32_t> RecordsTable::KeepOnly(record::IdentityId identity,
                                                   const std::string& system,
                                                   std::span<const record::Section> sections,
                                                   std::span<const std::string> kept,
                                                   base::Instant at) {
  auto others = CurrentBut(connection_, identity, kept, system);
  if (!others) return others.error();
  std::uint32_t gone = 0;
  for (EntryRow& entry : *others) {
    const auto entry_class = session_.classes.Find(entry.entry_class);
    if (!entry_class) return entry_class.error();
    if (std::find(sections.begin(), sections.end(), entry_class->section) == sections.end()) {
      continue;
    }
    const auto ended = EndEntry(connection_, entry, record::Standing::kNoLongerSent, at);
    if (!ended) return ended.error();
    ++gone;
  }
  if (gone == 0) return gone;
  if (const auto advanced = patients_.AdvanceVersionOf(identity); !advanced) {
    return advanced.error();
  }
  return gone;
}

base::Result<std::uint32_t> RecordsTable::NoLongerSent(std::vector<EntryRow> entries,
                                                       base::Instant at) {
  // What came since is of a newer version still.
  std::erase_if(entries, [&](const EntryRow& entry) { return entry.stored > at; });
  if (entries.empty()) return 0U;
  for (EntryRow& entry : entries) {
    const auto ended = EndEntry(connection_, entry, record::Standing::kNoLongerSent, at);
    if (!ended) return ended.error();
  }
  const auto advanced = patients_.AdvanceVersionOf(entries.front().identity);
  if (!advanced) return advanced.error();
  return static_cast<std::uint32_t>(entries.size());
}

base::Result<std::uint32_t> RecordsTable::KeepOnlyBelow(record::IdentityId identity,
                                                        const std::string& document,
                                                        std::span<const std::string> kept,
                                                        base::Instant at) {
  auto below = CurrentBut(connection_, identity, kept, record::BelowDocument(document));
  if (!below) return below.error();
  auto named = PartsBut(connection_, identity, kept, document);
  if (!named) return named.error();
  std::move(named->begin(), named->end(), std::back_inserter(*below));
  return NoLongerSent(*std::move(below), at);
}

base::Result<void> RecordsTable::PutStatement(record::IdentityId identity,
                                              const SourceStatement& statement) {
  // Of before its system was kept: whose it was nobody can tell.
  auto dropped = Run(connection_,
                     "DELETE FROM statements WHERE identity = ? AND source = ? AND section = ?"
                     " AND system IS NULL AND stored <= ?",
                     {identity, statement.source, statement.statement.section, statement.stored});
  if (!dropped) return dropped;
  const std::string packed = Pack(statement.statement);
  const Value columns[] = {identity,
                           statement.source,
                           statement.statement.section,
                           statement.stored,
                           kEncodingVersion,
                           kKeyId,
                           Blob{packed},
                           statement.system.empty() ? Value() : Value(statement.system)};
  auto put = Run(connection_,
                 "INSERT INTO statements (seal, identity, source, section, stored,"
                 " encoding_version, key_id, statement, system) VALUES (?,?,?,?,?,?,?,?,?)"
                 " ON CONFLICT (identity, source, section, system) DO UPDATE SET"
                 " seal = excluded.seal, stored = excluded.stored,"
                 " encoding_version = excluded.encoding_version, key_id = excluded.key_id,"
                 " statement = excluded.statement WHERE excluded.stored >= stored",
                 {Blob{SealOf(kStatementsTable, columns)}, columns[0], columns[1], columns[2],
                  columns[3], columns[4], columns[5], columns[6], columns[7]});
  if (!put) return put;
  auto spoke = patients_.SourceSpoke(identity, statement.source, statement.stored);
  if (!spoke) return spoke;
  return patients_.AdvanceVersionOf(identity);
}

base::Result<void> RecordsTable::DropStatements(record::IdentityId identity,
                                                const std::string& system,
                                                std::span<const record::Section> sections) {
  for (const record::Section section : sections) {
    auto dropped = Run(connection_,
                       "DELETE FROM statements WHERE identity = ? AND section = ?"
                       " AND (system = ? OR system IS NULL)",
                       {identity, section, system});
    if (!dropped) return dropped;
  }
  return patients_.AdvanceVersionOf(identity);
}

}  // namespace milecastle::store::sqlite

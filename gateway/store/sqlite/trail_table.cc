#include "inside/trail_table.h"

#include <limits>

#include "inside/fields.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "trail";
constexpr std::string_view kHeadsTable = "heads";

// One text in three ways of finding: a condition that is left open must not cost the index of one
// that is not. ?1 to ?11: number, user, organisation, source, kind, from, until, visible to, limit,
// and the place of the row to go on after. The order is that of the indexes.
#define MILECASTLE_TRAIL_SEARCH(FINDING)                                     \
  "SELECT * FROM trail WHERE " FINDING                                       \
  " AND (?1 = '' OR nhs_number = ?1) AND (?2 = '' OR user = ?2)"             \
  " AND (?3 = '' OR organisation = ?3) AND (?5 = '' OR kind = ?5)"           \
  " AND (?4 = '' OR holds_text(sources, ?4))"                                \
  " AND (?8 = '' OR organisation = ?8 OR holds_text(sources, ?8))"           \
  " AND at >= ?6 AND at < ?7"                                                \
  " AND (?10 = '' OR (at, origin, leaf) <"                                   \
  " (SELECT at, origin, leaf FROM trail WHERE origin = ?10 AND leaf = ?11))" \
  " ORDER BY at DESC, origin DESC, leaf DESC LIMIT ?9"
constexpr std::string_view kByNumber = MILECASTLE_TRAIL_SEARCH("nhs_number = ?1");
constexpr std::string_view kByUser = MILECASTLE_TRAIL_SEARCH("user = ?2");
constexpr std::string_view kNewest = MILECASTLE_TRAIL_SEARCH("at < ?7");
#undef MILECASTLE_TRAIL_SEARCH

std::string_view FindingOf(const TrailQuery& query) {
  if (!query.nhs_number.empty()) return kByNumber;
  return query.user.empty() ? kNewest : kByUser;
}

TrailRow ReadRow(Row& row) {
  TrailRow read;
  read.origin = row.Text();
  read.leaf = static_cast<std::uint64_t>(row.Int());
  read.event = row.IdOf<record::EventId>();
  read.kind = row.Text();
  read.at = row.Time();
  read.organisation = row.Text();
  read.user = row.Text();
  read.nhs_number = row.Text();
  read.purpose = row.Text();
  read.outcome = row.Text();
  auto sources = Unpack<std::vector<std::string>>(row.Bytes());
  if (!sources) row.Break();
  read.sources = std::move(sources).value_or(std::vector<std::string>());
  return read;
}

NotedHead ReadHead(Row& row) {
  NotedHead head;
  head.origin = row.Text();
  head.size = static_cast<std::uint64_t>(row.Int());
  head.root = row.Digest();
  head.at = row.Time();
  return head;
}

}  // namespace

base::Result<std::vector<TrailRow>> TrailTable::Search(const TrailQuery& query) {
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  const TrailPlace after = query.after.value_or(TrailPlace{});
  return All(connection_, FindingOf(query), kTable,
             {query.nhs_number, query.user, query.organisation, query.source, query.kind,
              query.from ? Value(*query.from) : Value(kLeast),
              query.until ? Value(*query.until) : Value(kMost), query.visible_to, query.limit,
              after.origin, after.leaf},
             &ReadRow);
}

base::Result<std::uint64_t> TrailTable::NextLeaf(const std::string& origin) {
  const auto last = Number(connection_, "SELECT max(leaf) FROM trail WHERE origin = ?", {origin});
  if (!last) return last.error();
  return *last ? static_cast<std::uint64_t>(**last) + 1 : 0;
}

base::Result<std::optional<NotedHead>> TrailTable::HeadOf(const std::string& origin) {
  return First(connection_, "SELECT * FROM heads WHERE origin = ?", kHeadsTable, {origin},
               &ReadHead);
}

base::Result<void> TrailTable::NoteHead(const NotedHead& head) {
  return Insert(connection_,
                "INSERT INTO heads (seal, origin, size, root, noted) VALUES (?,?,?,?,?)"
                " ON CONFLICT (origin) DO UPDATE SET seal = excluded.seal, size = excluded.size,"
                " root = excluded.root, noted = excluded.noted WHERE excluded.size >= size",
                kHeadsTable, {head.origin, head.size, head.root, head.at});
}

base::Result<void> TrailTable::Put(const TrailRow& row) {
  return Insert(connection_,
                "INSERT INTO trail (seal, origin, leaf, event, kind, at, organisation, user,"
                " nhs_number, purpose, outcome, sources) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
                " ON CONFLICT (origin, leaf) DO NOTHING",
                kTable,
                {row.origin, row.leaf, row.event, row.kind, row.at, row.organisation, row.user,
                 row.nhs_number, row.purpose, row.outcome, Blob{Pack(row.sources)}});
}

}  // namespace milecastle::store::sqlite

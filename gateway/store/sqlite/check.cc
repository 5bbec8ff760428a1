#include "inside/check.h"

#include <array>

#include "inside/migrations.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

struct Sealed {
  std::string_view table;
  std::string_view all;
};
constexpr std::array kTables = {
    Sealed{"migrations", "SELECT * FROM migrations"},
    Sealed{"journal", "SELECT * FROM journal"},
    Sealed{"journal_bytes", "SELECT * FROM journal_bytes"},
    Sealed{"feeds", "SELECT * FROM feeds"},
    Sealed{"persons", "SELECT * FROM persons"},
    Sealed{"identities", "SELECT * FROM identities"},
    Sealed{"local_identifiers", "SELECT * FROM local_identifiers"},
    Sealed{"folded_names", "SELECT * FROM folded_names"},
    Sealed{"links", "SELECT * FROM links"},
    Sealed{"classes", "SELECT * FROM classes"},
    Sealed{"entries", "SELECT * FROM entries"},
    Sealed{"statements", "SELECT * FROM statements"},
    Sealed{"sources", "SELECT * FROM sources"},
    Sealed{"evidence", "SELECT * FROM evidence"},
    Sealed{"consents", "SELECT * FROM consents"},
    Sealed{"location_flags", "SELECT * FROM location_flags"},
    Sealed{"queue", "SELECT * FROM queue"},
    Sealed{"outbox", "SELECT * FROM outbox"},
    Sealed{"trail", "SELECT * FROM trail"},
    Sealed{"trail_sources", "SELECT * FROM trail_sources"},
    Sealed{"heads", "SELECT * FROM heads"},
};
constexpr std::uint64_t kProgressEvery = 10000;  // rows

class Checker {
 public:
  Checker(Connection& connection, const std::function<void(const FsckProgress&)>& progress)
      : connection_(connection), progress_(progress) {}

  FsckReport Run() {
    CheckSchema();
    for (const Sealed& sealed : kTables) CheckTable(sealed);
    CheckStructure("PRAGMA integrity_check", "the file's structure is damaged");
    CheckStructure("PRAGMA foreign_key_check", "a row names another that is not there");
    return std::move(report_);
  }

 private:
  void Report(std::string_view table, std::string row, std::string_view what) {
    report_.mismatches.push_back({std::string(table), std::move(row), std::string(what)});
  }

  void CheckSchema() {
    const auto holds = SchemaHolds(connection_);
    if (!holds || !*holds) Report("sqlite_schema", "", "the schema is not as it was made");
  }

  void CheckTable(const Sealed& sealed) {
    auto running = Running::Start(connection_, sealed.all, {});
    if (!running) return Report(sealed.table, "", "the table cannot be read");
    while (true) {
      const auto more = running->Next();
      if (!more) return Report(sealed.table, "", "the table cannot be read to its end");
      if (!*more) break;
      if (!SealHolds(sealed.table, running->statement())) {
        Report(sealed.table, std::to_string(Row(running->statement(), 0).seq()),
               "the row does not match its digest");
      }
      if (++report_.rows % kProgressEvery == 0) Say(sealed.table);
    }
    Say(sealed.table);
  }

  // integrity_check says "ok" where it finds nothing, foreign_key_check gives no row.
  void CheckStructure(std::string_view pragma, std::string_view what) {
    auto running = Running::Start(connection_, pragma, {});
    if (!running) return Report("", "", what);
    while (true) {
      const auto more = running->Next();
      if (!more) return Report("", "", what);
      if (!*more) return;
      const Value first = running->statement().Column(0);
      const auto* const text = std::get_if<std::string_view>(&first.held);
      if (text == nullptr || *text != "ok") Report("", "", what);
    }
  }

  void Say(std::string_view table) {
    if (progress_) progress_({.table = table, .rows = report_.rows});
  }

  Connection& connection_;
  const std::function<void(const FsckProgress&)>& progress_;
  FsckReport report_;
};

}  // namespace

base::Result<FsckReport> Check(Connection& connection,
                               const std::function<void(const FsckProgress&)>& progress) {
  if (const auto begun = connection.Execute("BEGIN"); !begun) return begun.error();
  FsckReport report = Checker(connection, progress).Run();
  static_cast<void>(connection.Execute("ROLLBACK"));  // read-only: nothing to lose
  return report;
}

}  // namespace milecastle::store::sqlite

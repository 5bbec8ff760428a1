#include "inside/check.h"

#include <array>
#include <cstdint>

#include "inside/migrations.h"
#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

// Whether rows are ever taken away. Those of a table that only grows are numbered without a gap.
enum class Keeping : std::uint8_t { kEverything, kWhatCounts };

struct Sealed {
  std::string_view table;
  std::string_view all;
  Keeping keeping = Keeping::kEverything;
};
constexpr std::array kTables = {
    Sealed{"migrations", "SELECT * FROM migrations ORDER BY seq"},
    Sealed{"journal", "SELECT * FROM journal ORDER BY seq"},
    Sealed{"journal_bytes", "SELECT * FROM journal_bytes ORDER BY seq"},
    Sealed{"feeds", "SELECT * FROM feeds ORDER BY seq"},
    Sealed{"persons", "SELECT * FROM persons ORDER BY seq"},
    Sealed{"identities", "SELECT * FROM identities ORDER BY seq"},
    Sealed{"local_identifiers", "SELECT * FROM local_identifiers ORDER BY seq",
           Keeping::kWhatCounts},
    Sealed{"folded_names", "SELECT * FROM folded_names ORDER BY seq", Keeping::kWhatCounts},
    Sealed{"links", "SELECT * FROM links ORDER BY seq"},
    Sealed{"apart", "SELECT * FROM apart ORDER BY seq"},
    Sealed{"classes", "SELECT * FROM classes ORDER BY seq"},
    Sealed{"labellings", "SELECT * FROM labellings ORDER BY seq"},
    Sealed{"entries", "SELECT * FROM entries ORDER BY seq"},
    Sealed{"statements", "SELECT * FROM statements ORDER BY seq", Keeping::kWhatCounts},
    Sealed{"sources", "SELECT * FROM sources ORDER BY seq"},
    Sealed{"evidence", "SELECT * FROM evidence ORDER BY seq"},
    Sealed{"consents", "SELECT * FROM consents ORDER BY seq"},
    Sealed{"location_flags", "SELECT * FROM location_flags ORDER BY seq"},
    Sealed{"queue", "SELECT * FROM queue ORDER BY seq"},
    Sealed{"outbox", "SELECT * FROM outbox ORDER BY seq", Keeping::kWhatCounts},
    Sealed{"trail", "SELECT * FROM trail ORDER BY seq"},
    Sealed{"counts", "SELECT * FROM counts ORDER BY seq"},
    Sealed{"said_again", "SELECT * FROM said_again ORDER BY seq"},
    Sealed{"versions", "SELECT * FROM versions ORDER BY seq"},
    Sealed{"mendings", "SELECT * FROM mendings ORDER BY seq"},
    Sealed{"heads", "SELECT * FROM heads ORDER BY seq"},
};
constexpr std::uint64_t kProgressEvery = 10000;  // rows

class Checker {
 public:
  Checker(Connection& connection, const std::function<void(const FsckProgress&)>& progress)
      : connection_(connection), progress_(progress) {}

  FsckReport Run() {
    CheckSchema();
    for (const Sealed& sealed : kTables) CheckTable(sealed);
    CheckJournalIsWhole();
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
    std::int64_t last = 0;
    while (true) {
      const auto more = running->Next();
      if (!more) return Report(sealed.table, "", "the table cannot be read to its end");
      if (!*more) break;
      const std::int64_t seq = Row(running->statement(), 0).seq();
      if (!SealHolds(sealed.table, running->statement())) {
        Report(sealed.table, std::to_string(seq), "the row does not match its digest");
      }
      if (sealed.keeping == Keeping::kEverything && seq != last + 1) {
        Report(sealed.table, std::to_string(last + 1), "rows are missing from this one on");
      }
      last = seq;
      if (++report_.rows % kProgressEvery == 0) Say(sealed.table);
    }
    Say(sealed.table);
  }

  // Its end too: a gap shows only before a row that is there.
  void CheckJournalIsWhole() {
    for (const std::string_view sum :
         {"SELECT (SELECT coalesce(sum(messages), 0) FROM feeds) - (SELECT count(*) FROM journal)",
          "SELECT (SELECT coalesce(sum(messages), 0) FROM counts)"
          " - (SELECT count(*) FROM journal)"}) {
      const auto missing = Number(connection_, sum, {});
      if (missing && *missing == 0) continue;
      return Report("journal", "", "it does not hold the messages that its feeds have counted");
    }
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

#include "inside/counts.h"

#include <algorithm>

#include "inside/query.h"

namespace milecastle::store::sqlite {
namespace {

constexpr std::string_view kTable = "counts";

struct Sum {
  std::int64_t seq = 0;
  OutcomeCount count;
};

Sum ReadSum(Row& row) {
  Sum sum{.seq = row.seq(), .count = {}};
  sum.count.feed = row.Text();
  sum.count.organisation = row.Text();
  sum.count.disposition = row.Text();
  sum.count.error = row.Text();
  sum.count.messages = static_cast<std::uint64_t>(row.Int());
  sum.count.open = static_cast<std::uint64_t>(row.Int());
  sum.count.last_received = row.Time();
  return sum;
}

}  // namespace

base::Result<void> AddCount(Connection& connection, const std::array<std::string, 4>& which,
                            const Session::FeedSum& more) {
  const auto& [feed, organisation, disposition, error] = which;
  const auto found =
      First(connection,
            "SELECT * FROM counts WHERE feed = ? AND organisation = ? AND disposition = ?"
            " AND error = ?",
            kTable, {feed, organisation, disposition, error}, &ReadSum);
  if (!found) return found.error();
  if (!*found) {
    return Insert(
        connection,
        "INSERT INTO counts (seal, feed, organisation, disposition, error, messages,"
        " open, last_received) VALUES (?,?,?,?,?,?,?,?)",
        kTable,
        {feed, organisation, disposition, error, more.messages, more.open, more.last_received});
  }
  const OutcomeCount& sum = (*found)->count;
  const Value columns[] = {feed,
                           organisation,
                           disposition,
                           error,
                           static_cast<std::int64_t>(sum.messages) + more.messages,
                           static_cast<std::int64_t>(sum.open) + more.open,
                           std::max(sum.last_received, more.last_received)};
  return Run(connection,
             "UPDATE counts SET seal = ?, messages = ?, open = ?, last_received = ? WHERE seq = ?",
             {Blob{SealOf(kTable, columns)}, columns[4], columns[5], columns[6], (*found)->seq});
}

base::Result<std::vector<OutcomeCount>> CountsIn(Connection& connection) {
  auto sums =
      All(connection, "SELECT * FROM counts ORDER BY feed, organisation, disposition, error",
          kTable, {}, &ReadSum);
  if (!sums) return sums.error();
  std::vector<OutcomeCount> counts;
  for (Sum& sum : *sums) {
    if (sum.count.messages != 0) counts.push_back(std::move(sum.count));
  }
  return counts;
}

base::Result<void> CountWhatIsThere(Connection& connection) {
  auto running = Running::Start(connection,
                                "SELECT 0, feed, disposition, error_name, count(*), max(received)"
                                " FROM journal GROUP BY feed, disposition, error_name",
                                {});
  if (!running) return running.error();
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) return {};
    Row row(running->statement(), 1);
    const std::string feed = row.Text();
    const std::string disposition = row.Text();
    const std::string error = row.Text();
    Session::FeedSum sum;
    sum.messages = row.Int();
    sum.last_received = row.Time();
    const bool open = disposition == "rejected" || disposition == "quarantined";
    sum.open = open ? sum.messages : 0;
    if (row.broken()) return BrokenRow("journal");
    if (auto added = AddCount(connection, {feed, "", disposition, error}, sum); !added) {
      return added;
    }
  }
}

}  // namespace milecastle::store::sqlite

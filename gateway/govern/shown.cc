// Who was shown a record in the time when it was somebody else's (safety.md 15, 22).

#include <algorithm>
#include <iterator>
#include <set>

#include "audit/entry.h"
#include "govern/identity.h"

namespace milecastle::govern {
namespace {

using Rows = std::vector<store::TrailRow>;

// Newest first.
base::Result<Rows> AllOf(store::ReadTrail& trail, store::TrailQuery query) {
  Rows rows;
  while (true) {
    auto page = trail.Search(query);
    if (!page) return page.error();
    const bool more = page->size() == query.limit;
    if (more) query.after = store::TrailPlace{page->back().origin, page->back().leaf};
    std::move(page->begin(), page->end(), std::back_inserter(rows));
    if (!more) return rows;
  }
}

bool IsDisclosure(const store::TrailRow& row) {
  return row.kind == NameOf(audit::Kind::kView) || row.kind == NameOf(audit::Kind::kEmergency);
}

}  // namespace

base::Result<Rows> IdentityWork::ShownBetween(const std::vector<record::NhsNumber>& numbers,
                                              base::Instant from, base::Instant until) const {
  auto snapshot = parts_.store.Read();
  if (!snapshot) return snapshot.error();
  Rows shown;
  std::set<record::EventId> seen;
  for (const record::NhsNumber& number : numbers) {
    store::TrailQuery query;
    query.nhs_number = number.digits();
    query.from = from;
    query.until = until;
    auto rows = AllOf((*snapshot)->trail(), std::move(query));
    if (!rows) return rows.error();
    std::copy_if(rows->begin(), rows->end(), std::back_inserter(shown), [&](const auto& row) {
      return IsDisclosure(row) && seen.insert(row.event).second;
    });
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const auto& left, const auto& right) { return left.at > right.at; });
  return shown;
}

}  // namespace milecastle::govern

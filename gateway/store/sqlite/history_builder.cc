#include "inside/history_builder.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "inside/fields.h"
#include "inside/query.h"
#include "inside/segment_parts.h"
#include "record/label_flow.h"

namespace milecastle::store::sqlite {
namespace {

// The versions of one entry, the last that came first, as many as the limit allows, and the labels
// of all that there are.
struct Versions {
  std::vector<Part> kept = {};
  std::set<std::string> labels = {};
  bool truncated = false;
};

// Takes the versions in the order of their coming, the last first.
class Taker {
 public:
  Taker(const HistoryLimit& limit, ReaderClasses& classes, Versions& into)
      : limit_(limit), classes_(classes), into_(into) {}

  base::Result<void> Take(EntryRow row) {
    Part part{.entry = std::move(row)};
    if (auto labelled = Label(part, classes_); !labelled) return labelled;
    const auto& labels = part.entry_class->labels;
    into_.labels.insert(labels.begin(), labels.end());
    bytes_ += part.entry.bytes.size();
    const bool is_over = into_.kept.size() == limit_.versions || bytes_ > limit_.bytes;
    into_.truncated = into_.truncated || (is_over && !into_.kept.empty());
    if (!into_.truncated) into_.kept.push_back(std::move(part));
    return {};
  }

 private:
  const HistoryLimit& limit_;
  ReaderClasses& classes_;
  Versions& into_;
  std::size_t bytes_ = 0;
};

base::Result<std::vector<std::int64_t>> NumbersOf(Session& session, const EntryRow& of) {
  auto running =
      Running::Start(session.connection,
                     "SELECT seq FROM entries WHERE identity = ? AND standing IN (1, 2, 3, 4)"
                     " AND source_key = ? ORDER BY seq DESC",
                     std::array{Value(of.identity), Value(of.source_key)});
  if (!running) return running.error();
  std::vector<std::int64_t> numbers;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) return numbers;
    numbers.push_back(Row(running->statement(), 1).seq());
  }
}

base::Result<EntryRow> EntryNumbered(Session& session, std::int64_t seq) {
  auto row = First(session.connection, "SELECT * FROM entries WHERE seq = ?", kEntriesTable, {seq},
                   &ReadEntry);
  if (!row) return row.error();
  if (!*row) return base::Error{base::ErrorId::kStoreCorrupt, "entries", "a row is gone"};
  return **std::move(row);
}

// Every row is read whole, for its seal covers its bytes too: one that was changed could take the
// label away that keeps the others back. One at a time, lest all of them be held at once.
base::Result<Versions> VersionsOf(Session& session, const EntryRow& of, const HistoryLimit& limit,
                                  ReaderClasses& classes) {
  const auto numbers = NumbersOf(session, of);
  if (!numbers) return numbers.error();
  Versions versions;
  Taker taker(limit, classes, versions);
  for (const std::int64_t number : *numbers) {
    auto row = EntryNumbered(session, number);
    if (!row) return row.error();
    if (auto taken = taker.Take(*std::move(row)); !taken) return taken.error();
  }
  return versions;
}

// Those that come to the versions by their links, from what else is current or ended.
base::Result<void> AddLabelsByLinks(Session& session, record::PersonId person,
                                    const std::vector<Part>& versions, ReaderClasses& classes,
                                    std::set<std::string>& labels) {
  const auto parts = PartsOf(session, person, classes);
  if (!parts) return parts.error();
  const auto ended = EndedParts(session, person, classes);
  if (!ended) return ended.error();
  std::vector<record::LabelNode> nodes;
  std::transform(versions.begin(), versions.end(), std::back_inserter(nodes), &NodeOf);
  const EntryRow& own = versions.front().entry;
  for (const auto* others : {&*parts, &*ended}) {
    for (const Part& part : *others) {
      const EntryRow& entry = part.entry;
      const bool is_own = entry.identity == own.identity && entry.source_key == own.source_key;
      const bool counts = others == &*parts || !part.entry_class->labels.empty();
      if (!is_own && counts) nodes.push_back(NodeOf(part));
    }
  }
  const auto came = record::LabelsByLinks(nodes);
  for (std::size_t i = 0; i < versions.size() && i < came.size(); ++i) {
    labels.insert(came[i].begin(), came[i].end());
  }
  return {};
}

EntryVersion VersionOf(const Part& part) {
  const EntryRow& entry = part.entry;
  return {.message = entry.message,
          .standing = entry.standing,
          .verification = part.entry_class->verification,
          .stored = entry.stored,
          .ended = entry.ended,
          .came_late = entry.ended && *entry.ended < entry.stored};
}

}  // namespace

base::Result<EntryHistory> BuildHistory(Session& session, record::PersonId person,
                                        const EntryRow& of, const HistoryLimit& limit) {
  EntryHistory history;
  auto classes = ReaderClasses::Of(session);
  if (!classes) return classes.error();
  auto versions = VersionsOf(session, of, limit, *classes);
  if (!versions) return versions.error();
  if (versions->kept.empty()) return history;
  history.truncated = versions->truncated;
  const auto added = AddLabelsByLinks(session, person, versions->kept, *classes, versions->labels);
  if (!added) return added.error();
  const auto untraced = UntracedIdentities(session.connection, person);
  if (!untraced) return untraced.error();
  Interned interned;
  for (Part& version : versions->kept) {
    version.by_links.assign(versions->labels.begin(), versions->labels.end());
    version.untraced = untraced->contains(of.identity);
    history.versions.push_back(VersionOf(version));
    Append(history.segment, interned, version);
  }
  return history;
}

}  // namespace milecastle::store::sqlite

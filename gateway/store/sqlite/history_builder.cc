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

base::Result<EntryRow> EntryNumbered(Session& session, std::int64_t seq) {
  auto row = First(session.connection, "SELECT * FROM entries WHERE seq = ?", kEntriesTable, {seq},
                   &ReadEntry);
  if (!row) return row.error();
  if (!*row) return base::Error{base::ErrorId::kStoreCorrupt, "entries", "a row is gone"};
  return **std::move(row);
}

// The versions of an entry, the last that came first, as many as the limit allows.
base::Result<std::vector<Part>> VersionsOf(Session& session, const EntryRow& of,
                                           const HistoryLimit& limit, ReaderClasses& classes,
                                           bool& truncated) {
  auto running = Running::Start(
      session.connection,
      "SELECT seq, length(bytes) FROM entries WHERE identity = ? AND standing IN (1, 2, 3, 4)"
      " AND source_key = ? ORDER BY seq DESC LIMIT ?",
      std::array{Value(of.identity), Value(of.source_key),
                 Value(static_cast<std::int64_t>(limit.versions) + 1)});
  if (!running) return running.error();
  std::vector<std::int64_t> seqs;
  std::uint64_t bytes = 0;
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) break;
    Row row(running->statement(), 1);
    bytes += static_cast<std::uint64_t>(row.Int());
    truncated = seqs.size() == limit.versions || (!seqs.empty() && bytes > limit.bytes);
    if (truncated) break;
    seqs.push_back(row.seq());
  }
  std::vector<Part> versions;
  for (const std::int64_t seq : seqs) {
    auto row = EntryNumbered(session, seq);
    if (!row) return row.error();
    if (auto labelled = classes.Label(*row); !labelled) return labelled.error();
    const auto entry_class = classes.Find(row->entry_class);
    if (!entry_class) return entry_class.error();
    const auto effective = row->effective;
    versions.push_back({.entry = *std::move(row),
                        .entry_class = *entry_class,
                        .effective = effective ? effective->time_since_epoch().count() : kNoTime});
  }
  return versions;
}

// Of every version that there is.
base::Result<std::set<std::string>> OwnLabelsOfAll(Session& session, const EntryRow& of,
                                                   ReaderClasses& classes) {
  auto running = Running::Start(
      session.connection,
      "SELECT seq, class FROM entries WHERE identity = ? AND standing IN (1, 2, 3, 4)"
      " AND source_key = ?",
      std::array{Value(of.identity), Value(of.source_key)});
  if (!running) return running.error();
  std::set<std::int64_t> numbers;
  std::vector<std::int64_t> due;  // whose rules have changed since: labelled as they are read
  while (true) {
    const auto more = running->Next();
    if (!more) return more.error();
    if (!*more) break;
    Row row(running->statement(), 1);
    numbers.insert(row.Int());
    if (classes.IsDue(row.seq())) due.push_back(row.seq());
  }
  for (const std::int64_t seq : due) {
    auto row = EntryNumbered(session, seq);
    if (!row) return row.error();
    if (auto labelled = classes.Label(*row); !labelled) return labelled.error();
    numbers.insert(row->entry_class);
  }
  std::set<std::string> labels;
  for (const std::int64_t number : numbers) {
    const auto entry_class = classes.Find(number);
    if (!entry_class) return entry_class.error();
    labels.insert((*entry_class)->labels.begin(), (*entry_class)->labels.end());
  }
  return labels;
}

// Those that come to the versions by their links, from what else is current or ended.
base::Result<void> AddLabelsByLinks(Session& session, record::PersonId person,
                                    const std::vector<Part>& versions, ReaderClasses& classes,
                                    std::set<std::string>& labels) {
  const auto parts = PartsOf(session, person, classes);
  if (!parts) return parts.error();
  auto ended = EndedEntries(session.connection, person);
  if (!ended) return ended.error();
  if (auto due = LabelThoseDue(session, *ended, classes); !due) return due;
  const auto labelled = EndedWithLabels(session, *ended, classes);
  if (!labelled) return labelled.error();
  std::vector<record::LabelNode> nodes;
  std::transform(versions.begin(), versions.end(), std::back_inserter(nodes), &NodeOf);
  const EntryRow& own = versions.front().entry;
  for (const auto* others : {&*parts, &*labelled}) {
    for (const Part& part : *others) {
      const EntryRow& entry = part.entry;
      const bool is_own = entry.identity == own.identity && entry.source_key == own.source_key;
      if (!is_own) nodes.push_back(NodeOf(part));
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
  auto versions = VersionsOf(session, of, limit, *classes, history.truncated);
  if (!versions) return versions.error();
  if (versions->empty()) return history;
  auto labels = OwnLabelsOfAll(session, of, *classes);
  if (!labels) return labels.error();
  const auto added = AddLabelsByLinks(session, person, *versions, *classes, *labels);
  if (!added) return added.error();
  const auto untraced = UntracedIdentities(session.connection, person);
  if (!untraced) return untraced.error();
  Interned interned;
  for (Part& version : *versions) {
    version.by_links.assign(labels->begin(), labels->end());
    version.untraced = untraced->contains(of.identity);
    history.versions.push_back(VersionOf(version));
    Append(history.segment, interned, version);
  }
  return history;
}

}  // namespace milecastle::store::sqlite

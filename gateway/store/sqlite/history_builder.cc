#include "inside/history_builder.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <span>

#include "inside/fields.h"
#include "inside/query.h"
#include "inside/segment_parts.h"
#include "record/label_flow.h"

namespace milecastle::store::sqlite {
namespace {

// The versions of one entry, the last that came first, as many as the limit allows.
struct Versions {
  std::vector<Part> kept = {};
  std::optional<std::size_t> last_word = {};  // its place; none: all of them came late
  std::vector<Part> beyond = {};              // without their bytes
  std::set<std::string> labels = {};          // of all that there are
};

bool CameLate(const EntryRow& row) { return row.ended && *row.ended < row.stored; }

// Takes the versions in the order of their coming, the last first.
class Taker {
 public:
  Taker(const HistoryLimit& limit, record::EntryId asked, ReaderClasses& classes, Versions& into)
      : limit_(limit), asked_(asked), classes_(classes), into_(into) {}

  base::Result<void> Take(EntryRow row) {
    Part part{.entry = std::move(row)};
    if (auto labelled = Label(part, classes_); !labelled) return labelled;
    const auto& labels = part.entry_class->labels;
    into_.labels.insert(labels.begin(), labels.end());
    const bool is_last_word = !into_.last_word && !CameLate(part.entry);
    if (is_last_word) into_.last_word = into_.kept.size();
    bytes_ += part.entry.bytes.size();
    is_full_ = is_full_ || IsFull();
    if (is_last_word || !is_full_) {
      into_.kept.push_back(std::move(part));
    } else {
      TakeClass(std::move(part));
    }
    return {};
  }

 private:
  // There is room for the last word whatever came late since, and for one version whatever its
  // size.
  bool IsFull() const {
    const std::size_t taken = into_.kept.size() + (into_.last_word ? 0 : 1);
    return taken >= limit_.versions || (!into_.kept.empty() && bytes_ > limit_.bytes);
  }
  void TakeClass(Part part) {
    const bool is_known = std::any_of(
        into_.beyond.begin(), into_.beyond.end(),
        [&](const Part& each) { return each.entry.entry_class == part.entry.entry_class; });
    if (is_known && part.entry.id != asked_ && part.entry.links.empty()) return;
    part.entry.bytes = {};
    into_.beyond.push_back(std::move(part));
  }

  const HistoryLimit& limit_;
  const record::EntryId asked_;
  ReaderClasses& classes_;
  Versions& into_;
  std::size_t bytes_ = 0;
  bool is_full_ = false;  // so that no older one follows one that was left out
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
  Taker taker(limit, of.id, classes, versions);
  for (const std::int64_t number : *numbers) {
    auto row = EntryNumbered(session, number);
    if (!row) return row.error();
    if (auto taken = taker.Take(*std::move(row)); !taken) return taken.error();
  }
  return versions;
}

// What else of the person's gives labels by links.
class Others {
 public:
  static base::Result<Others> Of(Session& session, record::PersonId person, const EntryRow& own,
                                 ReaderClasses& classes) {
    auto parts = PartsOf(session, person, classes);
    if (!parts) return parts.error();
    auto ended = EndedParts(session, person, classes);
    if (!ended) return ended.error();
    const auto is_own = [&own](const Part& part) {
      return part.entry.identity == own.identity && part.entry.source_key == own.source_key;
    };
    std::erase_if(*parts, is_own);
    std::erase_if(*ended, is_own);
    return Others(*std::move(parts), *std::move(ended));
  }

  // For each of these the labels that come to it from the others. Empty where none do to any.
  std::vector<std::vector<std::string>> LabelsTo(std::span<const Part> versions) const {
    std::vector<record::LabelNode> nodes;
    std::transform(versions.begin(), versions.end(), std::back_inserter(nodes), &NodeOf);
    std::transform(parts_.begin(), parts_.end(), std::back_inserter(nodes), &NodeOf);
    AddLabelled(ended_, nodes);
    auto came = record::LabelsByLinks(nodes);
    if (!came.empty()) came.resize(versions.size());
    return came;
  }

 private:
  Others(std::vector<Part> parts, std::vector<Part> ended)
      : parts_(std::move(parts)), ended_(std::move(ended)) {}
  std::vector<Part> parts_;
  std::vector<Part> ended_;
};

// The last word bears what a segment gives it, lest a history withhold what a view shows and betray
// the old version by that; every other version bears the labels of all.
void LabelAll(const Others& others, Versions& versions) {
  const std::size_t last = versions.last_word.value_or(0);
  for (const auto* some : {&versions.kept, &versions.beyond}) {
    for (const auto& came : others.LabelsTo(*some)) {
      versions.labels.insert(came.begin(), came.end());
    }
  }
  auto came_to_last = others.LabelsTo(std::span(versions.kept).subspan(last, 1));
  const std::vector<std::string> all(versions.labels.begin(), versions.labels.end());
  for (Part& each : versions.kept) each.by_links = all;
  for (Part& each : versions.beyond) each.by_links = all;
  versions.kept[last].by_links =
      came_to_last.empty() ? std::vector<std::string>() : std::move(came_to_last.front());
}

EntryVersion VersionOf(const Part& part) {
  const EntryRow& entry = part.entry;
  return {.message = entry.message,
          .standing = entry.standing,
          .verification = part.entry_class->verification,
          .stored = entry.stored,
          .ended = entry.ended,
          .came_late = CameLate(entry)};
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
  const auto others = Others::Of(session, person, of, *classes);
  if (!others) return others.error();
  LabelAll(*others, *versions);
  const auto untraced = UntracedIdentities(session.connection, person);
  if (!untraced) return untraced.error();
  const bool is_untraced = untraced->contains(of.identity);
  history.last_word = versions->last_word.value_or(0);
  Interned interned;
  for (Part& version : versions->kept) {
    version.untraced = is_untraced;
    history.versions.push_back(VersionOf(version));
    Append(history.segment, interned, version);
    if (version.entry.id == of.id) history.asked = history.segment.items.back().entry_class;
  }
  for (Part& version : versions->beyond) {
    version.untraced = is_untraced;
    history.beyond.push_back(Intern(history.segment, interned, version));
    if (version.entry.id == of.id) history.asked = history.beyond.back();
  }
  return history;
}

}  // namespace milecastle::store::sqlite

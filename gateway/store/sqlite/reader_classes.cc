#include "inside/reader_classes.h"

#include <limits>
#include <utility>

#include "inside/labels_table.h"
#include "record/label_flow.h"

namespace milecastle::store::sqlite {

base::Result<ReaderClasses> ReaderClasses::Of(Session& session) {
  ReaderClasses classes(session);
  if (session.following == nullptr) return classes;
  auto rules = session.following->rules();
  if (!rules) return classes;
  const auto newest = LabellingIn(session.connection);
  if (!newest) return newest.error();
  if (*newest && (*newest)->rules == rules->digest()) {
    if ((*newest)->ended) return classes;
    classes.labelling_ = **newest;
  } else {
    classes.labelling_.upto = std::numeric_limits<std::uint64_t>::max();
  }
  classes.rules_ = std::move(rules);
  return classes;
}

base::Result<void> ReaderClasses::Label(EntryRow& entry) {
  if (!IsDue(entry.seq)) return {};
  const auto stored = Find(entry.entry_class);
  if (!stored) return stored.error();
  const LabelOrigin origin = entry.origin ? *entry.origin : UnknownOrigin(**stored);
  Labelled labelled = rules_->Label({entry.bytes, **stored, entry.stored, origin});
  record::EntryClass now = **stored;
  // What they take away goes when that is written: of old and new the tighter holds.
  record::AddLabels(labelled.labels, now);
  now.headline = labelled.headline;
  entry.likeness = std::move(labelled.likeness);
  if (now == **stored) return {};
  const auto next = -1 - static_cast<std::int64_t>(made_.size());
  const auto [made, added] = made_.try_emplace(now, next);
  if (added) by_number_.emplace(next, std::move(now));
  entry.entry_class = made->second;
  return {};
}

base::Result<const record::EntryClass*> ReaderClasses::Find(std::int64_t number) {
  auto known = by_number_.find(number);
  if (known == by_number_.end()) {
    auto found = session_.classes.Find(number);
    if (!found) return found.error();
    known = by_number_.emplace(number, *std::move(found)).first;
  }
  return &known->second;
}

}  // namespace milecastle::store::sqlite

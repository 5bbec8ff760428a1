// The classes of entries as a reader has them: of an entry that nobody has looked at yet since the
// rules changed, with the labels that they give beside those that are stored (store/labels.h).
//
// Nothing of it is written. Classes that are stored nowhere have numbers below 0.
//
// Thread-safety: one thread, as its session. Failure: as query.h.
#pragma once

#include <map>
#include <memory>

#include "inside/entry_row.h"
#include "inside/session.h"
#include "store/labels.h"

namespace milecastle::store::sqlite {

class ReaderClasses {
 public:
  static base::Result<ReaderClasses> Of(Session& session);

  bool IsDue(std::int64_t seq) const {
    return rules_ != nullptr && labelling_.IsDue(static_cast<std::uint64_t>(seq));
  }
  // An entry that is due has another class from then on, and its likeness anew; any other stays as
  // it is.
  base::Result<void> Label(EntryRow& entry);
  // With standing kCurrent. It stays where it is for as long as this does.
  base::Result<const record::EntryClass*> Find(std::int64_t number);

 private:
  explicit ReaderClasses(Session& session) : session_(session) {}

  Session& session_;
  std::shared_ptr<const Rulebook> rules_;  // null: nothing is due
  Labelling labelling_;
  std::map<std::int64_t, record::EntryClass> by_number_;
  std::map<record::EntryClass, std::int64_t> made_;
};

}  // namespace milecastle::store::sqlite

// What a person's segment, and the versions of one of their entries, are made of.
//
// Thread-safety: one thread. Failure: as query.h.
#pragma once

#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "inside/entry_row.h"
#include "inside/reader_classes.h"
#include "inside/session.h"
#include "record/label_flow.h"
#include "store/records.h"

namespace milecastle::store::sqlite {

inline constexpr std::int64_t kNoTime = std::numeric_limits<std::int64_t>::min();

struct Part {
  EntryRow entry;
  const record::EntryClass* entry_class = nullptr;
  std::int64_t effective = kNoTime;
  bool untraced = false;
  std::vector<std::string> by_links = {};  // labels that came to it (record/label_flow.h)
};

// Classes of one segment by their number in the store, apart for entries of untraced identities and
// for those to which labels came.
using Interned =
    std::map<std::tuple<std::int64_t, bool, std::vector<std::string>>, record::ClassIndex>;

// The place of its class, with all its labels, among the segment's.
record::ClassIndex Intern(Segment& segment, Interned& interned, const Part& part);
// The part as the segment's next item.
void Append(Segment& segment, Interned& interned, const Part& part);
// Of it as a node of the links; it outlives the node.
record::LabelNode NodeOf(const Part& part);
// Of those that have labels, which are all that ended ones give.
void AddLabelled(const std::vector<Part>& ended, std::vector<record::LabelNode>& nodes);

// Gives it its class, and the time of its entry. `classes` outlives it.
base::Result<void> Label(Part& part, ReaderClasses& classes);

base::Result<std::set<record::IdentityId>> UntracedIdentities(Connection& connection,
                                                              record::PersonId person);
// What is current, in the order of a segment. `classes` outlives the parts.
base::Result<std::vector<Part>> PartsOf(Session& session, record::PersonId person,
                                        ReaderClasses& classes);

// What was withdrawn, or is no longer sent: whatever is linked to it would still give it away. An
// entry that its source sent again is not among them, for the newer word counts. Without its bytes,
// which its seal covers: they are read, and let go.
base::Result<std::vector<Part>> EndedParts(Session& session, record::PersonId person,
                                           ReaderClasses& classes);

}  // namespace milecastle::store::sqlite

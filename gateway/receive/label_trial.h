// What other rules would make of the labels of all that is stored, before they are put in force:
// how many entries of how many people would gain or lose which label, by source and section.
//
// Numbers alone: nothing of a person, an entry or a message is in them. Links count as they do in a
// view: what is linked to an entry that would be labelled would be too. Of what was withdrawn or is
// no longer sent only what it makes of others is counted. People are read some at a time, over a
// snapshot each, so what arrives meanwhile is counted or not.
//
// Thread-safety: functions without state. Failure: the store's errors.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "store/store.h"

namespace milecastle::receive {

struct LabelChange {
  std::string source;  // an ODS code
  record::Section section = record::Section::kDocuments;
  std::string label;
  bool gains = false;  // else it loses it
  auto operator<=>(const LabelChange&) const = default;
};
struct LabelCount {
  std::uint64_t entries = 0;
  std::uint64_t people = 0;
  bool operator==(const LabelCount&) const = default;
};
struct LabelTrial {
  std::uint64_t people = 0;   // looked at
  std::uint64_t entries = 0;  // current ones of them
  std::map<LabelChange, LabelCount> changes;
};

using ReadStore = std::function<base::Result<std::unique_ptr<store::Snapshot>>()>;
base::Result<LabelTrial> TryRules(const ReadStore& read, const store::Rulebook& rules);

}  // namespace milecastle::receive

// One segment of two: what is kept and stands, and what sources gave at the moment of a view in
// place of what they gave before. Nothing of it is stored.
//
// Thread-safety: pure. Failure: none; a link whose target is not in the segment is left out.
#pragma once

#include <span>

#include "store/records.h"

namespace milecastle::store {

// What a record system of a source gave anew: all that it has of these sections.
struct GivenAnew {
  record::OdsCode source;
  std::span<const record::Section> covers;
  std::span<const StoredEntry> entries;
  std::string_view system = {};
};

// In the order of a segment (records.h). Classes and labels of what is kept stay as they are; what
// was given takes the labels of what it is linked to, over all that its source gave.
Segment Merged(const Segment& kept, std::span<const GivenAnew> given);

}  // namespace milecastle::store

// One pass over the text of a document, before any tree is made: limits, what is refused whatever
// it says, and that it is well formed.
//
// The parser behind it takes much that XML does not allow; nothing reaches it that did not pass
// here. Time and memory are linear in the text.
//
// Thread-safety: any thread. Failure: an Error with line and column.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "xml/document.h"

namespace milecastle::xml {

struct Span {  // of one element, as offsets in the text
  std::size_t name = 0;
  std::size_t inner_begin = 0;
  std::size_t inner_end = 0;
};
struct Scan {
  std::vector<Span> elements;  // in the order of their start tags
  std::size_t instructions = 0;
};

base::Result<Scan> ScanText(std::string_view text, const Limits& limits);

// "line 3, column 14", counted from 1, columns in characters.
std::string PlaceAt(std::string_view text, std::size_t offset);

}  // namespace milecastle::xml

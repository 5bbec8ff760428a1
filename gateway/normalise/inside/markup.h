// What a page of HTML or XML shows: without its tags, its remarks and what is for a machine alone,
// its entities read.
//
// A tag parts two words unless it is one of those that stand within a line, and a remark parts
// none. Of a tag that nobody knows both may be so: it is read in either way.
//
// Thread-safety: pure. Failure: none; time and memory are linear in the page, whatever it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace milecastle::normalise {

enum class UnknownTags : std::uint8_t { kPart, kJoin };

struct MarkupText {
  std::string text;
  bool has_unknown_tags = false;
};
MarkupText TextOfMarkup(std::string_view page, UnknownTags unknown);

// Whether there is anything in it to be read as markup.
bool MayBeMarkup(std::string_view text);

}  // namespace milecastle::normalise

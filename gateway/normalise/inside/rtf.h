// The text of an RTF document (Rich Text Format 1.9.1), as a reader sees it.
//
// Control words part nothing: `sex{\b ual}` is one word. Paragraphs, lines, tabs and cells are
// blanks; line ends of the file are nothing, as for every reader of RTF, or blanks as a careless
// writer means them. `\'hh` and `\u` are characters, and what stands behind `\u` for old readers is
// left out.
//
// What stands beside the text (titles and keywords, headers, notes, fields, hidden text, whatever
// begins with `\*`) is told apart from it, for it parts no word of the text, and whoever opens the
// document can read it. Tables of fonts, colours and styles, and the bytes of pictures and objects
// are nobody's words.
//
// Thread-safety: pure. Failure: none; time and memory are linear in the text, whatever it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace milecastle::normalise {

enum class LineEnds : std::uint8_t { kNothing, kBlanks };

struct RtfText {
  std::string shown;
  std::string beside;
  bool whole = false;  // each group that begins ends, and no other
};
RtfText TextOfRtf(std::string_view rtf, LineEnds line_ends);

inline constexpr std::string_view kRtfBegins = "{\\rtf";

}  // namespace milecastle::normalise

// Superscripts and subscripts in plain text, whatever format they stand in: 10<sup>5</sup> is 10^5
// and never 105, H<sub>2</sub>O is H2O.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <string_view>

namespace milecastle::base {

constexpr bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

constexpr bool IsScript(std::string_view element) { return element == "sup" || element == "sub"; }

// What goes between the character before a script and the script: nothing at the start of a line or
// behind a space (0), and where nothing would be read as one number. A subscript needs a sign
// behind a digit alone.
constexpr std::string_view SignBefore(std::string_view script, char before) {
  if (before == 0 || before == ' ' || before == '\n') return "";
  if (script == "sup") return "^";
  return IsAsciiDigit(before) ? "_" : "";
}

// Whether what follows a script would be read as the rest of its number: 10<sup>5</sup>2.
constexpr bool RunsOn(char last_of_script, char next) {
  return IsAsciiDigit(last_of_script) && IsAsciiDigit(next);
}

}  // namespace milecastle::base

// HL7 v2 delimiters and escape sequences (HL7 v2.8.2 section 2.7).
//
// Thread-safety: every function may be called from any thread. Failure: none; an escape that is not
// understood stays in the text as it was sent, so that nothing a sender wrote is lost.
#pragma once

#include <string>
#include <string_view>

#include "hl7v2/charset.h"

namespace milecastle::hl7v2 {

// MSH-1 and MSH-2. A character that the sender did not define is '\0' and splits or escapes
// nothing.
struct Delimiters {
  char field = '|';
  char component = '^';
  char repetition = '~';
  char escape = '\\';
  char subcomponent = '&';
  char truncation = '\0';  // since v2.7

  bool operator==(const Delimiters&) const = default;
};

// The text that `raw` stands for. The escapes F, S, T, R, E and P (as in \F\ and so on) give the
// delimiter, Xhh.. the bytes in `charset`, .br .sp .ce line ends, .sk spaces; H N .in .ti .fi .nf
// mark layout and leave no trace. Local (Z..), character-set (C.. M..) and malformed escapes stay
// as they stand; `understood`, where given, is then set to false.
std::string Unescape(std::string_view raw, const Delimiters& delimiters, const Charset& charset,
                     bool* understood = nullptr);

// The inverse: any text becomes one value that holds no delimiter, no CR, LF, MLLP or other control
// byte. Where the sender defined no escape character, what would need one becomes a space.
std::string Escape(std::string_view text, const Delimiters& delimiters);

}  // namespace milecastle::hl7v2

// The bytes of an XML document as UTF-8, without byte order mark (XML 1.0 section 4.3.3,
// appendix F).
//
// Read: UTF-8; UTF-16 with a byte order mark; ISO-8859-1, Windows-1252 and US-ASCII where the
// declaration says so. A declaration that its own bytes contradict, and a byte that the declared
// encoding does not know, refuse the document: a wrong character in a dose or a name is worse than
// a document that waits for a person.
//
// Thread-safety: any thread. Failure: an Error.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace milecastle::xml {

base::Result<std::string> ToUtf8(std::string_view bytes);

}  // namespace milecastle::xml

// A section's text block (CDA R2 section 4.3.5) as plain text.
//
// No word is lost, and nothing of it stays active: markup, addresses of links and scripts are left
// behind. Lines break where the author broke them; rows of a table are lines, with " | " between
// cells, empty ones kept, so that a value stays under its heading; list items begin with "- " or
// their number. A superscript is written with "^" (10^9), and text that the document marks as
// deleted says so.
//
// Thread-safety: as the document. Failure: none.
#pragma once

#include <string>

#include "context.h"
#include "xml/document.h"

namespace milecastle::cda {

// Marks all of it as read; what is left behind is listed by the context.
std::string NarrativeOf(Context& context, const xml::Node& text);
// The same without marks and lists, for words that a reference points to.
std::string WordsOf(const xml::Node& text);

}  // namespace milecastle::cda

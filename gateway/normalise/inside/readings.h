// The ways in which somebody may read a text: as it stands, and as what it is written in shows it.
//
// A word counts in whichever of them it stands: a text that is taken for another form than its
// sender meant is withheld at worst, and one that is read in one way alone is shown where a tag,
// an escape or a line's end stood in the middle of the word.
//
// Thread-safety: pure. Failure: none; each is linear in the text, and there is a bounded number.
#pragma once

#include <functional>
#include <string_view>

#include "record/entry.h"

namespace milecastle::normalise {

using ReadingTaker = std::function<void(std::string_view)>;

// Of a text of an entry.
void EachReading(std::string_view text, const ReadingTaker& take);

// Of a document's body; none where it is no text: a PDF, a picture, a word processor's file.
void EachReadingOf(const record::Document& document, const ReadingTaker& take);

}  // namespace milecastle::normalise

// How often a dose is taken and the most of it, in words.
//
// Thread-safety: as Context. Failure: none; a time that nobody here can put in words says that the
// narrative has it, so that a dose never stands there as if it were of every day.
#pragma once

#include <string>

#include "context.h"
#include "values.h"
#include "xml/document.h"

namespace milecastle::cda {

// The first time of a statement that is a moment or an interval; others say how it repeats.
xml::Node SpanOf(const xml::Node& statement);

// "every 1 week", "every 4 - 6 hours", "before breakfast": of every other effectiveTime. Empty
// where there is none.
std::string TimingOf(const xml::Node& statement);

// "at most 4 g in 24 hours"; empty where there is none.
std::string MostOf(const xml::Node& statement);

}  // namespace milecastle::cda

// The headings of a document's sections, and where each stands in the record (record/headings.h).
//
// Thread-safety: any thread. Failure: nothing for a heading that nobody knows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "record/entry.h"

namespace milecastle::r4 {

std::optional<record::Section> SectionOfHeading(const record::Coded& code, std::string_view title);

// The same where the heading holds all of that section: what is empty under it is so in the
// section.
std::optional<record::Section> SectionWholeUnder(const record::Coded& code, std::string_view title);

// "Plan and requested actions" → "plan-and-requested-actions".
std::string SlugOf(std::string_view title);

}  // namespace milecastle::r4

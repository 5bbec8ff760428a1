// The headings of a document's sections, and where each stands in the record.
//
// Known by UK Core's record standard headings, by the SNOMED CT codes of Transfer of Care, by the
// LOINC codes of the International Patient Summary, and by their titles.
//
// Thread-safety: any thread. Failure: nothing for a heading that nobody knows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "record/entry.h"

namespace milecastle::r4 {

std::optional<record::Section> SectionOfHeading(const record::Coded& code, std::string_view title);

// "Plan and requested actions" → "plan-and-requested-actions".
std::string SlugOf(std::string_view title);

}  // namespace milecastle::r4

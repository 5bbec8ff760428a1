// Where what documents and messages call a section stands in the record: one table for every
// format, by code and by title.
//
// Thread-safety: any thread. Failure: nothing for a heading that nobody knows.
#pragma once

#include <optional>
#include <string_view>

#include "record/sections.h"

namespace milecastle::record {

// A code of SNOMED CT or LOINC; neither list has a code of the other's form.
std::optional<Section> SectionOfCode(std::string_view code);

// Compared by its letters and digits alone: "Plan and requested actions:" and
// "plan-and-requested-actions" are one.
std::optional<Section> SectionOfTitle(std::string_view title);

// Whether what stands under such a code or title is all that the section has: nobody who finds no
// "Ended allergies" says that there are no allergies. What is not known to be all is a part.
bool IsWholeSection(std::string_view code_or_title);

}  // namespace milecastle::record

// Which PRSB heading a section of a document stands under: a table of codes, then of titles.
//
// Thread-safety: any thread. Failure: none.
#pragma once

#include <optional>
#include <string_view>

#include "record/sections.h"

namespace milecastle::cda {

std::optional<record::Section> HeadingOfCode(std::string_view code);
std::optional<record::Section> HeadingOfTitle(std::string_view title);

}  // namespace milecastle::cda

// GP Connect's clinical areas: which list stands for which sections.
//
// Thread-safety: any thread. Failure: none.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "record/sections.h"

namespace milecastle::resources {

struct Area {
  std::string_view list;    // the list's SNOMED code
  record::Section section;  // what a statement on the list is about
  record::Section also;     // a second section that the list replaces; else the same
  bool speaks_for_section =
      true;  // an empty list means an empty section; not so for ended allergies
};

std::span<const Area> Areas();
const Area* AreaOf(std::string_view list_code);
// The secondary lists, of things named within consultations and problems.
std::optional<record::Section> SectionOfSecondaryList(std::string_view list_code);

}  // namespace milecastle::resources

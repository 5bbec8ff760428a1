// Where a text stops being JSON.
//
// Thread-safety: any thread. Failure: empty where the text is JSON after all (a number too large, a
// limit).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace milecastle::fhir {

// "line 3, column 14", counted from 1, columns in bytes.
std::string PlaceOfFault(std::string_view json, std::size_t depth);

}  // namespace milecastle::fhir

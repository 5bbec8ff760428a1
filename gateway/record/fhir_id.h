// What FHIR says that an id of a resource is, in one place: ids stand in addresses that are asked
// for, in names of people and in documents' names.
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace milecastle::record {

// Letters, digits, '-' and '.', at most 64. Not dots alone, as FHIR would allow: they lead out of
// the path that an id is put into.
inline bool IsFhirId(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  const auto is_of_id = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), is_of_id) &&
         text.find_first_not_of('.') != std::string_view::npos;
}

}  // namespace milecastle::record

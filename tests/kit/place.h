// The places of a message by their path: "entry[3].resource.code" → "entry.resource.code".
//
// Thread-safety: pure. Failure: none.
#pragma once

#include <string>
#include <string_view>

namespace milecastle::kit {

inline std::string WithoutPositions(std::string_view place) {
  std::string path;
  bool inside = false;
  for (const char c : place) {
    inside |= c == '[';
    if (!inside) path += c;
    if (c == ']') inside = false;
  }
  return path;
}

}  // namespace milecastle::kit

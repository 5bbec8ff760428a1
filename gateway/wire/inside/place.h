// Where in a message something stands: "patients[0].drafts[2].entry.status". For wire/ alone.
//
// A chain on the stack, written out for a fault alone. Thread-safety: a value; what it points to
// outlives it. Failure: none.
#pragma once

#include <string>
#include <string_view>

namespace milecastle::wire {

struct Place {
  const Place* up = nullptr;
  std::string_view name = {};
  int index = -1;  // of a repeated field

  std::string ToString() const {
    std::string text = up == nullptr ? std::string() : up->ToString();
    if (name.empty()) return text;
    if (!text.empty()) text += '.';
    text += name;
    if (index >= 0) text += "[" + std::to_string(index) + "]";
    return text;
  }
};

}  // namespace milecastle::wire

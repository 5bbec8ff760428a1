#include "inside/parts.h"

#include <algorithm>
#include <array>

namespace milecastle::acute {
namespace {

bool IsOfHeading(std::string_view name) {
  constexpr std::array<std::string_view, 4> kHeading = {"MSH", "SFT", "UAC", "EVN"};
  return std::find(kHeading.begin(), kHeading.end(), name) != kHeading.end();
}

}  // namespace

Parts PartsOf(const hl7v2::Message& message, bool several) {
  Parts found;
  const bool split = several && message.segment("PID", 1).exists();
  bool in_heading = split;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto segment = message.at(i);
    const bool is_patient = segment.name() == "PID";
    in_heading = in_heading && !is_patient;
    if (in_heading && IsOfHeading(segment.name())) {
      found.heading.push_back(segment);
      continue;
    }
    if (found.parts.empty() || (split && is_patient)) found.parts.emplace_back();
    found.parts.back().push_back(segment);
  }
  return found;
}

}  // namespace milecastle::acute

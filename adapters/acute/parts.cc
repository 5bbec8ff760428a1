#include "inside/parts.h"

#include <algorithm>
#include <array>

namespace milecastle::acute {
namespace {

bool IsOfHeading(std::string_view name) {
  constexpr std::array<std::string_view, 4> kHeading = {"MSH", "SFT", "UAC", "EVN"};
  return std::find(kHeading.begin(), kHeading.end(), name) != kHeading.end();
}

bool IsLocalOrNote(std::string_view name) { return name.starts_with('Z') || name == "NTE"; }

}  // namespace

base::Result<Parts> PartsOf(const hl7v2::Message& message, bool several) {
  const bool split = several && message.segment("PID", 1).exists();
  Parts found;
  if (!split) found.parts.emplace_back();
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto segment = message.at(i);
    if (split && segment.name() == "PID") found.parts.emplace_back();
    if (!found.parts.empty()) {
      found.parts.back().push_back(segment);
    } else if (IsOfHeading(segment.name())) {
      found.heading.push_back(segment);
    } else if (IsLocalOrNote(segment.name())) {
      found.aside.push_back(segment);
    } else {
      return base::Error{base::ErrorId::kMessageInvalid, segment.place(),
                         "of several patients send each one's segments behind their PID"};
    }
  }
  return found;
}

}  // namespace milecastle::acute

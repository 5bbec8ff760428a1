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

// Of HL7 UK A.3: no local segment to this adapter, which reads choices and alerts in them (uk.cc).
bool IsOfUk(std::string_view name) {
  return name.size() == 3 && name.starts_with("ZU") && name[2] >= '1' && name[2] <= '8';
}

// ADT_A39's PATIENT (HL7 v2.8.2 section 3.3.40), with local segments and notes wherever they stand.
base::Result<void> CheckMerge(const Segments& group, std::size_t number) {
  constexpr std::array<std::string_view, 4> kOrder = {"PID", "PD1", "MRG", "PV1"};
  const auto* next = kOrder.begin();
  bool merges = false;
  for (const hl7v2::Segment& segment : group) {
    if (IsLocalOrNote(segment.name())) continue;
    const auto* const at = std::find(next, kOrder.end(), segment.name());
    if (at == kOrder.end()) {
      return base::Error{base::ErrorId::kMessageInvalid, segment.place(),
                         "send PID, PD1, MRG, PV1 of each patient in this order, none of them "
                         "twice"};
    }
    next = at + 1;
    merges = merges || segment.name() == "MRG";
  }
  if (merges) return {};
  return base::Error{base::ErrorId::kMessageInvalid, "MRG of PID[" + std::to_string(number) + "]",
                     "send the MRG segment of each merge behind its PID"};
}

base::Result<void> CheckMerges(const std::vector<Segments>& groups) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (auto checked = CheckMerge(groups[i], i + 1); !checked) return checked;
  }
  return {};
}

// Where a segment before the first PID belongs; nullptr: it is somebody's, and does not say whose.
Segments* PlaceBeforePid(Parts& found, std::string_view name) {
  if (IsOfHeading(name)) return &found.heading;
  if (IsLocalOrNote(name) && !IsOfUk(name)) return &found.aside;
  return nullptr;
}

}  // namespace

base::Result<Parts> PartsOf(const hl7v2::Message& message, Grouping grouping) {
  const bool split = grouping != Grouping::kOne && message.segment("PID", 1).exists();
  Parts found;
  if (!split) found.parts.emplace_back();
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto segment = message.at(i);
    if (split && segment.name() == "PID") found.parts.emplace_back();
    Segments* const place =
        found.parts.empty() ? PlaceBeforePid(found, segment.name()) : &found.parts.back();
    if (place == nullptr) {
      return base::Error{base::ErrorId::kMessageInvalid, segment.place(),
                         "of several patients send each one's segments behind their PID"};
    }
    place->push_back(segment);
  }
  if (split && grouping == Grouping::kMerges) {
    if (auto checked = CheckMerges(found.parts); !checked) return checked.error();
  }
  return found;
}

std::string PlaceAmongSeveral(std::string place) {
  constexpr std::size_t kName = 3;
  if (place.size() == kName || (place.size() > kName && place[kName] == '-')) {
    place.insert(kName, "[1]");
  }
  return place;
}

}  // namespace milecastle::acute

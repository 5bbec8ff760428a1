// The headings and elements of PRSB's standards, and what becomes of each. For prsb/ alone.
//
// Thread-safety: constants. Failure: none.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "record/entry.h"

namespace milecastle::prsb {

// Small letters and digits alone.
std::string Plain(std::string_view name);

struct Heading {
  std::string_view name;  // plain; where it stands in the record is record/headings.h's
  record::Kind kind;
  std::string_view title;                // what an entry is called that says nothing else
  std::array<std::string_view, 2> what;  // plain: the elements that say what it is
};
const Heading* HeadingOf(std::string_view name);
record::Section SectionOf(const Heading& heading);

enum class Role : std::uint8_t {
  kBegan = 1,
  kEnded,
  kActive,
  kFreeText,
  kLocation,
  kPerformer,
  kContactName,
  kRelationship,
  kContactDetails,
  kWorkerRisk,    // an alert of its own
  kOthersNumber,  // an identifier of somebody else
  kDetail,
};
struct ElementName {
  std::string_view name;  // plain
  Role role = Role::kDetail;
  std::string_view title;  // as the standard writes it
};
// Nothing where no standard has it.
const ElementName* ElementOf(std::string_view name);

// Groups whose name says what their entry is about: "mentalcapacityassessment".
std::string_view TitleOfGroup(std::string_view name);

}  // namespace milecastle::prsb

// One part of a message at a time: what a part brings is seen by reading the message without it.
//
// Thread-safety: pure. Failure: what is no message of its format has no parts.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace milecastle::fidelity {

using Path = std::vector<std::string>;

struct Part {
  std::string_view whole;  // the message, written as the others are
  std::string group;       // a segment, a resource's type, a heading; empty where there is none
  Path path;               // within the group, positions folded: {"reaction", "severity"}
  std::string owner;       // which segment, resource or element of the group it stands in
  std::string value;
  std::vector<std::string> places;  // as an adapter may list it: "OBX[2]-5", "entry[3].resource.id"
  bool is_sum_of_parts = false;     // it says something only where it has an effect
  std::function<std::string(std::string_view)> with;  // the message with this word in its place
};
using OnPart = std::function<void(const Part&)>;
using EachPart = void (*)(const std::string& message, const OnPart& on_part);

void EachComponent(const std::string& message, const OnPart& on_part);  // of HL7 v2
void EachElement(const std::string& message, const OnPart& on_part);    // of FHIR JSON: its values
void EachHeading(const std::string& message, const OnPart& on_part);    // of PRSB JSON: its values
void EachNode(const std::string& message, const OnPart& on_part);  // of CDA: attributes and texts
void EachCell(const std::string& file, const OnPart& on_part);  // of CSV: cells and whole columns

}  // namespace milecastle::fidelity

// PRSB information standards as JSON: one person's information under the standards' own headings
// and element names, as a council's or a charity's system sends it.
//
// PRSB publishes its standards as models (headings, groups, elements), and no serialisation. The
// one read here is the plainest: the model's names as members, a group as an object, one that
// repeats as an array, a coded element as {"Coded value": {"system", "code", "display"}, "Free
// text"}, dates as ISO 8601. Names are compared without regard to capitals, spaces and punctuation:
// "Person demographics", "person_demographics" and "personDemographics" are one heading.
//
//   {"Standard": "Local authority information", "Version": "1.1",
//    "Local authority": {"Organisation code": "ZL1"},
//    "Person demographics": {"NHS number": "…", "Date of birth": "1962-07-13", …},
//    "Alerts": {"Alerts record entry": [{"Alert": "…"}]}, …}
//
// Which headings there are, under which sections their entries stand, and what each element is,
// are the tables of headings.cc. A heading, group or element that stands in none of them is listed
// as not carried. A heading that is there says all that its sender has under it: what came before
// is no longer current, and where it is empty, nothing is recorded. Nothing is said of a heading
// that is not there.
//
// Thread-safety: pure. Failure: in the Reading; Errors name places, and no value.
#pragma once

#include <span>
#include <string_view>

#include "port/adapter.h"

namespace milecastle::prsb {

struct Standard {
  std::string_view name;             // as "Standard" says it: "Local authority information"
  std::string_view event;            // of the envelope: "prsb-local-authority"
  std::string_view source;           // the heading whose "Organisation code" names the sender
  std::string_view source_field;     // by which a mapping names that code: "LA_Code"
  std::string_view identifier_type;  // of "Other identifier": "LA"
};

port::Reading ReadMessage(std::string_view json, const port::Feed& feed,
                          std::span<const Standard> standards);

// Whether it may be one: what begins as a JSON object does.
bool LooksLikeOne(std::string_view bytes);

}  // namespace milecastle::prsb
